import { encodeReceipt, encodeSignedReceipt, outReceiptSubject } from "../../schemas/index.ts";
import { type Bytes, toFault } from "../../schemas/ground/index.ts";
import type { RelayedItem } from "../store/index.ts";
import { type Flights, makeFlights } from "./flights.ts";
import type { RelayGround } from "./ground.ts";

/** The line to one hub, as a relay uses it. */
export interface RelayLine {
  readonly hub: string;
  readonly isUp: boolean;
  publish(subject: string, bytes: Bytes): boolean;
  /** Shows it an order to erase; undefined when it does not answer. */
  askErase(order: Bytes): Promise<Bytes | undefined>;
  /** How far what is published has been carried. */
  readonly line: () => { readonly handed: number; readonly proven: number };
}

/** Posts what no hub gives a receipt for: receipts of others, and our word to senders. */
export interface RelayPost {
  /** Call about once a second. Resolves when what was carried is taken out. */
  tick(line: RelayLine): Promise<void>;
}

const atOnce = 64;

/** Signs for a sender what we took on of his, or why it comes no further. */
function signWord({ agency, clock, register, signer }: RelayGround, sender: string, items: readonly RelayedItem[]): Bytes {
  const messages = items.map(({ messageId, envelopeDigest, channel, toHub, agreementRef, takenAt: at, code }) => ({
    messageId, envelopeDigest, channel, toHub, agreementRef, at, code,
  }));
  const none = { accepted: [], refused: [], held: [], heads: [], opened: [] };
  const [issuedAt, registerEpoch] = [clock.now(), register().epoch];
  const said = { version: 1, issuer: agency, recipient: sender, issuedAt, registerEpoch };
  const receipt = encodeReceipt({ ...said, ...none, relayed: { messages } });
  return encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
} // prettier-ignore

class Post implements RelayPost {
  readonly #ground: RelayGround;
  readonly #flights: Flights;

  constructor(ground: RelayGround) {
    this.#ground = ground;
    this.#flights = makeFlights(ground.clock);
  }

  async tick(line: RelayLine): Promise<void> {
    if (!line.isUp) return;
    const { store } = this.#ground;
    const receipts = store.relayedReceipts.queued(line.hub, atOnce);
    const untold = store.relayedMails.untold(line.hub, atOnce);
    const carried = receipts.filter(({ seq }) => this.#flights.isCarried(line, `receipt ${seq}`));
    const told = untold.filter((item) => this.#flights.isCarried(line, this.#nameOf(item)));
    this.#postReceipts(line, receipts);
    this.#postWords(line, untold);
    if (carried.length + told.length === 0) return;
    await store.write(() => {
      store.relayedReceipts.drop(carried.map(({ seq }) => seq));
      // what came to an end meanwhile is told once more, with its code
      const same = told.filter(({ seq, code }) => store.relayedMails.get(seq)?.code === code);
      store.relayedMails.tell(same.map(({ seq }) => seq));
    });
    for (const { seq } of carried) this.#flights.drop(line, `receipt ${seq}`);
    for (const item of told) this.#flights.drop(line, this.#nameOf(item));
  }

  #nameOf({ seq, code = "" }: RelayedItem): string {
    return `word ${seq} ${code}`;
  }

  #postReceipts(line: RelayLine, receipts: ReturnType<RelayGround["store"]["relayedReceipts"]["queued"]>): void {
    for (const { seq, recipient, bytes } of receipts) {
      const name = `receipt ${seq}`;
      if (!this.#flights.isDue(line, name)) continue;
      if (line.publish(outReceiptSubject(recipient), bytes)) this.#flights.note(line, name);
    }
  }

  #postWords(line: RelayLine, items: readonly RelayedItem[]): void {
    const due = items.filter((item) => this.#flights.isDue(line, this.#nameOf(item)));
    for (const [sender, own] of Map.groupBy(due, (item) => item.sender)) {
      try {
        const word = signWord(this.#ground, sender, own);
        if (!line.publish(outReceiptSubject(sender), word)) return;
      } catch (error) {
        this.#ground.log.error("a relay's word could not be signed", { code: toFault(error, "KEY_UNUSABLE").code });
        return;
      }
      for (const item of own) this.#flights.note(line, this.#nameOf(item));
    }
  }
} // prettier-ignore

/** Builds the post of a relay. */
export function makeRelayPost(ground: RelayGround): RelayPost {
  return new Post(ground);
}
