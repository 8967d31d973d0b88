/** Adds the deadlines that passed. */
export const breaches = `
  -- Without a reference to messages: that a deadline passed stays on record when they are erased. \`told\` is what was told of
  -- it already, once and never again; \`stands\` is 0 for what turned out to have been sent in time.
  CREATE TABLE matter_breach (
    thread BLOB NOT NULL,
    opening TEXT NOT NULL,
    other TEXT NOT NULL,
    workflow TEXT NOT NULL,
    closing TEXT NOT NULL,
    agency TEXT NOT NULL,
    by_at INTEGER NOT NULL,
    opener TEXT NOT NULL,
    ended_at INTEGER,
    escalated_at INTEGER,
    told INTEGER NOT NULL,
    stands INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (thread, opening, other, workflow, closing, agency, by_at)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX matter_breach_by ON matter_breach (by_at);
  CREATE INDEX matter_breach_open ON matter_breach (agency) WHERE ended_at IS NULL AND stands = 1;

  -- When a thread is looked at again though no message came.
  CREATE TABLE breach_look (thread BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX breach_look_at ON breach_look (at);
  `;
