import {
  encodeRegisterOffer,
  limits,
  outRegisterSubject,
  parseRegisterOffered,
  type RegisterOffered,
  registerOfferPart,
} from "../../schemas/index.ts";
import { type Bytes, type FaultCode, isFaultCode, sha256 } from "../../schemas/ground/index.ts";
import { repositoryLimits, timestampPath } from "../../certs/trust/index.ts";
import type { HubConnection } from "./connect.ts";
import { type HeldRegister, versionOf } from "./register.ts";
import { makeHubSource } from "./register-source.ts";

/** What became of an offer. NOT_BEHIND: the hub holds one as new. */
export type OfferEnd = "NOT_BEHIND" | "TAKEN" | FaultCode;

const timeoutMs = 10_000;

async function give(connection: HubConnection, { bytes, view }: HeldRegister, offset: number): Promise<RegisterOffered> {
  const { version } = view.trusted.timestamp;
  const piece = bytes.subarray(offset, offset + limits.registerPieceBytes);
  const offer = encodeRegisterOffer({ version, digest: sha256(bytes), size: bytes.length, offset, piece });
  return parseRegisterOffered(await connection.request(outRegisterSubject(registerOfferPart), offer, timeoutMs));
} // prettier-ignore

function codeOf(code: string): OfferEnd {
  if (code === "REGISTER_ROLLBACK") return "NOT_BEHIND";
  return isFaultCode(code) ? code : "REGISTER_INVALID";
}

/** Each piece once, and some again: a hub that asks for the same one over and over is left. */
function roundsFor({ length }: Bytes): number {
  return 2 * Math.ceil(length / limits.registerPieceBytes) + 2;
}

/**
 * Hands a hub the register that we hold, where it holds an older one. The hub proves it; of what it answers nothing is believed
 * but that it wants to be handed something.
 *
 * @throws {Fault} HUB_UNREACHABLE, REGISTER_INVALID, CODEC_MALFORMED, SCHEMA_INVALID: also from a hub that takes no offers
 */
export async function offerRegister(connection: HubConnection, held: HeldRegister): Promise<OfferEnd> {
  const path = { path: timestampPath, maxBytes: repositoryLimits.timestampBytes };
  const theirs = await makeHubSource(connection).ask(path);
  if (theirs === undefined || versionOf(theirs) >= held.view.trusted.timestamp.version) return "NOT_BEHIND";
  let offset = 0;
  for (let left = roundsFor(held.bytes); left > 0; left -= 1) {
    const { next, code } = await give(connection, held, offset);
    if (code !== undefined) return codeOf(code);
    if (next === undefined) return "TAKEN";
    if (next >= held.bytes.length) return "REGISTER_INVALID";
    offset = next;
  }
  return "REGISTER_INVALID";
} // prettier-ignore
