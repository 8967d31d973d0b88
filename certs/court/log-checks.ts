import { type Octets, octets, refuse } from "./bytes.ts";
import type { CourtCase, CourtMessage } from "./case.ts";
import type { CourtCheck } from "./checks.ts";
import { hash, isSame, toHex } from "./join.ts";
import { commitmentOf, isIncluded, isLineOf, isQuorum, judgeLine } from "./note.ts";
import { momentOf, textOf, textsOf } from "./text.ts";
import { type CourtVerdict, ofCourtMessage, unknown, yes } from "./verdict.ts";
import { type Fields, numberOf, pieceOf, piecesOf, readFields } from "./wire.ts"; // prettier-ignore

const aheadMs = 120_000;

function channelsIn({ envelope }: CourtMessage): readonly string[] {
  if (textOf(envelope, 3) === "DIRECT") return textsOf(envelope, 9).map((mailbox) => `direct.${mailbox}`);
  const tail = `${textOf(envelope, 10).toLowerCase()}.${textOf(envelope, 5)}`;
  return textsOf(envelope, 7).flatMap((rec) => textsOf(envelope, 8).map((crime) => `${rec}.${crime}.${tail}`));
} // prettier-ignore

const register: CourtCheck = async () => await Promise.resolve(unknown("NEEDS_REGISTER"));

const audience: CourtCheck = (one) =>
  ofCourtMessage(one, async (read) => {
    if (!channelsIn(read).includes(one.file.channel)) refuse("SUBJECT_MISMATCH");
    return await Promise.resolve(unknown("NEEDS_REGISTER"));
  });

/** What the entry of a feed says has to be its channel, word for word. */
function channelOf(leaf: Fields): string {
  const [rec, crime, handling, family, type] = [7, 8, 9, 10, 11].map((number) =>
    textOf(leaf, number),
  );
  return `${rec ?? ""}.${crime ?? ""}.${(handling ?? "").toLowerCase()}.${family ?? ""}.${type ?? ""}`;
}

function isLeafOf(leaf: Fields, channel: string): boolean {
  const kind = textOf(leaf, 1);
  if (channel.startsWith("direct.")) return kind === "DIRECT";
  return kind === "FEED" && channelOf(leaf) === channel;
}

const entry: CourtCheck = async (one) => {
  const { channel, id, digest, salt } = one.file;
  const leaf = one.leaf();
  const isDirect = channel.startsWith("direct.");
  if (!isLeafOf(leaf, channel)) refuse("SUBJECT_MISMATCH");
  const plain = id.replaceAll("-", "").match(/../g) ?? [];
  const idBytes = Uint8Array.from(plain, (pair) => Number.parseInt(pair, 16));
  const bound = await commitmentOf(salt, idBytes, digest, await hash(octets(channel)));
  if (!isSame(bound, pieceOf(leaf, 6) ?? new Uint8Array())) refuse("SUBJECT_MISMATCH");
  let originator: string | undefined;
  try {
    originator = one.message()?.originator;
  } catch {
    // the message is judged on its own
  }
  const isOther = !isDirect && originator !== undefined && originator !== textOf(leaf, 12);
  return isOther ? refuse("SUBJECT_MISMATCH") : yes();
};

const inclusion: CourtCheck = async (one) =>
  (await isIncluded(one.file.leaf, one.proof())) ? yes() : refuse("LOG_PROOF_INVALID");

const checkpoint: CourtCheck = async (one) => {
  const proof = one.proof();
  if (one.trust === undefined) return unknown("NEEDS_LOG_KEY");
  const { logs, witnesses } = await one.policy();
  const own = logs.filter(({ name }) => name === proof.origin);
  let isGood = false;
  for (const key of own) isGood ||= (await judgeLine(proof, key)) !== undefined;
  if (!isGood) refuse("LOG_CHECKPOINT_INVALID");
  const known = [...own, ...witnesses.values()];
  return proof.lines.every((line) => isLineOf(line, known)) ? yes() : refuse("LOG_NOTE_INVALID");
};

async function witnessesOf(one: CourtCase): Promise<ReadonlyMap<string, number>> {
  const { witnesses } = await one.policy();
  const proof = one.proof();
  const seen = new Map<string, number>();
  for (const [name, key] of witnesses) {
    const found = await judgeLine(proof, key);
    if (found !== undefined) seen.set(name, found.at);
  }
  return seen;
}

const witnesses: CourtCheck = async (one) => {
  one.proof();
  if (one.trust === undefined) return unknown("NEEDS_LOG_KEY");
  const policy = await one.policy();
  if (policy.quorum === "none") return unknown("NO_WITNESSES_ASKED");
  const seen = await witnessesOf(one);
  return isQuorum(policy, new Set(seen.keys())) ? yes() : refuse("LOG_CHECKPOINT_INVALID");
};

/** Lines of a receipt that speak of messages: accepted (5) and admission (10); others are none of ours. */
function isAbout(receipt: Fields, { id, digest }: CourtCase["file"]): boolean {
  const others = [6, 7, 8, 11, 12].flatMap((number) => piecesOf(receipt, number));
  const accepted = piecesOf(receipt, 5).map(readFields);
  const admission = piecesOf(receipt, 10).map(readFields);
  const ids = [...accepted.map((line) => pieceOf(line, 1)), ...admission.map((line) => pieceOf(line, 2))];
  const digests = [...accepted.map((line) => pieceOf(line, 2)), ...admission.map((line) => pieceOf(line, 3))];
  const empty = new Uint8Array();
  const isOwn = ids.every((one) => toHex(one ?? empty) === id.replaceAll("-", "")) && digests.every((one) => isSame(one ?? empty, digest));
  return isOwn && others.length === 0 && ids.length > 0;
} // prettier-ignore

const receipts: CourtCheck = async ({ file }) => {
  if (file.receipts.length === 0) return await Promise.resolve(unknown("NO_RECEIPTS"));
  for (const raw of file.receipts) {
    const receipt = readFields(pieceOf(readFields(raw), 1) ?? new Uint8Array());
    if (!isAbout(receipt, file)) refuse("SUBJECT_MISMATCH");
  }
  return unknown("NEEDS_REGISTER");
};

/** The inner header, where it is shown; none where it cannot be read, which is asked of the body. */
function innerOf(open: Octets): Fields | undefined {
  try {
    const parts = piecesOf(readFields(open), 1).map(readFields);
    const inner = parts.find((part) => numberOf(part, 1) === 0);
    const value = inner === undefined ? undefined : pieceOf(inner, 2);
    return value === undefined ? undefined : readFields(value);
  } catch {
    return undefined;
  }
}

/** When a message ends: direct mail says so inside, and of a sealed one it is not known. */
function endOf({ envelope, open }: CourtMessage): number {
  const outer = momentOf(envelope, 18);
  if (textOf(envelope, 3) !== "DIRECT" || open === undefined) return outer;
  const inner = innerOf(open);
  return inner?.has(39) === true ? momentOf(inner, 39) : outer;
}

const time: CourtCheck = async (one) => {
  const at = one.leafTime();
  const latest = one.now + aheadMs;
  if (at > latest) refuse("ENVELOPE_FROM_FUTURE");
  const read = one.message();
  if (read !== undefined && endOf(read) <= at) refuse("ENVELOPE_EXPIRED");
  if (read !== undefined && momentOf(read.envelope, 16) > at + aheadMs) refuse("ENVELOPE_FROM_FUTURE");
  const seen = one.trust === undefined ? [] : [...(await witnessesOf(one).catch(() => new Map<string, number>())).values()];
  if (seen.some((moment) => moment > latest || moment < at - aheadMs)) refuse("LOG_CHECKPOINT_INVALID");
  return seen.length === 0 ? yes("HUB_CLOCK") : yes();
}; // prettier-ignore

/** The checks of the log, of receipts and of times. */
export const logCourt: Readonly<Record<string, (one: CourtCase) => Promise<CourtVerdict>>> = {
  register, audience, entry, inclusion, checkpoint, witnesses, receipts, time,
}; // prettier-ignore
