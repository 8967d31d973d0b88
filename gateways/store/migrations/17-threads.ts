/** Adds which messages stand in which thread, and what is awaited in it. */
export const threads = `
  -- Each message that was proved and opened, or is ours, in the thread it belongs to; with what it followed there.
  CREATE TABLE thread_step (
    message INTEGER PRIMARY KEY REFERENCES message (seq) ON DELETE CASCADE,
    thread BLOB NOT NULL,
    digest BLOB NOT NULL,
    follows TEXT NOT NULL
  ) STRICT;
  CREATE INDEX thread_step_thread ON thread_step (thread);

  -- Threads that changed since their dues were reckoned.
  CREATE TABLE thread_stale (thread BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

  -- What is awaited, of whom and until when; reckoned from the messages, so it may be thrown away at any time.
  CREATE TABLE matter_due (
    thread BLOB NOT NULL,
    opening TEXT NOT NULL,
    other TEXT NOT NULL,
    workflow TEXT NOT NULL,
    state TEXT NOT NULL,
    opener TEXT NOT NULL,
    closing TEXT NOT NULL,
    agency TEXT NOT NULL,
    by_at INTEGER,
    PRIMARY KEY (thread, opening, other, workflow, closing, agency)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX matter_due_by ON matter_due (by_at) WHERE by_at IS NOT NULL;
  `;
