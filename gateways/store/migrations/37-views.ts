/** Adds the lists that people keep under a name. */
export const views = `
  CREATE TABLE saved_view (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    shared INTEGER NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    changed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX saved_view_owner ON saved_view (owner);
  `;
