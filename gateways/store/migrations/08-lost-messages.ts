/** Adds what a hub took of ours that a store put back does not hold. */
export const lostMessages = `
  -- What a hub took of ours and this store does not hold, because it was put back from a copy. The tag is what the
  -- Idempotency-Key decides of an id, under a secret that every copy of the store has.
  CREATE TABLE lost_message (
    id BLOB PRIMARY KEY,
    tag BLOB NOT NULL,
    taken_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lost_message_tag ON lost_message (tag);
  INSERT INTO setting (name, value) VALUES ('ids.secret', lower(hex(randomblob(32))));
  `;
