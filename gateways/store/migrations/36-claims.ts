/** Adds which person has which message in hand, and how shifts were handed over. */
export const claims = `
  -- One of each message; past its time it stands for nothing. taken_from and reason: of one that was taken over.
  CREATE TABLE claim (
    message TEXT PRIMARY KEY,
    who TEXT NOT NULL,
    name TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    taken_from TEXT,
    reason TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX claim_until ON claim (until);

  -- content: ids and numbers as they stood then, and the words of who handed over; nothing of any message.
  CREATE TABLE handover (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    giver TEXT NOT NULL,
    giver_name TEXT NOT NULL,
    content TEXT NOT NULL,
    taker TEXT,
    taker_name TEXT,
    taken_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX handover_at ON handover (at);
  `;
