/** Adds messages kept from states or agencies. */
export const keptFrom = `
  -- Messages that are kept from some states or agencies, and their threads: what refers to one is kept from them too.
  CREATE TABLE kept_from (
    id BLOB NOT NULL,
    originator TEXT NOT NULL,
    thread BLOB,
    states TEXT NOT NULL,
    agencies TEXT NOT NULL,
    PRIMARY KEY (id, originator)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX kept_from_thread ON kept_from (thread) WHERE thread IS NOT NULL;
  `;
