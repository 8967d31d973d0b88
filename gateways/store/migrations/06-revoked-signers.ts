/** Adds the signers that stand on a list, and how far their messages were checked again. */
export const revokedSigners = `
  -- Signing certificates that stand on a list, since when they prove nothing, and up to which place (stored_at, seq) the
  -- messages that were proved by them were checked again.
  CREATE TABLE revoked_signer (
    agency TEXT NOT NULL,
    thumbprint BLOB NOT NULL,
    since INTEGER NOT NULL,
    after_at INTEGER NOT NULL,
    after_seq INTEGER NOT NULL,
    done INTEGER NOT NULL,
    PRIMARY KEY (agency, thumbprint)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX message_signer ON message (originator, stored_at)
    WHERE box = 'in' AND state = 'VERIFIED';
  `;
