import { type Bytes, Fault, renderHex, sha256, utf8 } from "./ground/index.ts";

/**
 * The NATS subject grammar, both ways. No other file spells a subject.
 *
 * | subject | who writes it | what |
 * |---|---|---|
 * | `out.msg.<channel>` | agency | a publication for a feed; the server stamps it to `in.<authority>.<agency>.msg.…` |
 * | `out.direct.<mailbox>` | agency | a publication for one mailbox |
 * | `out.receipt.<authority>.<agency>` | agency | a signed receipt for the sender named |
 * | `out.heads` | agency | asks the hub where its streams stand |
 * | `out.admitted` | agency | asks the hub when it took a message |
 * | `out.places` | agency | asks the hub where it stands in the streams, and to be handed something again |
 * | `out.erase` | agency | has the hub take out messages of its own |
 * | `out.blob.put`, `out.blob.held`, `out.blob.get` | agency | hands the hub a chunk of a file, asks which it has, fetches one |
 * | `out.log.<act>` | agency | asks the hub of its log: `checkpoint`, `prove`, `consistency`; of its witnesses: `cosign`, `cosigned`; has an act of its own entered: `act` |
 * | `out.register.<part>` | agency | asks the hub for a piece of the register: `snapshot`, `region` or an authority; `offer`: hands it a piece of a newer one |
 * | `feed.<channel>.<authority>.<agency>.<id>` | hub | one admitted publication, once |
 * | `direct.<mailbox>.<sender>.<id>` | hub | likewise, for one mailbox; the sender is a digest, not a name |
 * | `receipt.<authority>.<agency>.<number>` | hub | receipts waiting for that agency |
 * | `blob.<digest>` | hub | one chunk of a file, once; by its digest alone, without who gave it |
 *
 * A feed's channel is `<rec>.<crime>.<handling>.<family>.<type>`: the narrowest thing a mandate grants, so a
 * reader sees all of a sender's channel or nothing of it. A mailbox's channel is `direct.<mailbox>`.
 */
// a community called direct would make a feed's channel pass for a mailbox's
const feedChannel =
  /^(?!direct\.)([a-z]{2,10})\.([a-z]{2,12})\.(h[0-3])\.([a-z][a-z_]{1,15})\.([a-z][a-z_]{1,30})$/;
const agencyPattern = /^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/;
const intakeKinds = [
  "msg",
  "direct",
  "receipt",
  "heads",
  "admitted",
  "places",
  "erase",
  "register",
  "log",
  "blob",
] as const;
const inPattern =
  /^in\.([a-z]{2,10})\.([a-z][a-z0-9-]{0,30})\.(msg|direct|receipt|heads|admitted|places|erase|register|log|blob)(?:\.(.+))?$/;

/** A feed's channel, taken apart. */
export interface FeedChannel {
  readonly rec: string;
  readonly crime: string;
  /** H0 to H3. */
  readonly handling: string;
  /** `family.type`. */
  readonly type: string;
}

/** What stands on the hub's intake, after the server stamped who sent it. */
export interface IntakeSubject {
  /** The agency whose account the publication came from; stamped by the server, not by the sender. */
  readonly origin: string;
  readonly kind: (typeof intakeKinds)[number];
  /** Channel of a publication, the agency a receipt is for, a part of the register, an act on chunks or the log; else "". */
  readonly target: string;
}

/** `ng/tcu` as two subject tokens, `ng.tcu`. */
export function renderAgencyTokens(agency: string): string {
  if (!agencyPattern.test(agency))
    throw new Fault("SUBJECT_INVALID", "not an agency of the form ng/tcu");
  return agency.replace("/", ".");
}

/** The channel of a feed. */
export function renderFeedChannel({ rec, crime, handling, type }: FeedChannel): string {
  const channel = `${rec}.${crime}.${handling.toLowerCase()}.${type}`;
  if (!feedChannel.test(channel)) throw new Fault("SUBJECT_INVALID", "not a feed's channel");
  return channel;
}

/**
 * Reads a feed's channel.
 *
 * @throws {Fault} SUBJECT_INVALID
 */
export function parseFeedChannel(channel: string): FeedChannel {
  const found = feedChannel.exec(channel);
  if (found === null) throw new Fault("SUBJECT_INVALID", "not a feed's channel");
  const [, rec = "", crime = "", handling = "", family = "", type = ""] = found;
  return { rec, crime, handling: handling.toUpperCase(), type: `${family}.${type}` };
}

/** The channel of a mailbox. */
export function renderDirectChannel(mailbox: string): string {
  return `direct.${mailbox}`;
}

/** Whether a channel is a mailbox's. */
export function isDirectChannel(channel: string): boolean {
  return channel.startsWith("direct.");
}

/** Where an agency publishes for a channel. */
export function outSubject(channel: string): string {
  return isDirectChannel(channel) ? `out.${channel}` : `out.msg.${channel}`;
}

/** Where an agency publishes a receipt for `sender`. */
export function outReceiptSubject(sender: string): string {
  return `out.receipt.${renderAgencyTokens(sender)}`;
}

/** Where an agency asks for the hub's heads. */
export const outHeadsSubject = "out.heads";

/** Where an agency asks when the hub took a message. */
export const outAdmittedSubject = "out.admitted";

/** Where an agency asks how far it is in the hub's streams, and to be handed again what it has lost. */
export const outPlacesSubject = "out.places";

/** Where an agency has messages of its own taken out of the hub's streams. */
export const outEraseSubject = "out.erase";

/** Where an agency asks for the register: for "file", a piece of the file that the question names. */
export function outRegisterSubject(part: string): string {
  return `out.register.${part}`;
}

/** The part by which an agency offers the hub a newer register than it holds, piece by piece. */
export const registerOfferPart = "offer";

/** What an agency may ask of the hub's log. */
export const logActs = [
  "checkpoint",
  "prove",
  "consistency",
  "entries",
  "cosign",
  "cosigned",
  "act",
] as const;

/**
 * Where an agency asks for the newest checkpoint, for the proof of a leaf, that the log goes on from an older one, or for
 * the leaves from one size on;
 * where a witness gets what to cosign and hands it back, and anyone the newest that enough of them cosigned;
 * where it has an administrative act of its own entered.
 */
export function outLogSubject(act: (typeof logActs)[number]): string {
  return `out.log.${act}`;
}

/** What an agency may ask about chunks of files. */
export const blobActs = ["put", "held", "get"] as const;

/** Where an agency hands over a chunk, asks which chunks the hub holds, or fetches one. */
export function outBlobSubject(act: (typeof blobActs)[number]): string {
  return `out.blob.${act}`;
}

/** All that an agency may publish on its own account. */
export const outSubjects = [
  "out.msg.>",
  "out.direct.*",
  "out.receipt.*.*",
  outHeadsSubject,
  outAdmittedSubject,
  outPlacesSubject,
  outEraseSubject,
  "out.register.*",
  ...logActs.map(outLogSubject),
  ...blobActs.map(outBlobSubject),
] as const;

/** What the server maps an agency's `out.>` to. */
export function intakePrefix(agency: string): string {
  return `in.${renderAgencyTokens(agency)}.`;
}

/** Matches every agency's intake, and nothing else. */
export const anyIntakeSubject = "in.>";

/** Intake subjects of one agency that are kept in its own stream; the others are answered at once and not kept. */
export function intakeSubjects(agency: string): readonly string[] {
  return ["msg.>", "direct.*", "receipt.*.*"].map((rest) => intakePrefix(agency) + rest);
}

/** Intake subjects that are answered at once. */
export const intakeQuestionSubjects = [
  "in.*.*.heads",
  "in.*.*.admitted",
  "in.*.*.places",
  "in.*.*.erase",
  "in.*.*.register.*",
  "in.*.*.log.*",
] as const;

/** Intake subjects of chunks, answered at once too. */
export const intakeBlobSubjects: readonly string[] = blobActs.map((act) => `in.*.*.blob.${act}`);

/** Kinds whose last tokens say something as they stand. */
const toldAsIs: readonly IntakeSubject["kind"][] = ["msg", "register", "log", "blob"];

function targetOf(kind: IntakeSubject["kind"], rest: string): string {
  if (kind === "direct") return `direct.${rest}`;
  if (kind === "receipt") return rest.replace(".", "/");
  return toldAsIs.includes(kind) ? rest : "";
}

/**
 * Reads an intake subject. Its first tokens come from the server's account mapping; the rest is the sender's.
 *
 * @throws {Fault} SUBJECT_INVALID
 */
export function parseIntakeSubject(subject: string): IntakeSubject {
  const found = inPattern.exec(subject);
  if (found === null) throw new Fault("SUBJECT_INVALID", "not an intake subject");
  const [, authority = "", agency = "", named = "", rest = ""] = found;
  const kind = intakeKinds.find((one) => one === named) ?? "heads";
  return { origin: `${authority}/${agency}`, kind, target: targetOf(kind, rest) };
}

/** Sets one sender's ids apart from another's without naming him. */
function senderToken(origin: string): string {
  return renderHex(sha256(utf8(origin)).subarray(0, 8));
}

/**
 * Where the hub stores an admitted publication; `id` in its text form. An id is its originator's own: whoever
 * learns it in one mailbox cannot take it in another before him.
 */
export function storedSubject(channel: string, origin: string, id: string): string {
  if (isDirectChannel(channel)) return `${channel}.${senderToken(origin)}.${id}`;
  return `feed.${channel}.${renderAgencyTokens(origin)}.${id}`;
}

/** Matches everything the hub stores for a mailbox's channel, or under one id in it. */
export function storedInMailbox(channel: string, id = "*"): string {
  return `${channel}.*.${id}`;
}

/** Where the hub stores the receipts for an agency, each under a number of its own. */
export function receiptSubject(agency: string): string {
  return `receipt.${renderAgencyTokens(agency)}`;
}

/** Where the hub stores the chunk of this digest. */
export function blobSubject(digest: Bytes): string {
  return `blob.${renderHex(digest)}`;
}

/** The stream that holds a channel. */
export function streamOf(channel: string): string {
  return isDirectChannel(channel)
    ? "DIRECT"
    : `FEED_${parseFeedChannel(channel).rec.toUpperCase()}`;
}

/** The stream that an agency's publications wait in until they are judged. */
export function intakeStreamOf(agency: string): string {
  return `INTAKE_${consumerOf(agency)}`;
}

/** The durable consumer of an agency, the same name on each stream; no dots, as NATS asks. */
export function consumerOf(agency: string): string {
  return renderAgencyTokens(agency).replace(".", "_");
}

/** The NATS account of an agency. */
export function accountOf(agency: string): string {
  return `AG_${renderAgencyTokens(agency).replace(".", "_")}`;
}

/** The prefix of an agency's reply subjects. */
export function inboxPrefixOf(agency: string): string {
  return `_INBOX_${renderAgencyTokens(agency).replace(".", "_")}`;
}
