-- Conversations of one customer on several channels.

-- The conversation that this one has become a part of. Its own address is empty then.
ALTER TABLE conversations ADD COLUMN linked INTEGER;
CREATE INDEX conversations_linked ON conversations (linked) WHERE linked IS NOT NULL;

-- All addresses of conversations that have several; the one at which the customer has written last stands in conversations, too.
CREATE TABLE addresses (
    channel TEXT NOT NULL,
    peer TEXT NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    PRIMARY KEY (channel, peer)
) WITHOUT ROWID;
CREATE UNIQUE INDEX addresses_conversation ON addresses (conversation, channel);

-- Codes that were given and not used, hashed.
CREATE TABLE links (
    hash TEXT PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX links_conversation ON links (conversation);
CREATE INDEX links_until ON links (until);
