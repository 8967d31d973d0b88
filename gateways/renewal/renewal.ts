import { bytesKey, type Clock, Fault, type Log } from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import {
  type CertificateEnd,
  chooseHand,
  chooseLinks,
  type ChoicePlace,
  findEnds,
  isNamed,
  KeyStock,
  makeAlarms,
  makeChangingSigner,
  type OwnLink,
  type OwnPair,
  type OwnSealing,
  realDisk,
  type RenewalDisk,
  type RenewalPlace,
  type SigningHand,
} from "../../certs/renewal/index.ts";
import { chooseSealing } from "./choice.ts";

/** What renewal is made of. */
export interface RenewalOptions extends RenewalPlace {
  readonly agency: string;
  readonly register: () => RegisterView;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when another certificate is to be shown to the hub than before. */
  readonly onLink: () => void;
  readonly disk?: RenewalDisk | undefined;
}

/** A gateway's own keys, as they change. */
export interface Renewal {
  /** Signs with the keys of the moment. */
  readonly signer: Signer;
  /** Every key that something may still be sealed to, the newest first. The same list as long as nothing changed. */
  sealing(): readonly OwnSealing[];
  /** What may be shown to the hub, the preferred one first; at least one. */
  links(): readonly OwnLink[];
  /** A hub said that it judges by this epoch of the register. */
  sawHub(epoch: number): void;
  /** Asks for what is due, takes what came, and tells of what ends. Never rejects: what fails is tried again. */
  tend(): Promise<void>;
  ends(): readonly GatewayEnd[];
}

/** Until when something holds; a gateway shows no server's certificate. */
export interface GatewayEnd extends CertificateEnd {
  readonly kind: Exclude<CertificateEnd["kind"], "SERVER">;
}

function isGatewayEnd(end: CertificateEnd): end is GatewayEnd {
  return end.kind !== "SERVER";
}

class Keeper implements Renewal {
  readonly signer: Signer;
  readonly #options: RenewalOptions;
  readonly #stock: KeyStock;
  readonly #alarm: ReturnType<typeof makeAlarms>;
  /** The epoch of the register in which each pair was first seen here. */
  readonly #named = new Map<string, number>();
  #hubEpoch = 0;
  #hand: SigningHand;
  #links: readonly OwnLink[];
  #sealing: readonly OwnSealing[];
  #tending: Promise<void> | undefined;

  constructor(options: RenewalOptions) {
    const { disk = realDisk, log } = options;
    this.#options = options;
    this.#stock = new KeyStock({ ...options, disk });
    this.#alarm = makeAlarms(log);
    this.#note();
    const { register, clock } = options;
    const place = this.#choice();
    const hand = chooseHand(this.#stock.ofKind("SIGNING"), options.more, place);
    if (hand === undefined) throw new Fault("CONFIG_INVALID", "there is no signing certificate");
    this.#hand = hand;
    this.#links = chooseLinks(this.#stock.ofKind("LINK"), place);
    this.#sealing = chooseSealing(this.#stock.ofKind("SEALING"), place.now);
    this.signer = makeChangingSigner({ hand: (view) => this.#handUnder(view), register, clock });
  }

  sealing(): readonly OwnSealing[] {
    return this.#sealing;
  }

  links(): readonly OwnLink[] {
    return this.#links;
  }

  sawHub(epoch: number): void {
    if (epoch <= this.#hubEpoch) return;
    this.#hubEpoch = epoch;
    this.#choose();
  }

  ends(): readonly GatewayEnd[] {
    const { agency, register, clock } = this.#options;
    const place = { agency, register: register(), pairs: this.#stock.pairs, now: clock.now() };
    return findEnds(place).filter(isGatewayEnd);
  }

  async tend(): Promise<void> {
    this.#tending ??= this.#tend();
    try {
      await this.#tending;
    } finally {
      this.#tending = undefined;
    }
  }

  async #tend(): Promise<void> {
    await this.#stock.tend();
    this.#choose();
    this.#alarm(this.ends(), this.#options.clock.now());
  }

  #note(): void {
    const { agency, register } = this.#options;
    const view = register();
    for (const pair of this.#stock.pairs) {
      const key = bytesKey(pair.certificate.thumbprint);
      if (this.#named.has(key) || !isNamed(view, agency, pair)) continue;
      this.#named.set(key, view.epoch);
    }
  }

  #choice(): ChoicePlace {
    const { agency, register, clock } = this.#options;
    const isSettled = ({ certificate }: OwnPair): boolean =>
      (this.#named.get(bytesKey(certificate.thumbprint)) ?? Infinity) <= this.#hubEpoch;
    return { agency, register: register(), now: clock.now(), isSettled };
  }

  /** A register other than the one in force may not name the key that is used by now. */
  #handUnder(view: RegisterView): SigningHand {
    const { register, more } = this.#options;
    if (view === register()) return this.#hand;
    const place = { ...this.#choice(), register: view };
    return chooseHand(this.#stock.ofKind("SIGNING"), more, place) ?? this.#hand;
  }

  #choose(): void {
    this.#note();
    const place = this.#choice();
    const hand = chooseHand(this.#stock.ofKind("SIGNING"), this.#options.more, place);
    if (hand !== undefined && !isSameHand(hand, this.#hand)) this.#hand = hand;
    const sealing = chooseSealing(this.#stock.ofKind("SEALING"), place.now);
    if (!isSameList(sealing, this.#sealing)) this.#sealing = sealing;
    this.#chooseLinks(place);
  }

  /** What is shown to the hub changes when the hub knows the new one; until then the old one goes on while it holds. */
  #chooseLinks(place: ChoicePlace): void {
    const links = chooseLinks(this.#stock.ofKind("LINK"), place);
    const [first] = links;
    const [shown] = this.#links;
    if (first === undefined || first === shown) return;
    if (!place.isSettled(first) && links.some((one) => one === shown)) return;
    this.#links = links;
    this.#options.onLink();
  }
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

function isSameHand(a: SigningHand, b: SigningHand): boolean {
  return a.until === b.until && isSameList(a.signers, b.signers);
}

/** Builds the keeper of a gateway's own keys and certificates. */
export function makeRenewal(options: RenewalOptions): Renewal {
  return new Keeper(options);
}
