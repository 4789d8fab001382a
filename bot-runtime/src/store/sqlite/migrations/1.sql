-- Times are nanoseconds since 1970, UTC. Texts of customers stand in: states, inbox, messages, events, outbox.work, tickets.ticket.

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    peer TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0,
    owner TEXT NOT NULL DEFAULT 'bot',
    active INTEGER NOT NULL,
    -- The first item of the inbox: what is ready is found without a look at what else waits.
    head INTEGER,
    UNIQUE (channel, peer)
);
CREATE INDEX conversations_ready ON conversations (head) WHERE head IS NOT NULL;
CREATE INDEX conversations_active ON conversations (active);

-- Apart from conversations, which change more often and are small.
CREATE TABLE states (
    conversation INTEGER PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
    -- What was put into the inbox last.
    customer TEXT,
    -- NULL: at its beginning.
    tracker TEXT
);

-- The keys of what came in, kept after conversations are gone.
CREATE TABLE arrivals (
    channel TEXT NOT NULL,
    key TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    PRIMARY KEY (channel, key)
) WITHOUT ROWID;
CREATE INDEX arrivals_stored ON arrivals (stored);

-- Only what waits.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    at INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    input TEXT NOT NULL
);
CREATE INDEX inbox_conversation ON inbox (conversation);

-- The customer's messages, to match edits with.
CREATE TABLE messages (
    -- The item of the inbox that it was.
    item INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    stored INTEGER NOT NULL,
    -- NULL: the platform can't tell it, or it is taken back; it still is newer than those before it.
    message TEXT,
    text TEXT NOT NULL
);
CREATE INDEX messages_conversation ON messages (conversation, message);
CREATE INDEX messages_stored ON messages (stored);

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    at INTEGER NOT NULL,
    event TEXT NOT NULL
);
CREATE INDEX events_conversation ON events (conversation);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    route TEXT NOT NULL,
    -- 0 behind another one, 1 the first and free, 2 being sent, 3 sent, 4 failed.
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    in_doubt INTEGER NOT NULL DEFAULT 0,
    due INTEGER NOT NULL,
    worker TEXT,
    settled INTEGER,
    -- The platform's id of the message.
    message TEXT,
    reason TEXT,
    -- NULL: settled.
    work TEXT
);
CREATE INDEX outbox_conversation ON outbox (conversation);
CREATE INDEX outbox_waiting ON outbox (conversation, route) WHERE state < 3;
CREATE INDEX outbox_free ON outbox (route, due) WHERE state = 1;
CREATE INDEX outbox_taken ON outbox (worker) WHERE state = 2;
CREATE INDEX outbox_settled ON outbox (settled) WHERE state > 2;

CREATE TABLE timers (
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    timer INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (conversation, timer)
) WITHOUT ROWID;
CREATE INDEX timers_at ON timers (at);

CREATE TABLE tickets (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    team TEXT NOT NULL,
    priority INTEGER NOT NULL,
    owner TEXT NOT NULL,
    agent TEXT,
    announced INTEGER NOT NULL,
    closed INTEGER,
    stars INTEGER,
    ticket TEXT NOT NULL
);
CREATE INDEX tickets_conversation ON tickets (conversation);
CREATE INDEX tickets_open ON tickets (priority DESC, number) WHERE closed IS NULL;

CREATE TABLE workers (
    worker TEXT PRIMARY KEY,
    counter INTEGER NOT NULL
) WITHOUT ROWID;
