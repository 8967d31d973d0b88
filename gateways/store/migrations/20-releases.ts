/** Adds what waits for a second officer before it is sent. */
export const releases = `
  -- One submission each; a key stands for the last that was handed in under it. state: WAITING, RELEASED, RETURNED, WITHDRAWN,
  -- EXPIRED. The content of what was sent or withdrawn is empty.
  CREATE TABLE release_item (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    maker TEXT NOT NULL,
    writers TEXT NOT NULL,
    digest BLOB NOT NULL,
    content TEXT NOT NULL,
    readable TEXT NOT NULL,
    filled BLOB NOT NULL,
    audience TEXT NOT NULL,
    type TEXT NOT NULL,
    handling TEXT NOT NULL,
    urgency TEXT NOT NULL,
    reasons TEXT NOT NULL,
    state TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    decided_by TEXT,
    decided_at INTEGER,
    reason TEXT,
    message TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX release_item_state ON release_item (state, ends_at);
  `;
