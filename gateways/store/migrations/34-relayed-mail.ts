/**
 * Adds the mail of others that we take from one hub to another: as it was found, with our statement beside, until its reader
 * holds it. After that, until the copy at the hub is gone, only what stood outside: what comes again is known by it.
 */
export const relayedMail = `
  CREATE TABLE relayed_mail (
    seq INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    from_hub TEXT NOT NULL,
    to_hub TEXT NOT NULL,
    agreement TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    handling TEXT NOT NULL,
    channel TEXT NOT NULL,
    series INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    message_id BLOB NOT NULL,
    envelope_digest BLOB NOT NULL,
    sent_digest BLOB,
    bytes BLOB,
    -- WAITING, ACCEPTED by the other hub, DONE: held by its reader, refused or given up
    state TEXT NOT NULL,
    code TEXT,
    taken_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    told INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX relayed_mail_waiting ON relayed_mail (to_hub, seq) WHERE state = 'WAITING';
  CREATE INDEX relayed_mail_untold ON relayed_mail (from_hub, seq) WHERE told = 0;
  CREATE INDEX relayed_mail_open ON relayed_mail (channel, series, sequence) WHERE state <> 'DONE';
  CREATE INDEX relayed_mail_message ON relayed_mail (envelope_digest);
  CREATE INDEX relayed_mail_sent ON relayed_mail (sent_digest);
  CREATE INDEX relayed_mail_end ON relayed_mail (expires_at);
  `;
