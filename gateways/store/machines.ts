import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** A system of this agency that may ask. */
export interface MachineRow {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly handling: string;
  readonly purpose?: string | undefined;
  /** From where it may ask; from anywhere when empty. */
  readonly addresses: readonly string[];
  readonly madeAt: EpochMs;
}

/** One thing by which a machine proves that it is itself. */
export interface ProofRow {
  readonly id: string;
  readonly machine: string;
  /** SECRET, KEY or CERTIFICATE. */
  readonly kind: string;
  /** SHA-256 of the secret, the public key as SPKI, or SHA-256 of the certificate. */
  readonly value: Bytes;
  readonly madeAt: EpochMs;
  /** After this it proves nothing; absent of the newest. */
  readonly endsAt?: EpochMs | undefined;
}

/** A token that was given out for a proof. */
export interface TokenRow {
  /** SHA-256. */
  readonly digest: Bytes;
  readonly machine: string;
  /** The proof it was given for: a token does not outlive it. */
  readonly proof: string;
  readonly endsAt: EpochMs;
}

/** Machines, what proves them, and what they were given. What changes them is called inside `write` only. */
export interface Machines {
  get(id: string): MachineRow | undefined;
  all(): readonly MachineRow[];
  put(machine: MachineRow): void;
  /** Removes it with all that proves it. */
  drop(id: string): void;
  proofsOf(machine: string): readonly ProofRow[];
  byCertificate(thumbprint: Bytes): ProofRow | undefined;
  proof(id: string): ProofRow | undefined;
  putProof(proof: ProofRow): void;
  dropProof(id: string): void;
  token(digest: Bytes): TokenRow | undefined;
  addToken(token: TokenRow): void;
  /** Whether this was not seen before; remembers it until `endsAt`. */
  seeAssertion(digest: Bytes, endsAt: EpochMs): boolean;
  purge(now: EpochMs): void;
}

function machineOf(row: Row): MachineRow {
  return {
    id: textOf(row, "id"),
    name: textOf(row, "name"),
    roles: parseNames(textOf(row, "roles")),
    handling: textOf(row, "handling"),
    purpose: maybeOf(row, "purpose", textOf),
    addresses: parseNames(textOf(row, "addresses")),
    madeAt: numberOf(row, "made_at"),
  };
}

function proofOf(row: Row): ProofRow {
  return {
    id: textOf(row, "id"),
    machine: textOf(row, "machine"),
    kind: textOf(row, "kind"),
    value: bytesOf(row, "value"),
    madeAt: numberOf(row, "made_at"),
    endsAt: maybeOf(row, "ends_at", numberOf),
  };
}

function one(row: Row | undefined): ProofRow | undefined {
  return row === undefined ? undefined : proofOf(row);
}

type Proofs = Pick<Machines, "proofsOf" | "byCertificate" | "proof" | "putProof" | "dropProof">;

function makeProofs(database: Database): Proofs {
  const of = database.prepare("SELECT * FROM machine_proof WHERE machine = ? ORDER BY ends_at IS NOT NULL, ends_at DESC, made_at DESC, id");
  const byValue = database.prepare("SELECT * FROM machine_proof WHERE kind = 'CERTIFICATE' AND value = ?");
  const get = database.prepare("SELECT * FROM machine_proof WHERE id = ?");
  const drop = database.prepare("DELETE FROM machine_proof WHERE id = ?");
  const put = database.prepare(
    "INSERT OR REPLACE INTO machine_proof (id, machine, kind, value, made_at, ends_at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  return {
    proofsOf: (machine) => of.all(machine).map(proofOf),
    byCertificate: (thumbprint) => one(byValue.get(thumbprint)),
    proof: (id) => one(get.get(id)),
    putProof: ({ id, machine, kind, value, madeAt, endsAt }) =>
      void put.run(id, machine, kind, value, madeAt, endsAt ?? null),
    dropProof: (id) => void drop.run(id),
  };
} // prettier-ignore

type Tokens = Pick<Machines, "token" | "addToken" | "seeAssertion" | "purge">;

function makeTokens(database: Database): Tokens {
  const get = database.prepare("SELECT * FROM machine_token WHERE digest = ?");
  const add = database.prepare("INSERT INTO machine_token (digest, machine, proof, ends_at) VALUES (?, ?, ?, ?)");
  const see = database.prepare("INSERT OR IGNORE INTO assertion_seen (digest, ends_at) VALUES (?, ?)");
  const oldTokens = database.prepare("DELETE FROM machine_token WHERE ends_at <= ?");
  const oldSeen = database.prepare("DELETE FROM assertion_seen WHERE ends_at <= ?");
  const oldProofs = database.prepare("DELETE FROM machine_proof WHERE ends_at <= ?");
  return {
    token: (digest) => {
      const row = get.get(digest);
      if (row === undefined) return undefined;
      const [machine, proof] = [textOf(row, "machine"), textOf(row, "proof")];
      return { digest: bytesOf(row, "digest"), machine, proof, endsAt: numberOf(row, "ends_at") };
    },
    addToken: ({ digest, machine, proof, endsAt }) => void add.run(digest, machine, proof, endsAt),
    seeAssertion: (digest, endsAt) => see.run(digest, endsAt).changes > 0,
    purge: (now) => {
      oldTokens.run(now);
      oldSeen.run(now);
      oldProofs.run(now);
    },
  };
} // prettier-ignore

/** Builds the part of the store that holds machines. */
export function makeMachines(database: Database): Machines {
  const get = database.prepare("SELECT * FROM machine WHERE id = ?");
  const all = database.prepare("SELECT * FROM machine ORDER BY made_at, id");
  const put = database.prepare(
    `INSERT OR REPLACE INTO machine (id, name, roles, handling, purpose, addresses, made_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const drop = database.prepare("DELETE FROM machine WHERE id = ?");
  const dropProofs = database.prepare("DELETE FROM machine_proof WHERE machine = ?");
  const dropTokens = database.prepare("DELETE FROM machine_token WHERE machine = ?");
  return {
    ...makeProofs(database),
    ...makeTokens(database),
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? undefined : machineOf(row);
    },
    all: () => all.all().map(machineOf),
    put: ({ id, name, roles, handling, purpose, addresses, madeAt }) => {
      const lists = renderNames(roles);
      put.run(id, name, lists, handling, purpose ?? null, renderNames(addresses), madeAt);
    },
    drop: (id) => {
      dropTokens.run(id);
      dropProofs.run(id);
      drop.run(id);
    },
  };
}
