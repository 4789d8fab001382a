-- Platforms with threads, files and long messages. Texts of customers stand in: threads.state, unread.raw.

-- The message that an item is: at the customer's, or at a desk.
ALTER TABLE inbox ADD COLUMN message TEXT;
ALTER TABLE inbox ADD COLUMN desk TEXT;
ALTER TABLE inbox ADD COLUMN quotes TEXT;
UPDATE inbox SET message = (SELECT messages.message FROM messages WHERE messages.item = inbox.id);

-- The event that is delivered; NULL: none, or it is called and not delivered.
ALTER TABLE outbox ADD COLUMN event INTEGER;
-- How many parts are delivered.
ALTER TABLE outbox ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_event ON outbox (conversation, event) WHERE event IS NOT NULL;

-- The messages on platforms that an event is.
CREATE TABLE twins (
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    event INTEGER NOT NULL,
    -- Counts those of the event.
    number INTEGER NOT NULL,
    -- NULL: at the customer's.
    desk TEXT,
    message TEXT NOT NULL,
    quotes TEXT,
    PRIMARY KEY (conversation, event, number)
) WITHOUT ROWID;
CREATE INDEX twins_message ON twins (conversation, message);

-- Where desks show conversations. They outlive them, until the desk has erased what stands there.
CREATE TABLE threads (
    desk TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    room TEXT NOT NULL,
    thread TEXT,
    shown INTEGER NOT NULL,
    -- What stands there is to be erased, and of the state nothing is left.
    stale INTEGER NOT NULL,
    state TEXT,
    PRIMARY KEY (desk, conversation)
) WITHOUT ROWID;
CREATE INDEX threads_conversation ON threads (conversation);
CREATE INDEX threads_place ON threads (desk, room, thread);
CREATE INDEX threads_stale ON threads (desk) WHERE stale;

CREATE TABLE memos (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (owner, name)
) WITHOUT ROWID;

-- Arrivals that can't be read; their keys stand in arrivals, with conversation 0.
CREATE TABLE unread (
    channel TEXT NOT NULL,
    key TEXT NOT NULL,
    stored INTEGER NOT NULL,
    raw TEXT NOT NULL,
    PRIMARY KEY (channel, key)
) WITHOUT ROWID;
CREATE INDEX unread_stored ON unread (stored);
