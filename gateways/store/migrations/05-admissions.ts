/** Adds when a hub took what was signed by a key revoked since. */
export const admissions = `
  -- When a hub took a message whose signer's certificate was revoked since, by its signed receipt.
  CREATE TABLE admission (
    digest BLOB NOT NULL,
    channel TEXT NOT NULL,
    admitted_at INTEGER NOT NULL,
    receipt BLOB NOT NULL,
    PRIMARY KEY (digest, channel)
  ) STRICT, WITHOUT ROWID;
  `;
