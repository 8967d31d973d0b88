import type { Refused, TakenOn } from "../../schemas/index.ts";
import { sameBytes } from "../../schemas/ground/index.ts";
import { isRelayAt } from "../../certs/trust/index.ts";
import type { StoredPublication } from "../store/index.ts";
import type { Office } from "./office.ts";
import type { ProvenReceipt } from "./verify/receipt.ts";

/** A proven receipt of a relay while its lines are applied, inside a write. */
export interface TakenOnBy {
  readonly office: Office;
  readonly proven: ProvenReceipt;
  /** Place of the receipt in the store. */
  readonly receipt: number;
  readonly moved: Set<number>;
}

/**
 * Applies a relay's word on a message of ours: a rung that it was taken on, or that it comes no further, which ends that
 * publication. Only a relay at the hub it went by may say so, and only of exactly what we signed. A relay that lies about it
 * could as well have dropped it.
 *
 * @returns why the line is passed over
 */
export function applyTakenOn(
  { office, proven, receipt, moved }: TakenOnBy,
  line: TakenOn,
  refuse: (publication: StoredPublication, refusal: Refused) => void,
): string | undefined {
  const { messages, outbox, ladder } = office.store;
  const { issuer } = proven.receipt;
  const known = messages.known("out", office.agency, line.messageId);
  if (known === undefined || !sameBytes(known.digest, line.envelopeDigest)) return "taken on: no such message of ours";
  const publication = outbox.byMessage(known.seq).find(({ channel }) => channel === line.channel);
  if (publication === undefined) return "taken on: another channel";
  if (!isRelayAt(office.register(), issuer, publication.hub)) return "taken on: by no relay there";
  const { channel, at, code, toHub } = line;
  if (code === undefined) {
    ladder.addRung(known.seq, { kind: "TAKEN_ON", issuer, channel, at, detail: toHub }, receipt);
    moved.add(known.seq);
  } else if (publication.state === "ACCEPTED" || publication.state === "WAITING") {
    refuse(publication, { publicationDigest: publication.digest, channel, code });
  }
  return undefined;
} // prettier-ignore
