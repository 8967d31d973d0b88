/** Adds what became of an export when it was read, and the digest of what was given to the audit record. */
export const exportsGiven = `
  ALTER TABLE export ADD COLUMN given TEXT;
  ALTER TABLE audit ADD COLUMN digest TEXT NOT NULL DEFAULT '';
  `;
