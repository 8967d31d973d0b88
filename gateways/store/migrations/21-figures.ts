/** Adds which messages name which operation, and the tables that are counted at night. */
export const figures = `
  -- Those that open, close or report into an operation, by its number; what else is of it stands in their threads.
  CREATE TABLE operation_step (
    message INTEGER PRIMARY KEY REFERENCES message (seq) ON DELETE CASCADE,
    operation BLOB NOT NULL,
    opens INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX operation_step_operation ON operation_step (operation);

  -- One table of figures of a time; counted anew each night until it is sent.
  CREATE TABLE statistics_table (
    type TEXT NOT NULL,
    period TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    messages INTEGER NOT NULL,
    draft TEXT,
    sent TEXT,
    PRIMARY KEY (type, period)
  ) STRICT, WITHOUT ROWID;
  `;
