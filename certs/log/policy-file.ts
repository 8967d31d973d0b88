import { type Bytes, Fault, parseUtf8, utf8 } from "../../schemas/ground/index.ts";
import { checkPolicy, type PolicyGroup, type PolicyWitness, type QuorumPolicy } from "./policy.ts";
import { parseVerifierKey, renderVerifierKey, type VerifierKey } from "./verifier-key.ts";

/** A rule as a file: which logs are believed, and whose cosignatures are enough. */
export interface PolicyFile {
  /** Each name is the origin of its log. */
  readonly logs: readonly VerifierKey[];
  readonly policy: QuorumPolicy;
}

const maxBytes = 262_144;
const maxLines = 400;
// every control character but tab and newline; and the one that is no ASCII but none of ours
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f]/;
const numberText = /^[1-9]\d{0,2}$/;

function refuse(detail: string): never {
  throw new Fault("LOG_POLICY_INVALID", `policy: ${detail}`);
}

function readText(bytes: Bytes): string {
  if (bytes.length > maxBytes) refuse(`more than ${maxBytes} bytes`);
  try {
    return parseUtf8(bytes);
  } catch (cause) {
    throw new Fault("LOG_POLICY_INVALID", "policy: not UTF-8", { cause });
  }
}

function readKey(text: string): VerifierKey {
  try {
    return parseVerifierKey(text);
  } catch (cause) {
    throw new Fault("LOG_POLICY_INVALID", "policy: a key is malformed, or of no algorithm we use", { cause });
  }
} // prettier-ignore

function readNeeded(text: string, members: number): number {
  if (text === "any") return 1;
  if (text === "all") return members;
  return numberText.test(text) ? Number(text) : refuse("a group needs a number, any or all");
}

/** The lines, each cut at spaces and tabs, without empty ones and remarks. */
function readLines(text: string): readonly (readonly string[])[] {
  if (controls.test(text)) refuse("a control character");
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length > maxLines) refuse(`at most ${maxLines} lines, each ended by a newline`);
  return lines
    .map((line) => line.split(/[ \t]/).filter((item) => item !== ""))
    .filter(([first = "#"]) => !first.startsWith("#"));
} // prettier-ignore

interface Reading {
  readonly logs: VerifierKey[];
  readonly witnesses: PolicyWitness[];
  readonly groups: PolicyGroup[];
  readonly quorums: string[];
}

/** What stands before a line is known; what comes after it is not. */
function checkNamed(names: readonly string[], { witnesses, groups }: Reading): void {
  const known = new Set([...witnesses, ...groups].map(({ name }) => name));
  if (!names.every((name) => known.has(name))) refuse("a name stands for nothing before its line");
}

const readers: Readonly<Record<string, (items: readonly string[], read: Reading) => void>> = {
  log: ([key = "", , more], { logs }) => {
    if (more !== undefined) refuse("a log has a key and an address");
    logs.push(readKey(key));
  },
  witness: ([name = "", key = "", , more], { witnesses }) => {
    if (more !== undefined) refuse("a witness has a name, a key and an address");
    witnesses.push({ name, keys: [readKey(key)] });
  },
  group: ([name = "", needed = "", ...members], read) => {
    checkNamed(members, read);
    read.groups.push({ name, needed: readNeeded(needed, members.length), members });
  },
  quorum: ([name = "", more], read) => {
    if (more !== undefined || read.quorums.length > 0) refuse("one line with the quorum's one name");
    if (name !== "none") checkNamed([name], read);
    read.quorums.push(name);
  },
}; // prettier-ignore

/**
 * Reads a policy file (C2SP tlog-policy). Addresses in it are passed over: nothing here goes to a network.
 *
 * @throws {Fault} LOG_POLICY_INVALID
 */
export function parsePolicy(bytes: Bytes): PolicyFile {
  const read: Reading = { logs: [], witnesses: [], groups: [], quorums: [] };
  for (const [first = "", ...items] of readLines(readText(bytes))) {
    const reader = Object.hasOwn(readers, first) ? readers[first] : undefined;
    if (reader === undefined) return refuse("a line begins with log, witness, group or quorum");
    reader(items, read);
  }
  const { logs, witnesses, groups, quorums } = read;
  const [quorum] = quorums;
  if (quorum === undefined) return refuse("one line with the quorum is needed");
  const raw = logs.map((key) => Buffer.from(key.raw).toString("base64"));
  if (new Set(raw).size !== raw.length) refuse("the key of a log stands twice");
  const policy = { witnesses, groups, quorum: quorum === "none" ? undefined : quorum };
  checkPolicy(policy);
  return { logs, policy };
}

function checkName(name: string): string {
  return name !== "" && !/[\s#]/.test(name) ? name : refuse("a name has no spaces");
}

function renderWitness({ name, keys }: PolicyWitness): readonly string[] {
  const own = checkName(name);
  if (keys.length === 0) refuse("a witness without a key cannot be written");
  const names = keys.length === 1 ? [own] : keys.map((_, i) => `${own}:${i + 1}`);
  const lines = keys.map((key, i) => `witness ${names[i] ?? own} ${renderVerifierKey(key)}`);
  return keys.length === 1 ? lines : [...lines, `group ${own} any ${names.join(" ")}`];
}

function renderGroup({ name, needed, members }: PolicyGroup): string {
  return `group ${checkName(name)} ${needed} ${members.join(" ")}`;
}

/**
 * The bytes of a policy file. A witness with several keys is written as a group of any of them.
 *
 * @throws {Fault} LOG_POLICY_INVALID
 */
export function renderPolicy({ logs, policy }: PolicyFile): Bytes {
  checkPolicy(policy);
  const lines = [
    ...logs.map((key) => `log ${renderVerifierKey(key)}`),
    ...policy.witnesses.flatMap(renderWitness),
    ...policy.groups.map(renderGroup),
    `quorum ${policy.quorum ?? "none"}`,
  ];
  return utf8(`${lines.join("\n")}\n`);
}
