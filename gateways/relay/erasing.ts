import { encodeReceipt, encodeSignedReceipt, outReceiptSubject } from "../../schemas/index.ts";
import { type Bytes, toFault } from "../../schemas/ground/index.ts";
import type { RelayedErasure } from "../store/index.ts";
import { type Flights, makeFlights } from "./flights.ts";
import type { RelayGround } from "./ground.ts";
import type { RelayLine } from "./post.ts";
import { checkAnswer, type TakenOrder } from "./take-orders.ts";

/** Has hubs beyond erase what its senders take back, and brings the answers. */
export interface Erasing {
  /** Takes orders in, and sends on nothing of what they are about. Runs inside a write. */
  take(orders: readonly TakenOrder[]): void;
  /** Call about once a second. Resolves when the hub was asked. */
  tick(line: RelayLine): Promise<void>;
}

const atOnce = 16;
/** A hub that does not answer is asked again after this, and later less often. */
const againMs = 30_000;
const longestMs = 600_000;

interface Asked {
  readonly at: number;
  readonly waitMs: number;
}

function signAnswers({ agency, clock, register, signer }: RelayGround, sender: string, own: readonly RelayedErasure[]): Bytes {
  const answers = own.flatMap(({ toHub: hub, answer: word }) => (word === undefined ? [] : [{ hub, word }]));
  const none = { accepted: [], refused: [], held: [], heads: [], opened: [] };
  const said = { version: 1, issuer: agency, recipient: sender, issuedAt: clock.now(), registerEpoch: register().epoch };
  const receipt = encodeReceipt({ ...said, ...none, farErasures: { orders: [], answers } });
  return encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
} // prettier-ignore

class RunningErasing implements Erasing {
  readonly #ground: RelayGround;
  readonly #flights: Flights;
  readonly #asked = new Map<number, Asked>();

  constructor(ground: RelayGround) {
    this.#ground = ground;
    this.#flights = makeFlights(ground.clock);
  }

  take(orders: readonly TakenOrder[]): void {
    const { relayedErasures, relayedMails: mails } = this.#ground.store;
    for (const order of orders) {
      relayedErasures.add(order);
      const { messageId, envelopeDigest, sender, channel } = order;
      const own = mails.passedMessage(messageId, envelopeDigest);
      // what is under way to the hub at this moment is asked about again when the hub says that it took it
      for (const item of own)
        if (item.sender === sender && item.channel === channel) mails.end(item.seq);
    }
  }

  async tick(line: RelayLine): Promise<void> {
    if (!line.isUp) return;
    await this.#ask(line);
    await this.#tell(line);
  }

  async #ask(line: RelayLine): Promise<void> {
    const { clock, store } = this.#ground;
    const due = store.relayedErasures
      .unasked(line.hub, atOnce)
      .filter(({ seq }) => (this.#asked.get(seq)?.at ?? 0) <= clock.elapsed());
    for (const erasure of due) {
      const answer = await this.#answerOf(line, erasure);
      // one that does not answer this does not answer the next
      if (answer === undefined) return this.#wait(erasure);
      this.#asked.delete(erasure.seq);
      await store.write(() => store.relayedErasures.answer(erasure.seq, answer));
    }
  } // prettier-ignore

  #wait({ seq }: RelayedErasure): void {
    const waitMs = Math.min(longestMs, 2 * (this.#asked.get(seq)?.waitMs ?? againMs / 2));
    this.#asked.set(seq, { at: this.#ground.clock.elapsed() + waitMs, waitMs });
  }

  async #answerOf(line: RelayLine, erasure: RelayedErasure): Promise<Bytes | undefined> {
    const answer = await line.askErase(erasure.word);
    if (answer === undefined) return undefined;
    try {
      checkAnswer(this.#ground, erasure, answer);
      return answer;
    } catch (error) {
      const { code } = toFault(error, "RECEIPT_INVALID");
      this.#ground.log.warn("a hub's word that it erased something was not proved", { code, hub: line.hub });
      return undefined;
    }
  } // prettier-ignore

  async #tell(line: RelayLine): Promise<void> {
    const { store } = this.#ground;
    const untold = store.relayedErasures.untold(line.hub, atOnce);
    const told = untold.filter((one) => this.#flights.isCarried(line, this.#nameOf(one)));
    this.#post(line, untold.filter((one) => !told.includes(one)));
    if (told.length === 0) return;
    await store.write(() => store.relayedErasures.tell(told.map(({ seq }) => seq)));
    for (const one of told) this.#flights.drop(line, this.#nameOf(one));
  } // prettier-ignore

  #nameOf({ seq }: RelayedErasure): string {
    return `answer ${seq}`;
  }

  #post(line: RelayLine, untold: readonly RelayedErasure[]): void {
    const due = untold.filter((one) => this.#flights.isDue(line, this.#nameOf(one)));
    for (const [sender, own] of Map.groupBy(due, (one) => one.sender)) {
      try {
        if (!line.publish(outReceiptSubject(sender), signAnswers(this.#ground, sender, own))) return;
      } catch (error) {
        const { code } = toFault(error, "KEY_UNUSABLE");
        this.#ground.log.error("a hub's answer could not be brought back", { code });
        return;
      }
      for (const one of own) this.#flights.note(line, this.#nameOf(one));
    }
  } // prettier-ignore
}

/** Builds what has hubs beyond erase, for the senders whose mail we relay. */
export function makeErasing(ground: RelayGround): Erasing {
  return new RunningErasing(ground);
}
