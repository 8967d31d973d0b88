import {
  type Clock,
  type EpochMs,
  Fault,
  type FaultCode,
  type Log,
  renderHex,
  toFault,
} from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import {
  type CertificateEnd,
  chooseHand,
  type ChoicePlace,
  chooseLinks,
  findEnds,
  isNamed,
  KeyStock,
  makeAlarms,
  makeChangingSigner,
  type OwnLink,
  type OwnPair,
  type OwnServer,
  realDisk,
  type RenewalDisk,
  type RenewalPlace,
  type SigningHand,
} from "../../certs/renewal/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { chooseServer } from "./choice.ts";
import { type OwnKeys, type OwnLinkPem, type ServerPair, serverPairOf } from "./own-keys.ts";

/** What is told of a hub's own certificates. */
export interface RenewalEvents {
  /** Another certificate is to be shown at its own connections than before. */
  readonly onLink: () => void;
  /** Another certificate is in use from now on; its fingerprint is lower-case hexadecimal. */
  readonly onChange: (kind: OwnPair["kind"], fingerprint: string) => void;
  readonly onAlarm: (end: CertificateEnd, code: FaultCode) => void;
}

/** What a hub's renewal is made of. */
export interface HubRenewalOptions {
  readonly hub: string;
  readonly place: RenewalPlace;
  /** The server's files as the configuration names them. */
  readonly server: ServerPair;
  /** In force at this hub: what it names is known here. */
  readonly register: () => RegisterView;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: RenewalEvents;
  readonly disk?: RenewalDisk | undefined;
}

/** What is in use. */
interface Choice {
  readonly hand: SigningHand;
  readonly signing: string;
  readonly link: OwnLink;
  readonly server: OwnServer;
  readonly pair: ServerPair;
}

/** For so long a pair that the server would not take is not tried again. */
const refusedMs = 3_600_000;

function fingerprintOf({ certificate }: OwnPair): string {
  return renderHex(certificate.thumbprint);
}

/**
 * The keys of a hub, renewed. Signing changes when the register that names the new certificate is in force here: readers
 * fetch it when they meet what they do not know. Its own connections follow at once. What the server shows changes late,
 * by `chooseServer`.
 */
class HubRenewal implements OwnKeys {
  readonly signer: Signer;
  readonly #options: HubRenewalOptions;
  readonly #stock: KeyStock;
  readonly #alarm: ReturnType<typeof makeAlarms>;
  readonly #refused = new Map<string, EpochMs>();
  #choice: Choice;
  #tending: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: HubRenewalOptions) {
    const { hub, place, register, clock, log, events, disk = realDisk } = options;
    this.#options = options;
    this.#stock = new KeyStock({ ...place, agency: hub, register, clock, log, disk });
    this.#alarm = makeAlarms(log, (end, code) => events.onAlarm(end, code));
    this.#choice = this.#find(undefined);
    this.signer = makeChangingSigner({ hand: () => this.#choice.hand, register, clock });
  }

  link(): OwnLinkPem {
    return this.#choice.link;
  }

  server(): ServerPair {
    return this.#choice.pair;
  }

  refuse(pair: ServerPair): boolean {
    const { server, pair: shown } = this.#choice;
    if (pair !== shown) return true;
    this.#options.log.error("the server would not take a certificate", {
      code: "HUB_SERVER_FAILED",
      fingerprint: fingerprintOf(server),
    });
    this.#refused.set(fingerprintOf(server), this.#options.clock.now() + refusedMs);
    this.#choose();
    return this.#choice.pair !== pair;
  }

  ends(): readonly CertificateEnd[] {
    const { hub: agency, register, clock } = this.#options;
    return findEnds({ agency, register: register(), pairs: this.#stock.pairs, now: clock.now() });
  }

  async tend(): Promise<void> {
    if (this.#isStopped) return;
    this.#tending ??= this.#tend();
    try {
      await this.#tending;
    } finally {
      this.#tending = undefined;
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#tending;
  }

  async #tend(): Promise<void> {
    const { clock, log } = this.#options;
    await this.#stock.tend();
    try {
      this.#choose();
      this.#alarm(this.ends(), clock.now());
    } catch (error) {
      // whoever could not write it down has told of it
      log.error("renewal did not go on", { code: toFault(error, "INTERNAL").code });
    }
  }

  #place(): ChoicePlace {
    const { hub: agency, clock } = this.#options;
    const register = this.#options.register();
    const isSettled = (pair: OwnPair): boolean => isNamed(register, agency, pair);
    return { agency, register, now: clock.now(), isSettled };
  }

  /** Pairs that the server did not refuse a moment ago; all of them when it refused all. */
  #servers(now: EpochMs): readonly OwnServer[] {
    const own = this.#stock.ofKind("SERVER");
    const good = own.filter((one) => (this.#refused.get(fingerprintOf(one)) ?? 0) <= now);
    return good.length > 0 ? good : own;
  }

  #find(before: Choice | undefined): Choice {
    const { place: held, server: named } = this.#options;
    const place = this.#place();
    const signing = this.#stock.ofKind("SIGNING");
    const hand = chooseHand(signing, held.more, place);
    const [link] = chooseLinks(this.#stock.ofKind("LINK"), place);
    const server = chooseServer(this.#servers(place.now), place);
    if (hand === undefined || link === undefined || server === undefined) {
      throw new Fault("CONFIG_INVALID", "a hub has certificates for signing, link and server");
    }
    const pair = server === before?.server ? before.pair : serverPairOf(held, server, named);
    const isSame = before !== undefined && isSameHand(before.hand, hand);
    const first = signing.find(({ signer }) => signer === hand.signers[0]);
    const print = first === undefined ? "" : fingerprintOf(first);
    return { hand: isSame ? before.hand : hand, signing: print, link, server, pair };
  }

  #choose(): void {
    const { onLink, onChange } = this.#options.events;
    const before = this.#choice;
    const next = this.#find(before);
    this.#choice = next;
    if (next.signing !== before.signing) onChange("SIGNING", next.signing);
    if (next.server !== before.server) onChange("SERVER", fingerprintOf(next.server));
    if (next.link === before.link) return;
    onChange("LINK", fingerprintOf(next.link));
    onLink();
  }
}

function isSameHand(a: SigningHand, b: SigningHand): boolean {
  const isSame = a.signers.length === b.signers.length && a.until === b.until;
  return isSame && a.signers.every((one, at) => one === b.signers[at]);
}

/** Builds the keeper of a hub's own keys and certificates. @throws {Fault} CONFIG_INVALID when a kind is missing */
export function makeHubRenewal(options: HubRenewalOptions): OwnKeys {
  return new HubRenewal(options);
}
