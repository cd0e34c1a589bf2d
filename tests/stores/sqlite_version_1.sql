-- A database of version 1, as the first release made it, with one message in it.
CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    conversation TEXT,
    body TEXT NOT NULL
);
CREATE INDEX event_of ON event (conversation);
CREATE TABLE conversation (
    id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    brand TEXT,
    customer_id TEXT,
    state TEXT NOT NULL,
    channel TEXT,
    opened_at INTEGER,
    last_at INTEGER,
    waiting_since INTEGER,
    turn_at INTEGER,
    priority TEXT,
    prioritised INTEGER NOT NULL,
    resolved_at INTEGER,
    reopened INTEGER NOT NULL,
    agent_id TEXT,
    team_id TEXT,
    category TEXT,
    subcategory TEXT,
    tags TEXT NOT NULL,
    messages INTEGER NOT NULL,
    given INTEGER NOT NULL,
    previous_id TEXT,
    merged_into TEXT,
    apart TEXT NOT NULL,
    absorbed TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX queue ON conversation (turn_at, id) WHERE turn_at IS NOT NULL AND merged_into IS NULL;
CREATE INDEX noise ON conversation (waiting_since, id)
WHERE waiting_since IS NOT NULL AND turn_at IS NULL AND merged_into IS NULL;
CREATE INDEX queue_of_brand ON conversation (brand, turn_at, id) WHERE turn_at IS NOT NULL AND merged_into IS NULL;
CREATE INDEX queue_of_channel ON conversation (channel, turn_at, id) WHERE turn_at IS NOT NULL AND merged_into IS NULL;
CREATE INDEX queue_of_agent ON conversation (agent_id, turn_at, id) WHERE turn_at IS NOT NULL AND merged_into IS NULL;
CREATE INDEX queue_of_team ON conversation (team_id, turn_at, id) WHERE turn_at IS NOT NULL AND merged_into IS NULL;
CREATE INDEX queue_of_category ON conversation (category, turn_at, id)
WHERE turn_at IS NOT NULL AND merged_into IS NULL AND category IS NOT NULL;
CREATE INDEX queue_of_tags ON conversation (turn_at, id)
WHERE turn_at IS NOT NULL AND merged_into IS NULL AND tags <> '[]';
CREATE INDEX history ON conversation (customer_id, brand, last_at DESC, id)
WHERE customer_id IS NOT NULL AND merged_into IS NULL;
CREATE TABLE customer (
    id TEXT NOT NULL,
    brand NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id, brand)
) WITHOUT ROWID;
CREATE TABLE message (
    number INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    id TEXT NOT NULL,
    conversation TEXT,
    brand TEXT,
    customer_id TEXT,
    handle_id TEXT,
    second INTEGER,
    outbound INTEGER NOT NULL,
    note INTEGER NOT NULL,
    private INTEGER NOT NULL,
    in_reply_to TEXT,
    given TEXT,
    anchored INTEGER NOT NULL,
    digest TEXT NOT NULL,
    deleted INTEGER NOT NULL,
    UNIQUE (id, channel)
);
CREATE INDEX message_of ON message (customer_id, brand, second, note)
WHERE customer_id IS NOT NULL AND second IS NOT NULL;
CREATE INDEX message_answering ON message (in_reply_to, channel)
WHERE in_reply_to IS NOT NULL;
CREATE INDEX message_sent ON message (second DESC, channel, id) WHERE second IS NOT NULL;
CREATE TABLE searched (
    message INTEGER PRIMARY KEY REFERENCES message (number) ON DELETE CASCADE,
    words TEXT NOT NULL
);
CREATE VIRTUAL TABLE word USING fts5 (
    words, content = 'searched', content_rowid = 'message',
    tokenize = "ascii tokenchars '_'", detail = none, columnsize = 0
);
CREATE TRIGGER searched_added AFTER INSERT ON searched BEGIN
    INSERT INTO word (rowid, words) VALUES (new.message, new.words);
END;
CREATE TRIGGER searched_removed AFTER DELETE ON searched BEGIN
    INSERT INTO word (word, rowid, words) VALUES ('delete', old.message, old.words);
END;
CREATE TRIGGER searched_changed AFTER UPDATE ON searched BEGIN
    INSERT INTO word (word, rowid, words) VALUES ('delete', old.message, old.words);
    INSERT INTO word (rowid, words) VALUES (new.message, new.words);
END;
CREATE TABLE link (
    channel TEXT NOT NULL,
    handle_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    PRIMARY KEY (channel, handle_id)
) WITHOUT ROWID;
CREATE INDEX link_of ON link (customer_id);
CREATE TABLE outbox (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    target TEXT NOT NULL,
    lane TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    conversation TEXT,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until INTEGER,
    said TEXT
);
CREATE INDEX outbox_lane ON outbox (lane, number) WHERE state IN ('pending', 'claimed');
CREATE INDEX outbox_free ON outbox (coalesce(lease_until, due_at), number)
WHERE state IN ('pending', 'claimed');
CREATE INDEX outbox_state ON outbox (state, number) WHERE state <> 'sent';
CREATE TABLE cursor (channel TEXT NOT NULL PRIMARY KEY, cursor TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO event VALUES (1, 'c1', '{"type":"message_received","version":1,"conversation":"c1","at":"2026-03-02T09:00:00.250001+00:00","by":{"id":"anna","roles":["agent"],"address":"192.0.2.1"},"message":{"id":"m1","sent_at":"2026-03-02T09:00:00.250001+00:00","direction":"inbound","author":{"role":"customer","id":"ada"},"customer_id":"ada","channel":"x","text":"Where is my parcel m1?"}}');
INSERT INTO conversation VALUES ('c1', 1, NULL, 'ada', 'new', 'x', 1772442000250001, 1772442000250001, 1772442000250001, 1772442000250001, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, '[]', 1, 0, NULL, NULL, '[]', '[]');
INSERT INTO customer VALUES ('ada', x'', 1);
INSERT INTO message VALUES (1, 'x', 'm1', 'c1', NULL, 'ada', 'ada', 1772442000, 0, 0, 0, NULL, NULL, 0, 'digest of m1', 0);
INSERT INTO searched VALUES (1, 'where is my parcel m1');
PRAGMA application_id = 1397703489;
PRAGMA user_version = 1;
