/** Adds the keys of feed messages: ours, those held, those asked for. */
export const audienceKeys = `
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
  `;
