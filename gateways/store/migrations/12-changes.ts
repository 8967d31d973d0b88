/** Adds what became of messages, and who is called of it. */
export const changes = `
  -- What became of messages, in the order it did, so that who follows it can ask from any place on; cut from the front, never
  -- the newest. The key is what places are written outside under.
  CREATE TABLE change (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    message INTEGER NOT NULL,
    id BLOB NOT NULL,
    box TEXT NOT NULL,
    handling TEXT NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  INSERT INTO setting (name, value) VALUES ('changes.key', lower(hex(randomblob(16))));

  -- Who is told of changes by a call of ours: up to where each was told, and how its last tries went. The secret signs; the
  -- one before it signs beside it until its end.
  CREATE TABLE webhook (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    url TEXT NOT NULL,
    wish TEXT NOT NULL,
    handling TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    secret TEXT NOT NULL,
    old_secret TEXT,
    old_until INTEGER,
    position INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    failing_since INTEGER,
    next_at INTEGER NOT NULL,
    made_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX webhook_due ON webhook (state, next_at);
  CREATE TABLE webhook_attempt (
    seq INTEGER PRIMARY KEY,
    webhook TEXT NOT NULL,
    event TEXT NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER,
    ms INTEGER NOT NULL,
    code TEXT
  ) STRICT;
  CREATE INDEX webhook_attempt_of ON webhook_attempt (webhook, seq);
  `;
