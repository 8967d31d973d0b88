/** Adds the words on sealing keys. */
export const sealingPins = `
  -- Every word on every sealing key of others; the last one on a key counts. who is empty when we judged.
  CREATE TABLE sealing_pin (
    seq INTEGER PRIMARY KEY,
    agency TEXT NOT NULL,
    thumbprint BLOB NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    who TEXT
  ) STRICT;
  `;
