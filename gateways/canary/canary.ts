import { z } from "zod";

import { encodeReceipt, encodeSignedReceipt, outReceiptSubject } from "../../schemas/index.ts";
import {
  type Bytes,
  type Chance,
  type Clock,
  type EpochMs,
  type Log,
  makeUuid,
  renderHex,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";

/** What `gateway.json` may say of canaries; left out none is sent. */
export const canaryShape = z.strictObject({
  /** How often one is sent to each hub. */
  everyMinutes: z.int().min(1).max(1_440).default(30),
  /** After how long one that is not back counts as lost. */
  lateMinutes: z.int().min(1).max(1_440).default(5),
});

/** How often, and for how long one is waited for. */
export type CanaryChoice = z.infer<typeof canaryShape>;

/** How the canaries of one hub did since the gateway began. */
export interface CanaryStanding {
  readonly hub: string;
  readonly sent: number;
  readonly back: number;
  readonly lost: number;
  /** When the last came back, and how long it took. */
  readonly backAt?: EpochMs | undefined;
  readonly seconds?: number | undefined;
  /** Whether one is late now, and none came back since. */
  readonly isLate: boolean;
}

/** The canaries of one hub. */
export interface Canary {
  readonly standing: CanaryStanding;
  /** Call about once a second; by a clock that is wrong, or without a link, none is sent. */
  tick(isReady: boolean): void;
  /** Takes out of what came as receipts what was sent here, byte for byte; gives the rest. */
  sift(receipts: readonly Bytes[]): readonly Bytes[];
}

/** What canaries are made with. */
export interface CanaryParts {
  readonly agency: string;
  readonly hub: string;
  readonly choice: CanaryChoice;
  readonly signer: Pick<Signer, "sign">;
  readonly epoch: () => number;
  /** False when it could not be sent. */
  readonly publish: (subject: string, bytes: Bytes) => boolean;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

const minuteMs = 60_000;
/** How many are remembered: one that was lost and comes after all is still known for what it is. */
const maxRemembered = 64;

interface Sent {
  readonly at: number;
  isLost: boolean;
}

/** A receipt of ours to ourselves about nothing: drawn numbers stand where a message would. */
function render({ agency, signer, epoch, clock, chance }: CanaryParts): Bytes {
  const now = clock.now();
  const line = { messageId: makeUuid(now, chance), envelopeDigest: chance.bytes(32), openedAt: now, reader: 1 };
  const receipt = encodeReceipt({
    version: 1,
    issuer: agency,
    recipient: agency,
    issuedAt: now,
    accepted: [],
    refused: [],
    held: [],
    heads: [],
    opened: [line],
    registerEpoch: epoch(),
  });
  return encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
} // prettier-ignore

class SentCanaries implements Canary {
  readonly #parts: CanaryParts;
  readonly #sent = new Map<string, Sent>();
  readonly #counts = { sent: 0, back: 0, lost: 0 };
  #last: { readonly backAt: EpochMs; readonly seconds: number } | undefined;
  #isLate = false;
  #dueAt: number;

  constructor(parts: CanaryParts) {
    this.#parts = parts;
    this.#dueAt = parts.clock.elapsed();
  }

  get standing(): CanaryStanding {
    return { hub: this.#parts.hub, ...this.#counts, ...this.#last, isLate: this.#isLate };
  }

  tick(isReady: boolean): void {
    this.#missLate();
    const { clock, choice } = this.#parts;
    if (!isReady || clock.elapsed() < this.#dueAt) return;
    this.#dueAt = clock.elapsed() + choice.everyMinutes * minuteMs;
    this.#send();
  }

  sift(receipts: readonly Bytes[]): readonly Bytes[] {
    if (this.#sent.size === 0) return receipts;
    return receipts.filter((bytes) => !this.#takeBack(renderHex(sha256(bytes))));
  }

  #send(): void {
    const { agency, publish, clock, log } = this.#parts;
    try {
      const bytes = render(this.#parts);
      if (!publish(outReceiptSubject(agency), bytes)) return;
      this.#sent.set(renderHex(sha256(bytes)), { at: clock.elapsed(), isLost: false });
      this.#counts.sent += 1;
    } catch (error) {
      log.error("a canary could not be sent", { code: toFault(error, "KEY_UNUSABLE").code });
    }
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > maxRemembered && oldest !== undefined) this.#sent.delete(oldest);
  }

  #missLate(): void {
    const { clock, choice, log, hub } = this.#parts;
    const before = clock.elapsed() - choice.lateMinutes * minuteMs;
    for (const one of this.#sent.values()) {
      if (one.isLost || one.at > before) continue;
      one.isLost = true;
      this.#counts.lost += 1;
      if (!this.#isLate) log.warn("a canary did not come back", { hub });
      this.#isLate = true;
    }
  }

  #takeBack(digest: string): boolean {
    const one = this.#sent.get(digest);
    if (one === undefined) return false;
    this.#sent.delete(digest);
    const { clock, log, hub } = this.#parts;
    this.#counts.back += 1;
    const ms = clock.elapsed() - one.at;
    this.#last = { backAt: clock.now(), seconds: ms / 1_000 };
    if (this.#isLate) log.info("canaries come back again", { hub, ms: Math.round(ms) });
    this.#isLate = false;
    return true;
  }
}

/** Builds the canaries of one hub; the first is sent as soon as the link is up. */
export function makeCanary(parts: CanaryParts): Canary {
  return new SentCanaries(parts);
}
