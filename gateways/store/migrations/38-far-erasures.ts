/**
 * Adds what erases a relayed message at the hub beyond. `far_erasure`: what we asked of our own, and what that hub answered.
 * `relayed_erasure`: what senders ask of us as their relay, until the hub answered and its sender was told. And when that hub
 * accepted what we relay: what it holds is not refused by us any more.
 */
export const farErasures = `
  CREATE TABLE far_erasure (
    target BLOB NOT NULL,
    channel TEXT NOT NULL,
    hub TEXT NOT NULL,
    relay TEXT NOT NULL,
    digest BLOB NOT NULL,
    asked_at INTEGER NOT NULL,
    -- of the answer
    stream TEXT,
    sequence INTEGER,
    at INTEGER,
    receipt INTEGER,
    PRIMARY KEY (target, channel)
  ) STRICT;
  CREATE TABLE relayed_erasure (
    seq INTEGER PRIMARY KEY,
    sender TEXT NOT NULL,
    from_hub TEXT NOT NULL,
    to_hub TEXT NOT NULL,
    message_id BLOB NOT NULL,
    envelope_digest BLOB NOT NULL,
    channel TEXT NOT NULL,
    word BLOB NOT NULL,
    answer BLOB,
    told INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (sender, to_hub, message_id, channel)
  ) STRICT;
  CREATE INDEX relayed_erasure_open ON relayed_erasure (to_hub, seq) WHERE answer IS NULL;
  CREATE INDEX relayed_erasure_untold ON relayed_erasure (from_hub, seq) WHERE answer IS NOT NULL AND told = 0;
  CREATE INDEX relayed_erasure_message ON relayed_erasure (envelope_digest);
  ALTER TABLE relayed_mail ADD COLUMN accepted_at INTEGER;
  UPDATE relayed_mail SET accepted_at = taken_at WHERE state = 'ACCEPTED';
  CREATE INDEX relayed_mail_slip ON relayed_mail (channel, series, sequence);
  `;
