import {
  encodeReceipt,
  encodeSignedReceipt,
  isDirectChannel,
  outReceiptSubject,
  type Receipt,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, renderHex, toFault } from "../../schemas/ground/index.ts";
import { relayWaysOf } from "../../certs/trust/index.ts";
import { findMailOwner } from "../exchange/index.ts";
import type { StoredMessage, StoredPublication } from "../store/index.ts";
import { farEndMs } from "./far-standing.ts";
import type { RecallParts } from "./parts.ts";

type Place = Pick<RecallParts, "agency" | "store" | "register" | "clock">;

/** Where a relay brought a message of ours, or may have: a hub that we are not linked to. */
export interface FarPlace {
  readonly message: StoredMessage;
  readonly channel: string;
  /** Our hub, from which the relay takes it. */
  readonly fromHub: string;
  readonly relay: string;
  readonly hub: string;
}

/** Orders in one receipt. */
const maxOrders = 16;
/** The relay keeps an order; it is given again only for the case that it never came, and ever more seldom. */
const againMs = 10 * 60_000;
const longestAgainMs = 6 * 3_600_000;

/** By the relay's own word; before that by the way it would take. Nothing where the register names no relay for it any more. */
function farPlaceOf(place: Place, message: StoredMessage, { channel, hub: fromHub }: StoredPublication): FarPlace | undefined {
  const { agency: sender, store } = place;
  const register = place.register();
  const recipient = isDirectChannel(channel) ? findMailOwner(register, channel) : undefined;
  if (recipient === undefined || recipient === sender) return undefined;
  const ways = relayWaysOf(register, { sender, recipient }).filter((way) => way.fromHub === fromHub);
  const taken = store.ladder.rungs(message.seq).find((rung) => rung.kind === "TAKEN_ON" && rung.channel === channel);
  const way = ways.find(({ agreement, toHub }) => taken === undefined || (agreement.relay === taken.issuer && toHub === taken.detail));
  return way === undefined ? undefined : { message, channel, fromHub, relay: way.agreement.relay, hub: way.toHub };
} // prettier-ignore

/** Hubs beyond that have not said yet that they keep nothing of a message of ours; not those that were asked until nothing lay there. */
export function farLeft(place: Place, message: StoredMessage): readonly FarPlace[] {
  const { store, clock } = place;
  const over = clock.now() - farEndMs;
  const gone = new Set(
    store.farErasures
      .of(message.id)
      .flatMap(({ channel, answer, askedAt }) =>
        answer === undefined && askedAt > over ? [] : [channel],
      ),
  );
  return store.outbox
    .byMessage(message.seq)
    .filter(({ state, channel }) => state === "ACCEPTED" && !gone.has(channel))
    .flatMap((publication) => farPlaceOf(place, message, publication) ?? []);
}

type Said = Pick<Receipt, "recipient"> & Partial<Pick<Receipt, "erasures" | "farErasures">>;

function sign({ agency, signer, clock, register }: RecallParts, said: Said): Bytes {
  const none = { accepted: [], refused: [], held: [], heads: [], opened: [] };
  const own = { version: 1, issuer: agency, issuedAt: clock.now(), registerEpoch: register().epoch };
  const receipt = encodeReceipt({ ...own, ...none, ...said });
  return encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
} // prettier-ignore

/** Our order to that hub, which its relay shows to it and cannot change. */
function orderTo(parts: RecallParts, { message, channel, hub }: FarPlace): { readonly hub: string; readonly word: Bytes } {
  const messages = [{ messageId: message.id, envelopeDigest: message.digest, channel }];
  return { hub, word: sign(parts, { recipient: hub, erasures: { messages, chunks: [] } }) };
} // prettier-ignore

/** Whether the relay was given the orders. */
function give(parts: RecallParts, own: readonly FarPlace[]): boolean {
  const [first] = own;
  if (first === undefined || parts.tell === undefined) return false;
  const { relay, fromHub } = first;
  const orders = own.map((place) => orderTo(parts, place));
  const receipt = sign(parts, { recipient: relay, farErasures: { orders, answers: [] } });
  return parts.tell(fromHub, outReceiptSubject(relay), receipt);
}

/** When each was given to its relay last, by what it is about; after a start it is given once more. */
export type FarGiven = Map<string, EpochMs>;

function nameOf({ message, channel }: FarPlace): string {
  return `${renderHex(message.digest)} ${channel}`;
}

function isDue({ store, clock }: RecallParts, place: FarPlace, given: FarGiven): boolean {
  const { message, channel } = place;
  const asked = store.farErasures.of(message.id).find((one) => one.channel === channel);
  const at = given.get(nameOf(place));
  if (asked === undefined || at === undefined) return true;
  const waitMs = Math.min(longestAgainMs, Math.max(againMs, (clock.now() - asked.askedAt) / 12));
  return at + waitMs <= clock.now();
}

/** Has relays bring our orders to the hubs beyond, for messages that are taken back whole. */
export async function askFarHubs(parts: RecallParts, own: readonly StoredMessage[], given: FarGiven): Promise<void> {
  const { store, clock } = parts;
  const due = own.flatMap((message) => farLeft(parts, message)).filter((place) => isDue(parts, place, given));
  for (const some of Map.groupBy(due, ({ relay, fromHub }) => `${relay} ${fromHub}`).values()) {
    const batch = some.slice(0, maxOrders);
    try {
      if (!give(parts, batch)) continue;
    } catch (error) {
      parts.log.error("an order to a hub beyond could not be signed", { code: toFault(error, "KEY_UNUSABLE").code });
      return;
    }
    for (const place of batch) given.set(nameOf(place), clock.now());
    await store.write(() => {
      for (const { message, channel, relay, hub } of batch) {
        store.farErasures.ask({ target: message.id, digest: message.digest, channel, relay, hub, askedAt: clock.now() });
      }
    });
  }
} // prettier-ignore
