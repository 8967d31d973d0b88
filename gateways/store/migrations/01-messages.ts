/** What a store begins with: settings, messages, channels, publications, receipts, slip chains, answers. */
export const messages = `
  CREATE TABLE setting (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

  -- Every message, ours (box 'out') and others' ('in'), newest last. raw is the encoded Message; of a
  -- quarantined one the whole publication as it came, and digest the publication's.
  CREATE TABLE message (
    seq INTEGER PRIMARY KEY,
    box TEXT NOT NULL,
    id BLOB NOT NULL,
    originator TEXT NOT NULL,
    digest BLOB NOT NULL,
    type TEXT NOT NULL,
    crimes TEXT NOT NULL,
    recs TEXT NOT NULL,
    handling TEXT NOT NULL,
    urgency TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    code TEXT,
    audience TEXT NOT NULL,
    subject TEXT,
    raw BLOB NOT NULL,
    parts BLOB
  ) STRICT;
  CREATE UNIQUE INDEX message_once ON message (box, originator, id) WHERE state <> 'QUARANTINED';
  CREATE UNIQUE INDEX quarantine_once ON message (digest) WHERE state = 'QUARANTINED';
  CREATE INDEX message_id ON message (id);
  CREATE INDEX message_box ON message (box, seq);
  CREATE INDEX message_state ON message (box, state, seq);
  CREATE INDEX message_type ON message (box, type, seq);
  CREATE INDEX message_open ON message (expires_at) WHERE box = 'out' AND state IN ('QUEUED', 'ACCEPTED');

  -- Where each of our channels stands; voided holds refused numbers that no slip has told yet.
  CREATE TABLE out_channel (
    channel TEXT PRIMARY KEY,
    series INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    digest BLOB NOT NULL,
    voided TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- One message on one channel, with its slip. state: WAITING, ACCEPTED, REFUSED, EXPIRED.
  CREATE TABLE publication (
    seq INTEGER PRIMARY KEY,
    message INTEGER NOT NULL REFERENCES message (seq),
    channel TEXT NOT NULL,
    series INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    slip BLOB NOT NULL,
    slip_signature TEXT NOT NULL,
    slip_digest BLOB NOT NULL,
    digest BLOB NOT NULL,
    rank INTEGER NOT NULL,
    stream TEXT NOT NULL,
    state TEXT NOT NULL,
    instance TEXT,
    stream_sequence INTEGER,
    UNIQUE (channel, series, sequence)
  ) STRICT;
  CREATE INDEX publication_waiting ON publication (rank DESC, seq) WHERE state = 'WAITING';
  CREATE INDEX publication_digest ON publication (digest);
  CREATE INDEX publication_message ON publication (message);
  CREATE INDEX publication_stream ON publication (stream, stream_sequence) WHERE state = 'ACCEPTED';

  -- Who is to hold each of our messages, and when a receipt of his said so.
  CREATE TABLE delivery (
    message INTEGER NOT NULL REFERENCES message (seq),
    reader TEXT NOT NULL,
    held_at INTEGER,
    PRIMARY KEY (message, reader)
  ) STRICT, WITHOUT ROWID;

  -- Signed receipts as they came, and what each said of a message.
  CREATE TABLE receipt (
    seq INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    issuer TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    raw BLOB NOT NULL
  ) STRICT;
  CREATE TABLE rung (
    message INTEGER NOT NULL REFERENCES message (seq),
    kind TEXT NOT NULL,
    issuer TEXT NOT NULL,
    channel TEXT NOT NULL,
    at INTEGER NOT NULL,
    code TEXT,
    detail TEXT,
    stream TEXT,
    sequence INTEGER,
    receipt INTEGER NOT NULL REFERENCES receipt (seq),
    PRIMARY KEY (message, kind, issuer, channel)
  ) STRICT, WITHOUT ROWID;

  -- The last held line of each reader in each of our channels; settled: nothing is open up to there.
  CREATE TABLE held_by (
    reader TEXT NOT NULL,
    channel TEXT NOT NULL,
    series INTEGER NOT NULL,
    first INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    PRIMARY KEY (reader, channel, series)
  ) STRICT, WITHOUT ROWID;

  -- What we hold of others' channels, and each slip in them.
  CREATE TABLE chain (
    seq INTEGER PRIMARY KEY,
    originator TEXT NOT NULL,
    channel TEXT NOT NULL,
    series INTEGER NOT NULL,
    first INTEGER NOT NULL,
    highest INTEGER NOT NULL,
    digest BLOB NOT NULL,
    missing TEXT NOT NULL,
    voided TEXT NOT NULL,
    broken INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (originator, channel, series)
  ) STRICT;
  CREATE INDEX chain_changed ON chain (changed_at);
  CREATE TABLE slip (
    chain INTEGER NOT NULL REFERENCES chain (seq),
    sequence INTEGER NOT NULL,
    digest BLOB NOT NULL,
    previous BLOB,
    PRIMARY KEY (chain, sequence)
  ) STRICT, WITHOUT ROWID;

  -- Answers given to submissions, so that the same one sent twice is stored once.
  CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    message INTEGER NOT NULL REFERENCES message (seq)
  ) STRICT, WITHOUT ROWID;
  `;
