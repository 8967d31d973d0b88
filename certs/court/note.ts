import { fromBase64, type Octets, octets, refuse } from "./bytes.ts";
import { hash, isSame, join, toHex } from "./join.ts";
import { edKey, isSigned } from "./signed.ts";

/** What the proof file says: place, hashes, and the note of the log. */
export interface CourtProof {
  readonly index: number;
  readonly hashes: readonly Octets[];
  readonly text: string;
  readonly lines: readonly { readonly name: string; readonly bytes: Octets }[];
  readonly origin: string;
  readonly size: number;
  readonly root: Octets;
}

/** Whose word counts: keys of logs and witnesses, groups, and the group that is the quorum. */
export interface CourtPolicy {
  readonly logs: readonly CourtKey[];
  readonly witnesses: ReadonlyMap<string, CourtKey>;
  readonly groups: readonly { readonly name: string; readonly needed: number; readonly members: readonly string[] }[];
  readonly quorum: string;
} // prettier-ignore

/** A key of a log or a witness. */
export interface CourtKey {
  readonly name: string;
  readonly id: string;
  readonly algorithm: number;
  readonly raw: Octets;
}

const badProof = "LOG_PROOF_INVALID";

function wholeNumber(text: string): number {
  return /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : refuse(badProof);
}

/** Reads a proof file (C2SP tlog-proof) with the checkpoint in it. */
export function readProof(file: string): CourtProof {
  const cut = file.indexOf("\n\n");
  const [first, index = "", ...hashes] = file.slice(0, Math.max(0, cut)).split("\n");
  if (first !== "c2sp.org/tlog-proof@v1" || !index.startsWith("index ") || hashes.length > 64) refuse(badProof);
  const note = file.slice(cut + 2);
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2).split("\n");
  if (end < 0 || lines.pop() !== "" || lines.length > 100) refuse("LOG_NOTE_INVALID");
  const [origin = "", size = "", root = ""] = text.split("\n");
  return {
    index: wholeNumber(index.slice(6)), hashes: hashes.map((one) => fromBase64(one)), text, origin,
    size: wholeNumber(size), root: fromBase64(root),
    lines: lines.map((line) => {
      const [dash, name = "", bytes = "", more] = line.split(" ");
      if (dash !== "\u2014" || more !== undefined) refuse("LOG_NOTE_INVALID");
      return { name, bytes: fromBase64(bytes) };
    }),
  };
} // prettier-ignore

/** Whether an entry stands at its place in the tree of the checkpoint (RFC 9162 §2.1.3.2). */
export async function isIncluded(leaf: Octets, { index, size, hashes, root }: CourtProof): Promise<boolean> {
  if (index >= size) return false;
  let [at, last] = [index, size - 1];
  let found = await hash(Uint8Array.of(0), leaf);
  for (const next of hashes) {
    if (last === 0) return false;
    const isLeft = at % 2 === 1 || at === last;
    found = isLeft ? await hash(Uint8Array.of(1), next, found) : await hash(Uint8Array.of(1), found, next);
    if (isLeft) while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && isSame(found, root);
} // prettier-ignore

async function readKey(text: string): Promise<CourtKey> {
  const [name = "", id = "", ...rest] = text.split("+");
  const bytes = fromBase64(rest.join("+"));
  const made = await hash(octets(`${name}\n`), bytes);
  if (toHex(made.slice(0, 4)) !== id) refuse("LOG_POLICY_INVALID");
  return { name, id, algorithm: bytes[0] ?? 0, raw: bytes.slice(1) };
}

/** Reads a policy file (C2SP tlog-policy). */
export async function readPolicy(text: string): Promise<CourtPolicy> {
  const logs: CourtKey[] = [];
  const witnesses = new Map<string, CourtKey>();
  const groups: { name: string; needed: number; members: readonly string[] }[] = [];
  let quorum = "";
  for (const line of text.split("\n")) {
    const [kind = "", name = "", second = "", ...rest] = line.split(" ");
    if (kind === "log") logs.push(await readKey(name));
    else if (kind === "witness") witnesses.set(name, await readKey(second));
    else if (kind === "quorum") quorum = name;
    else if (kind === "group") {
      const needed = second === "any" ? 1 : second === "all" ? rest.length : Number(second);
      groups.push({ name, needed, members: rest });
    } else if (line !== "") refuse("LOG_POLICY_INVALID");
  }
  return { logs, witnesses, groups, quorum };
}

/** The lines of a note by one key: none; signed, and by a witness when; or one that does not fit. */
export async function judgeLine({ text, lines }: CourtProof, key: CourtKey): Promise<{ readonly at: number } | undefined> {
  const line = lines.find(({ name, bytes }) => name === key.name && toHex(bytes.slice(0, 4)) === key.id);
  // other kinds of key are beyond what browsers verify
  if (line === undefined || key.algorithm === 6) return undefined;
  const isCosigned = key.algorithm === 4;
  const seconds = isCosigned ? Number(new DataView(line.bytes.buffer).getBigUint64(4)) : 0;
  const bytes = octets(isCosigned ? `cosignature/v1\ntime ${seconds}\n${text}` : text);
  const signature = line.bytes.slice(isCosigned ? 12 : 4);
  if (await isSigned(edKey(key.raw), { bytes, signature, hash: "" })) return { at: seconds * 1000 };
  return refuse("LOG_NOTE_INVALID");
} // prettier-ignore

/** Whether a line of the note is by one of the keys. */
export function isLineOf({ name, bytes }: CourtProof["lines"][number], keys: readonly CourtKey[]): boolean {
  return keys.some((key) => key.name === name && key.id === toHex(bytes.slice(0, 4)));
} // prettier-ignore

/** Whether as many as the rule asks for are among the names. */
export function isQuorum({ groups, quorum }: CourtPolicy, names: ReadonlySet<string>): boolean {
  const met = new Set(names);
  for (const { name, needed, members } of groups) {
    if (members.filter((one) => met.has(one)).length >= needed) met.add(name);
  }
  return met.has(quorum);
}

/** Side by side, for whoever hashes what stands in an entry. */
export function commitmentOf(salt: Octets, ...pieces: readonly Octets[]): Promise<Octets> {
  return hash(join(octets("atumpan-log-leaf-v1\n"), salt, ...pieces));
}
