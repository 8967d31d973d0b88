/** Adds what of files is taken back, which order of ours passes on whose, and by which kind of order a body outside undid a use. */
export const recallRest = `
  -- Chunks of files of ours that the hub is to keep no more; due_at is when it is asked (again), gone_at when it had none first.
  CREATE TABLE chunk_erasure (
    digest BLOB PRIMARY KEY,
    target BLOB NOT NULL,
    due_at INTEGER,
    gone_at INTEGER,
    confirmed INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX chunk_erasure_due ON chunk_erasure (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX chunk_erasure_target ON chunk_erasure (target);
  -- Files that were taken back of messages that stay.
  CREATE TABLE file_erasure (
    message BLOB NOT NULL,
    digest BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (message, digest)
  ) STRICT, WITHOUT ROWID;
  -- Orders of ours that pass on an order of somebody whose message we gave on.
  CREATE TABLE recall_onward (
    message INTEGER PRIMARY KEY REFERENCES message (seq) ON DELETE CASCADE,
    cause INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX recall_onward_cause ON recall_onward (cause);
  -- A use that was mended outside is not yet deleted there.
  DROP TABLE recall_outside;
  CREATE TABLE recall_outside (
    use INTEGER NOT NULL,
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    who TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (use, kind)
  ) STRICT, WITHOUT ROWID;
  `;
