import {
  commitToMessage,
  isDirectChannel,
  leafChannel,
  type LogLeaf,
  parseLogLeaf,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, isFault, sameBytes } from "../../schemas/ground/index.ts";
import type { PlacedMessage } from "../store/index.ts";

function refuse(detail: string): never {
  throw new Fault("LOG_PROOF_INVALID", detail);
}

function readLeaf(bytes: Bytes): LogLeaf {
  try {
    return parseLogLeaf(bytes);
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault("LOG_PROOF_INVALID", "leaf: not well formed", { cause: error });
  }
}

/** What the leaf has to say besides its commitment and its time. */
function expectedOf({ channel, originator, stream, instance, sequence }: PlacedMessage): Omit<LogLeaf, "time" | "commitment"> {
  const place = { stream, instance, sequence };
  if (isDirectChannel(channel)) return { ...place, kind: "DIRECT" };
  return { ...place, kind: "FEED", ...leafChannel(channel), origin: originator };
} // prettier-ignore

const said = ["kind", "stream", "instance", "sequence", "rec", "crime", "handling", "family", "type", "origin", "act"] as const; // prettier-ignore

/**
 * Checks that a leaf is that of a message at its place: every field of it, and the commitment over the message's salt, id,
 * digest and channel. Says when the hub took it.
 *
 * @throws {Fault} LOG_PROOF_INVALID naming what differs
 */
export function checkLeaf(message: PlacedMessage, bytes: Bytes): EpochMs {
  const leaf = readLeaf(bytes);
  const expected: Partial<LogLeaf> = expectedOf(message);
  const other = said.find((name) => leaf[name] !== expected[name]);
  if (other !== undefined) refuse(`leaf: ${other} is another than the message's`);
  const { id, digest: envelopeDigest, channel, salt, after, before } = message;
  const commitment = commitToMessage(salt, { id, envelopeDigest, channel });
  if (leaf.commitment === undefined || !sameBytes(leaf.commitment, commitment)) {
    refuse("leaf: it binds another message");
  }
  if (leaf.time < after || leaf.time > before) refuse("leaf: its time does not fit the message");
  return leaf.time;
}
