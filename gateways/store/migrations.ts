/**
 * What the store is made of, step by step. A step that was ever released is never changed: the store's
 * `user_version` says how many of them it has been through.
 *
 * Lists of names (crimes, communities, audiences) stand as one text with a space before and after each
 * name, so that a name can be looked for without a table of its own.
 */
export const migrations: readonly string[] = [
  `
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
  `,
  `
  -- Every word on every sealing key of others; the last one on a key counts. who is empty when we judged.
  CREATE TABLE sealing_pin (
    seq INTEGER PRIMARY KEY,
    agency TEXT NOT NULL,
    thumbprint BLOB NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    who TEXT
  ) STRICT;
  `,
  `
  -- What gateways tell each other about keys is carried like any message and shown in no list; what lies in
  -- quarantine is always shown, whatever it calls itself.
  ALTER TABLE message ADD COLUMN system INTEGER
    GENERATED ALWAYS AS (type GLOB 'key.*' AND state <> 'QUARANTINED') VIRTUAL;
  DROP INDEX message_box;
  DROP INDEX message_state;
  CREATE INDEX message_box ON message (box, system, seq);
  CREATE INDEX message_state ON message (box, system, state, seq);

  -- Keys that we seal feed messages with, each shared with the members of one exact audience.
  CREATE TABLE audience_key (
    name TEXT PRIMARY KEY,
    key BLOB NOT NULL,
    audience BLOB NOT NULL,
    members TEXT NOT NULL,
    usable_from INTEGER NOT NULL,
    usable_until INTEGER NOT NULL,
    asked TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    keep_until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX audience_key_current ON audience_key (audience, usable_until);
  CREATE INDEX audience_key_used ON audience_key (used_at);

  -- Keys that others shared with us, and the own keys of single messages that we asked for.
  CREATE TABLE held_key (
    originator TEXT NOT NULL,
    name TEXT NOT NULL,
    key BLOB NOT NULL,
    came_at INTEGER NOT NULL,
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (originator, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE message_key (
    originator TEXT NOT NULL,
    id BLOB NOT NULL,
    key BLOB NOT NULL,
    keep_until INTEGER NOT NULL,
    PRIMARY KEY (originator, id)
  ) STRICT, WITHOUT ROWID;

  -- Publications in quarantine whose key has not come; id is the message's own.
  CREATE TABLE key_wait (
    message INTEGER PRIMARY KEY REFERENCES message (seq) ON DELETE CASCADE,
    originator TEXT NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    crime TEXT NOT NULL,
    since INTEGER NOT NULL,
    next_ask_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX key_wait_name ON key_wait (originator, name);
  CREATE INDEX key_wait_id ON key_wait (originator, id);
  CREATE INDEX key_wait_due ON key_wait (next_ask_at);

  -- Requests for keys that are to be answered, and what was given to whom lately.
  CREATE TABLE key_request (message INTEGER PRIMARY KEY REFERENCES message (seq)) STRICT;
  CREATE TABLE key_given (
    reader TEXT NOT NULL,
    message INTEGER NOT NULL REFERENCES message (seq),
    at INTEGER NOT NULL,
    PRIMARY KEY (reader, message)
  ) STRICT, WITHOUT ROWID;
  `,
  `
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
  `,
  `
  -- When a hub took a message whose signer's certificate was revoked since, by its signed receipt.
  CREATE TABLE admission (
    digest BLOB NOT NULL,
    channel TEXT NOT NULL,
    admitted_at INTEGER NOT NULL,
    receipt BLOB NOT NULL,
    PRIMARY KEY (digest, channel)
  ) STRICT, WITHOUT ROWID;
  `,
  `
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
  `,
];
