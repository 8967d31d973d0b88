import {
  type Bytes,
  type EpochMs,
  isFault,
  parseBase64url,
  parseUuid,
  renderBase64url,
} from "../../schemas/ground/index.ts";
import type { NotedMessage, StoredNote } from "../nats/index.ts";
import type { Noted } from "./known.ts";

const names = {
  digest: "Atumpan-Digest",
  origin: "Atumpan-Origin",
  channel: "Atumpan-Channel",
  expires: "Atumpan-Expires",
  admitted: "Atumpan-Admitted",
  commitment: "Atumpan-Commitment",
} as const;

/** The header under which a refused message's code stands in quarantine. */
export const codeHeader = "Atumpan-Code";

/** The hub's own notes on what it stored, for itself alone: readers believe none of them. */
export function renderNotes({
  digest,
  originator,
  channel,
  expiresAt,
  admittedAt,
  commitment,
}: Noted): Record<string, string> {
  return {
    [names.digest]: renderBase64url(digest),
    [names.origin]: originator,
    [names.channel]: channel,
    [names.expires]: String(expiresAt),
    ...(admittedAt === undefined ? {} : { [names.admitted]: String(admittedAt) }),
    ...(commitment === undefined ? {} : { [names.commitment]: renderBase64url(commitment) }),
  };
}

/** A moment as it was written; undefined when it is none. */
function readMoment(text: string): EpochMs | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** What the notes of a stored message say; undefined when they are not ours. */
export function readNotes(note: NotedMessage): Noted | undefined {
  const expiresAt: EpochMs = Number(note.header(names.expires));
  const originator = note.header(names.origin);
  const channel = note.header(names.channel);
  const digest = digestOf(note.header(names.digest));
  const idText = note.subject.split(".").at(-1) ?? "";
  if (digest === undefined || originator === "" || channel === "" || Number.isNaN(expiresAt)) {
    return undefined;
  }
  try {
    const admittedAt = readMoment(note.header(names.admitted));
    const commitment = digestOf(note.header(names.commitment));
    return {
      originator,
      channel,
      digest,
      expiresAt,
      admittedAt,
      commitment,
      id: parseUuid(idText),
    };
  } catch (error) {
    if (isFault(error, "ID_INVALID")) return undefined;
    throw error;
  }
}

/** The last of 43 characters has two bits to spare; with any of them set it is no spelling of ours. */
function digestOf(text: string): Bytes | undefined {
  return /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text) ? parseBase64url(text) : undefined;
}

/** Who stored the message found on a subject that is taken, and what it was. */
export function readTaken({ headers }: StoredNote): {
  readonly digest?: Bytes;
  readonly originator: string;
  readonly admittedAt: EpochMs | undefined;
} {
  const digest = digestOf(headers.get(names.digest) ?? "");
  const originator = headers.get(names.origin) ?? "";
  const admittedAt = readMoment(headers.get(names.admitted) ?? "");
  return { originator, admittedAt, ...(digest === undefined ? {} : { digest }) };
}

/** What a leaf of the log needs of a message that stands in a stream; undefined when its notes are not ours. */
export function readTakenNote({
  subject,
  sequence,
  headers,
}: StoredNote): LeafOfMessage | undefined {
  const noted = readNotes({ subject, sequence, header: (name) => headers.get(name) ?? "" });
  if (noted?.admittedAt === undefined || noted.commitment === undefined) return undefined;
  const { channel, originator, admittedAt, commitment } = noted;
  // an insider's spelling of a channel would end the log
  const isOurs = streamKinds.some((kind) => subject.startsWith(`${kind}${channel}.`));
  return isOurs ? { channel, originator, admittedAt, commitment } : undefined;
}

/** What of a message its leaf shows. */
export interface LeafOfMessage {
  readonly channel: string;
  readonly originator: string;
  readonly admittedAt: EpochMs;
  readonly commitment: Bytes;
}

/** What stands before a channel in a subject of a stream: nothing, where it is a mailbox's. */
const streamKinds = ["feed.", ""] as const;
