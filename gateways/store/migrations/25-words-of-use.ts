/** Adds who accepted by which words a message may be used, and which messages wait for that. */
export const wordsOfUse = `
  -- Without a reference to messages: that somebody accepted stays on record when they are erased.
  CREATE TABLE words_accepted (
    id BLOB NOT NULL,
    originator TEXT NOT NULL,
    digest BLOB NOT NULL,
    who TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (id, originator, digest)
  ) STRICT, WITHOUT ROWID;

  -- \`until\`: from then on its words are none that are to be accepted.
  CREATE TABLE words_wait (
    message INTEGER PRIMARY KEY REFERENCES message (seq) ON DELETE CASCADE,
    until INTEGER
  ) STRICT;
  INSERT INTO words_wait (message) SELECT seq FROM message WHERE box = 'in' AND system = 0 AND handling = 'H3';
  `;
