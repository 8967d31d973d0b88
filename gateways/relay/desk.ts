import type { Accepted, Refused } from "../../schemas/index.ts";
import { faults, isFaultCode, toFault } from "../../schemas/ground/index.ts";
import { outSubject, receiptSubject } from "../../schemas/index.ts";
import { coversMail, isRelayInForce } from "../../certs/trust/index.ts";
import { findMailOwner } from "../exchange/index.ts";
import type { Incoming, SendQueue } from "../link/index.ts";
import type { RelayedItem } from "../store/index.ts";
import { type Erasing, makeErasing } from "./erasing.ts";
import { isRelay, type RelayGround } from "./ground.ts";
import { makeRelayPost, type RelayLine, type RelayPost } from "./post.ts";
import { judgeMail } from "./take-mail.ts";
import { judgeOrders } from "./take-orders.ts";
import { judgeReceipt, spansOf } from "./take-receipt.ts";

export type { RelayLine } from "./post.ts";

/** All that a gateway does as a relay; nothing where the register names it as none. */
export interface RelayDesk {
  /** Takes others' mail out of a batch and gives the rest; resolves when it is on the disk. */
  siftMail(hub: string, batch: readonly Incoming[]): Promise<readonly Incoming[]>;
  /** The same of receipts. */
  siftReceipts(hub: string, batch: readonly Incoming[]): Promise<readonly Incoming[]>;
  /** What goes to a hub, of others and of our own. */
  joinQueue(hub: string, own: SendQueue): SendQueue;
  /** A hub took what we relayed; false where it is none of that. Runs inside a write. */
  accepted(hub: string, line: Accepted): boolean;
  /**
   * A hub refused it; the number to put off where it may take it later. Undefined where it is none of that. Runs inside a write.
   */
  refused(hub: string, line: Refused): { readonly postpone: number | undefined } | undefined;
  /** A hub can be reached: what it accepted and nobody holds is shown to it once more. */
  rise(hub: string): void;
  /** Call about once a second. */
  tick(lines: readonly RelayLine[]): void;
}

/** Sets our items apart from the outbox's: below all of its numbers, the oldest first. */
const apart = 2 ** 52;
/** Relayed mail says no urgency outside; it goes after our own. */
const rank = 0;
/** A hub that lost what it had accepted is given it again after this. */
const againMs = 3_600_000;
const sweepMs = 60_000;

class Desk implements RelayDesk {
  readonly #ground: RelayGround;
  readonly #wake: () => void;
  readonly #post: RelayPost;
  readonly #erasing: Erasing;
  readonly #risen = new Map<string, number>();
  #sweptAt = 0;
  /** The register by which what waits was looked through. */
  #sweptBy = "";
  #isBusy = false;

  constructor(ground: RelayGround, wake: () => void) {
    this.#ground = ground;
    this.#wake = wake;
    this.#post = makeRelayPost(ground);
    this.#erasing = makeErasing(ground);
  }

  async siftMail(hub: string, batch: readonly Incoming[]): Promise<readonly Incoming[]> {
    const { agency, store } = this.#ground;
    const register = this.#ground.register();
    if (!isRelay(register, agency)) return batch;
    const far = batch.flatMap(({ subject, bytes }) => {
      const owner = findMailOwner(register, subject.split(".").slice(0, 2).join("."));
      return owner === undefined || owner === agency ? [] : [{ hub, recipient: owner, subject, bytes }];
    });
    if (far.length === 0) return batch;
    const taken = far.flatMap((mail) => judgeMail(this.#ground, mail) ?? []);
    await store.write(() => {
      // its sender had it erased before it came here
      for (const item of taken) if (!store.relayedErasures.has(item)) store.relayedMails.add(item);
    });
    this.#wake();
    const subjects = new Set(far.map(({ subject }) => subject));
    return batch.filter(({ subject }) => !subjects.has(subject));
  }

  async siftReceipts(hub: string, batch: readonly Incoming[]): Promise<readonly Incoming[]> {
    const { agency, store } = this.#ground;
    if (!isRelay(this.#ground.register(), agency)) return batch;
    const own = receiptSubject(agency);
    const far = batch.filter(({ subject }) => subject !== own);
    await this.#takeOrders(hub, batch.filter(({ subject }) => subject === own));
    if (far.length === 0) return batch;
    const taken = far.flatMap(({ bytes }) => judgeReceipt(this.#ground, hub, bytes) ?? []);
    await store.write(() => {
      for (const { receipt, issuer, sender, held } of taken) {
        store.relayedReceipts.add(receipt);
        // what its reader holds is over; nobody else's word ends it
        const open = held.flatMap((line) => spansOf(sender, line)).flatMap((span) => store.relayedMails.open(span));
        for (const { seq, recipient } of open) if (recipient === issuer) store.relayedMails.end(seq);
      }
    });
    return batch.filter(({ subject }) => subject === own);
  }

  async #takeOrders(hub: string, batch: readonly Incoming[]): Promise<void> {
    const orders = batch.flatMap(({ bytes }) => judgeOrders(this.#ground, hub, bytes));
    if (orders.length > 0) await this.#ground.store.write(() => this.#erasing.take(orders));
  }

  joinQueue(hub: string, own: SendQueue): SendQueue {
    const { relayedMails: mails } = this.#ground.store;
    return {
      waiting: (limit) => {
        const ours = own.waiting(limit);
        const others = mails.queued(hub, limit).map((seq) => ({ seq: seq - apart, rank, isUrgent: false }));
        if (others.length === 0) return ours;
        return [...ours, ...others].toSorted((a, b) => b.rank - a.rank || a.seq - b.seq).slice(0, limit);
      },
      load: (seq) => {
        if (seq > 0) return own.load(seq);
        const item = mails.get(seq + apart);
        if (item?.state !== "WAITING" || item.bytes === undefined || !this.#mayGo(item)) return undefined;
        return { subject: outSubject(item.channel), bytes: item.bytes };
      },
    };
  }

  accepted(hub: string, { envelopeDigest, channel }: Accepted): boolean {
    const { relayedMails: mails } = this.#ground.store;
    const item = mails.find(envelopeDigest, channel);
    if (item === undefined || item.toHub !== hub) return false;
    mails.accept(item.seq, this.#ground.clock.now());
    if (item.state === "DONE") this.#ground.store.relayedErasures.again(item);
    return true;
  }

  refused(hub: string, { publicationDigest, code }: Refused): { readonly postpone: number | undefined } | undefined {
    const { relayedMails: mails } = this.#ground.store;
    const item = mails.bySent(publicationDigest);
    if (item === undefined || item.toHub !== hub) return undefined;
    if (isFaultCode(code) && faults[code].retry === "later") return { postpone: item.seq - apart };
    // what it took once is there, or was read; that it does not take it again is no word for its sender
    if (item.wasAccepted === true) mails.rest(item.seq);
    else mails.end(item.seq, code);
    return { postpone: undefined };
  }

  rise(hub: string): void {
    const { clock, store } = this.#ground;
    const before = this.#risen.get(hub);
    if (before !== undefined && before + againMs > clock.elapsed()) return;
    this.#risen.set(hub, clock.elapsed());
    this.#write(() => store.relayedMails.again(hub), "what a hub accepted could not be put back");
  }

  tick(lines: readonly RelayLine[]): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#work(lines)
      .catch((error: unknown) => this.#tell(error, "relayed receipts wait"))
      .finally(() => {
        this.#isBusy = false;
      });
  }

  async #work(lines: readonly RelayLine[]): Promise<void> {
    const { clock, store } = this.#ground;
    for (const line of lines) await this.#post.tick(line);
    for (const line of lines) await this.#erasing.tick(line);
    const { key } = this.#ground.register();
    if (clock.elapsed() < this.#sweptAt && key === this.#sweptBy) return;
    this.#sweptAt = clock.elapsed() + sweepMs;
    this.#sweptBy = key;
    const ended = store.relayedMails.waiting().filter((item) => !this.#mayGo(item));
    await store.write(() => {
      for (const { seq, wasAccepted } of ended) {
        if (wasAccepted === true) store.relayedMails.rest(seq);
        else store.relayedMails.end(seq, "RELAY_NOT_AGREED");
      }
      store.relayedMails.sweep(clock.now());
      store.relayedErasures.sweep(clock.now());
    });
  }

  /** The agreement it was taken under may have ended, or been taken out, since. */
  #mayGo({ agreementRef, toHub, fromHub, sender, recipient, handling }: RelayedItem): boolean {
    const { agency, clock } = this.#ground;
    const register = this.#ground.register();
    const mail = { sender, recipient, handling };
    return register.relays.some(
      (one) =>
        one.relay === agency &&
        one.agreementRef === agreementRef &&
        [fromHub, toHub].every((hub) => one.hubs.includes(hub)) &&
        isRelayInForce(register, one, clock.now()) &&
        coversMail(register, one, mail),
    );
  }

  #write(act: () => void, says: string): void {
    this.#ground.store.write(act).catch((error: unknown) => this.#tell(error, says));
  }

  #tell(error: unknown, says: string): void {
    this.#ground.log.error(says, { code: toFault(error, "INTERNAL").code });
  }
} // prettier-ignore

/** Builds the relay's desk of a gateway. @param wake called when something is to be sent */
export function makeRelayDesk(ground: RelayGround, wake: () => void): RelayDesk {
  return new Desk(ground, wake);
}
