/** Adds people, machines, their sessions and proofs. */
export const people = `
  -- Who may ask at this gateway: people, by passkey or by the agency's identity provider, and machines. Secrets, codes and
  -- sessions stand here as digests only.
  CREATE TABLE person (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    languages TEXT NOT NULL,
    roles TEXT NOT NULL,
    handling TEXT NOT NULL,
    purpose TEXT,
    state TEXT NOT NULL,
    issuer TEXT,
    subject TEXT,
    made_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX person_account ON person (issuer, subject) WHERE issuer IS NOT NULL;
  CREATE TABLE invitation (digest BLOB PRIMARY KEY, person TEXT NOT NULL, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE proposal (
    id TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    proposer TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE passkey (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    public_key BLOB NOT NULL,
    counter INTEGER NOT NULL,
    name TEXT NOT NULL,
    transports TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    suspect INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passkey_person ON passkey (person);
  CREATE TABLE session (
    digest BLOB PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL,
    way TEXT NOT NULL,
    roles TEXT,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    proved_at INTEGER,
    ends_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_person ON session (person);
  CREATE TABLE machine (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    handling TEXT NOT NULL,
    purpose TEXT,
    addresses TEXT NOT NULL,
    made_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE machine_proof (
    id TEXT PRIMARY KEY,
    machine TEXT NOT NULL,
    kind TEXT NOT NULL,
    value BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX machine_proof_of ON machine_proof (machine);
  CREATE UNIQUE INDEX machine_certificate ON machine_proof (value) WHERE kind = 'CERTIFICATE';
  CREATE TABLE machine_token (
    digest BLOB PRIMARY KEY,
    machine TEXT NOT NULL,
    proof TEXT NOT NULL,
    ends_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX machine_token_of ON machine_token (machine);
  CREATE TABLE assertion_seen (digest BLOB PRIMARY KEY, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `;
