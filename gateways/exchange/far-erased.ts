import type { Erasure, FarErasure } from "../../schemas/index.ts";
import { isFault, sameBytes } from "../../schemas/ground/index.ts";
import type { Office } from "./office.ts";
import { type ProvenReceipt, verifyReceipt } from "./verify/receipt.ts";

/** A proven receipt of a relay while its lines are applied, inside a write. */
export interface FarErasedBy {
  readonly office: Office;
  readonly proven: ProvenReceipt;
  readonly moved: Set<number>;
}

function proveWord(office: Office, { hub, word }: FarErasure): ProvenReceipt | undefined {
  try {
    const { agency, clock } = office;
    const said = verifyReceipt(word, { register: office.register(), agency, now: clock.now() });
    return said.isHub && said.receipt.issuer === hub ? said : undefined;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
} // prettier-ignore

/** Whether a hub beyond was asked to erase exactly this, by this relay. */
function isAsked({ office, proven }: FarErasedBy, hub: string, line: Erasure): boolean {
  const { store, agency } = office;
  const known = store.messages.known("out", agency, line.messageId);
  const asked = store.farErasures.of(line.messageId).find(({ channel }) => channel === line.channel);
  const isOurs = known !== undefined && sameBytes(known.digest, line.envelopeDigest);
  return isOurs && asked?.hub === hub && asked.relay === proven.receipt.issuer;
} // prettier-ignore

/**
 * Applies the answer of a hub that we are not linked to, as a relay brings it: proved by that hub's signature, whatever the relay
 * says; of exactly what we had asked for. The first answer stands, and is kept as it was signed.
 *
 * @returns why it is passed over
 */
export function applyFarErased(by: FarErasedBy, answer: FarErasure): string | undefined {
  const { office, moved } = by;
  const { store, agency, clock } = office;
  const said = proveWord(office, answer);
  if (said === undefined) return "erased beyond: no word of that hub";
  const { issuer, issuedAt, erasures } = said.receipt;
  const lines = (erasures?.messages ?? []).filter((line) => isAsked(by, issuer, line));
  if (lines.length === 0) return "erased beyond: nothing that was asked";
  const { seq: receipt } = store.ladder.addReceipt({ issuer, issuedAt, receivedAt: clock.now(), raw: said.raw });
  for (const { messageId: target, channel, stream = "", streamSequence: sequence, erasedAt: at = issuedAt } of lines) {
    const isFirst = store.farErasures.answer({ target, channel }, { stream, sequence, at, receipt });
    const known = store.messages.known("out", agency, target);
    if (isFirst && known !== undefined) moved.add(known.seq);
  }
  return undefined;
} // prettier-ignore
