/** Adds what owners order of their messages, how long messages are kept, who may keep them longer, and what was erased. */
export const recall = `
  -- What owners order of messages of theirs, ours and others', a line for each message. trouble: why it goes no further now.
  CREATE TABLE recall_order (
    message INTEGER NOT NULL REFERENCES message (seq) ON DELETE CASCADE,
    target BLOB NOT NULL,
    originator TEXT NOT NULL,
    box TEXT NOT NULL,
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    reason TEXT NOT NULL,
    due_at INTEGER,
    state TEXT NOT NULL,
    told TEXT,
    trouble TEXT,
    PRIMARY KEY (message, target)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX recall_order_target ON recall_order (target, originator);
  CREATE INDEX recall_order_open ON recall_order (box, kind, state, message);
  -- Holders whom an order could not be written to, and why; and uses outside the network that somebody said are undone.
  CREATE TABLE recall_unreached (
    target BLOB NOT NULL,
    holder TEXT NOT NULL,
    code TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (target, holder)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE recall_outside (
    use INTEGER PRIMARY KEY,
    ref TEXT NOT NULL,
    who TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;

  -- Until when each message is kept, and when somebody looks again.
  CREATE TABLE retention (
    message INTEGER PRIMARY KEY REFERENCES message (seq) ON DELETE CASCADE,
    review_at INTEGER,
    delete_at INTEGER NOT NULL,
    keep TEXT NOT NULL
  ) STRICT;
  CREATE INDEX retention_delete ON retention (delete_at);
  CREATE INDEX retention_review ON retention (review_at) WHERE review_at IS NOT NULL;

  -- Orders of authorities that a message is kept, whoever takes it back.
  CREATE TABLE legal_hold (
    id TEXT PRIMARY KEY,
    target BLOB NOT NULL,
    ref TEXT NOT NULL,
    country TEXT NOT NULL,
    ground TEXT NOT NULL,
    until_at INTEGER NOT NULL,
    set_by TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    confirmed_by TEXT,
    lifted_by TEXT,
    lifted_at INTEGER,
    lift_ground TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX legal_hold_target ON legal_hold (target);

  -- What was erased here and at the hub: ids and digests, nothing of what it said.
  CREATE TABLE erasure (
    seq INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    target BLOB NOT NULL,
    originator TEXT NOT NULL,
    box TEXT NOT NULL,
    digest BLOB NOT NULL,
    why TEXT NOT NULL,
    by_order BLOB,
    files INTEGER NOT NULL,
    drafts INTEGER NOT NULL,
    at INTEGER NOT NULL,
    evidence BLOB NOT NULL
  ) STRICT;
  CREATE INDEX erasure_target ON erasure (target, originator);
  CREATE TABLE hub_erasure (
    target BLOB NOT NULL,
    channel TEXT NOT NULL,
    stream TEXT NOT NULL,
    sequence INTEGER,
    at INTEGER NOT NULL,
    receipt INTEGER NOT NULL REFERENCES receipt (seq),
    PRIMARY KEY (target, channel)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lookup_key_message ON lookup_key (message);
  CREATE INDEX attachment_use_message ON attachment_use (message);
  `;
