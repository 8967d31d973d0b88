import {
  bodyCodecs,
  type DirectoryAuthority,
  type DirectoryPing,
  type DirectoryPingAnswer,
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  joinParts,
  parseEnvelope,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, renderUuid } from "../../schemas/ground/index.ts";
import type { Store, StoredMessage, StoredSummary } from "../store/index.ts";

/** A message of the directory, as far as it is needed to judge it. */
export interface Held<T> {
  readonly id: string;
  readonly box: "in" | "out";
  readonly originator: string;
  readonly audience: readonly string[];
  readonly crimes: readonly string[];
  readonly handling: string;
  readonly at: EpochMs;
  readonly inReplyTo?: string | undefined;
  readonly body: T;
}

type Bodies = {
  readonly "directory.authority": DirectoryAuthority;
  readonly "directory.ping": DirectoryPing;
  readonly "directory.ping_answer": DirectoryPingAnswer;
};

/** More is no directory that a person reads; a continent has a few hundred. */
const maxRead = 4_000;

/** Whether a message counts: what lies in quarantine, was refused or is past its time does not. */
function stands({ box, state, status, expiresAt }: StoredSummary, now: EpochMs): boolean {
  if (status !== "ACTUAL" || expiresAt <= now) return false;
  return box === "in" ? state === "VERIFIED" : state !== "REFUSED" && state !== "STOPPED";
}

function uuidOf(bytes: Bytes | undefined): string | undefined {
  return bytes === undefined ? undefined : renderUuid(bytes);
}

function heldOf<T>(message: StoredMessage, decode: (body: Bytes) => T): Held<T> | undefined {
  const { parts, raw, id, box, originator, audience, crimes, handling } = message;
  if (parts === undefined) return undefined;
  const { innerHeader, body } = joinParts(decodeParts(parts).parts);
  const { inReplyTo } = parseEnvelope(decodeMessage(raw).envelope);
  return {
    id: renderUuid(id),
    box,
    originator,
    audience,
    crimes,
    handling,
    at: message.createdAt,
    inReplyTo: uuidOf(inReplyTo ?? decodeInnerHeader(innerHeader).inReplyTo),
    body: decode(body),
  };
}

/** Reads the messages of one type that stand, the newest first; each is opened once. */
export function makeReader<T extends keyof Bodies>(
  { messages }: Pick<Store, "messages">,
  type: T,
): (now: EpochMs) => readonly Held<Bodies[T]>[] {
  const known = new Map<number, Held<Bodies[T]>>();
  const { decode } = bodyCodecs[type];
  const read = (seq: number): Held<Bodies[T]> | undefined => {
    const held = known.get(seq);
    if (held !== undefined) return held;
    const message = messages.get(seq);
    const made = message === undefined ? undefined : heldOf<Bodies[T]>(message, decode);
    if (made !== undefined) known.set(seq, made);
    return made;
  };
  return (now) => {
    const wish = { codes: [["type", [type]]] } as const;
    const standing = messages.list({ wish, limit: maxRead }).filter((one) => stands(one, now));
    const seqs = new Set(standing.map(({ seq }) => seq));
    for (const seq of known.keys()) if (!seqs.has(seq)) known.delete(seq);
    return standing.flatMap(({ seq }) => read(seq) ?? []);
  };
}
