import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Hub } from "../schemas/index.ts";
import { type Bytes, Fault, type FaultCode, isFault, toFault } from "../schemas/ground/index.ts";
import { makeSigningRing } from "../certs/keys/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import {
  type Arrival,
  type Exchange,
  expireOverdue,
  type KeyTender,
  type FreshnessWatch,
  makeExchange,
  makeFreshnessWatch,
  makeHeldReceipts,
  makeKeyTender,
  makePinDesk,
  makeRecheck,
  makeRegisterDesk,
  makeTakeHeads,
  makeTakePublications,
  makeTakeReceipts,
  makeWatchers,
  type Office,
  passingCodes,
  type Recheck,
  rejudge,
  startCodes,
} from "./exchange/index.ts";
import { askHub } from "./ask-hub.ts";
import { firstRegister } from "./first-register.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { isPlaces, makeQueue, watchStore } from "./gateway-store.ts";
import { hubOf, makeHubTrust, streamsOf } from "./hub-choice.ts";
import {
  type HeldRegister,
  type Link,
  type LinkDuties,
  type LinkIdentity,
  startLink,
} from "./link/index.ts";
import { makeOpeningKeys } from "./opening-keys.ts";
import { chooseShown, makeRenewal, type Renewal } from "./renewal/index.ts";
import { openStore, type Store } from "./store/index.ts";

export type { GatewayOptions, SealingPair } from "./gateway-options.ts";

/** A running gateway. */
export interface Gateway {
  readonly agency: string;
  readonly exchange: Exchange;
  /** What its services work with; only this process's own (services.ts). */
  readonly office: Office;
  /** The register in force now. */
  register(): RegisterView;
  /** Ends the link and closes the store; what was promised is on the disk already. */
  stop(): Promise<void>;
}

const tickMs = 1_000;
/** Ticks between looks at the register's file and at what is past its time. */
const slowTicks = 10;
/** Ticks between new looks at what lies in quarantine for what may pass. */
const rejudgeTicks = 300;
const receiptRepeatMs = 86_400_000;

class RunningGateway implements Gateway {
  readonly agency: string;
  readonly exchange: Exchange;
  readonly #options: GatewayOptions;
  readonly #store: Store;
  readonly office: Office;
  readonly #desk: ReturnType<typeof makeRegisterDesk>;
  readonly #held: ReturnType<typeof makeHeldReceipts>;
  readonly #take: (arrivals: readonly Arrival[]) => Promise<void>;
  readonly #recheck: Recheck;
  readonly #keys: KeyTender;
  readonly #freshness: FreshnessWatch;
  readonly #renewal: Renewal | undefined;
  readonly #timer: { stop(): void };
  #link: Link | undefined;
  #ticks = 0;

  constructor(options: GatewayOptions, held: HeldRegister, store: Store) {
    const { agency, dir, anchors, signer, sealing, clock, chance, log } = options;
    this.agency = agency;
    this.#options = options;
    this.#store = watchStore(store, options.onFatal ?? ((): void => undefined));
    const watchers = makeWatchers(store, log);
    this.#desk = makeRegisterDesk({
      path: join(dir, "register.bin"),
      anchors,
      held,
      connection: () => this.#link?.connection,
      urls: options.registerUrls ?? [],
      clock,
      log,
      onChange: () => {
        // keys are pinned when they are first seen, not when somebody first writes to their agency
        this.office.pins.under(this.register());
        void this.#renewal?.tend();
        void this.#rejudge(passingCodes);
      },
    });
    this.#renewal = this.#openRenewal();
    const openingKeys = makeOpeningKeys(sealing, this.#renewal);
    this.office = {
      agency,
      store: this.#store,
      signer:
        this.#renewal?.signer ??
        makeSigningRing({
          signers: [signer, ...(options.moreSigners ?? [])],
          register: () => this.#desk.view(),
          clock,
        }),
      get keys() {
        return openingKeys();
      },
      register: () => this.#desk.view(),
      pins: makePinDesk({
        agency,
        keys: openingKeys,
        store: this.#store,
        register: () => this.#desk.view(),
        clock,
        log,
      }),
      keysInMaking: new Map(),
      clock,
      chance,
      log,
      translation: options.translation,
      changed: (messages) => watchers.tell(messages),
    };
    this.office.pins.under(this.register());
    this.#held = makeHeldReceipts(
      this.office,
      (subject, bytes) => this.#link?.connection.publish(subject, bytes) ?? false,
    );
    const ask = async (question: Bytes): Promise<Bytes | undefined> =>
      await askHub(this.#link?.connection, question, log);
    this.#take = makeTakePublications(this.office, {
      refreshRegister: () => this.#desk.refresh(),
      askAdmission: ask,
      held: (chains) => this.#held.note(chains),
    });
    this.#recheck = makeRecheck(this.office, { ask, take: this.#take });
    this.exchange = makeExchange(this.office, {
      watchers,
      wake: () => this.#link?.sender.wake(),
      link: () => ({ isUp: this.#link?.isUp ?? false, lastContactAt: this.#link?.lastContactAt }),
      ends: () => this.#renewal?.ends() ?? [],
    });
    this.#keys = makeKeyTender(this.office, {
      wake: () => this.#link?.sender.wake(),
      sawEpoch: (epoch) => this.#desk.saw(epoch),
    });
    const fresher = (): void => void this.#rejudge(["REGISTER_STALE"]);
    this.#freshness = makeFreshnessWatch(this.office, fresher);
    this.#link = this.#openLink();
    this.#timer = clock.every(tickMs, () => this.#tickSafely());
  }

  register(): RegisterView {
    return this.#desk.view();
  }

  async stop(): Promise<void> {
    this.#timer.stop();
    await this.#link?.stop();
    this.#store.close();
  }

  #openRenewal(): Renewal | undefined {
    const { agency, renewal, clock, log } = this.#options;
    if (renewal === undefined) return undefined;
    const register = (): RegisterView => this.#desk.view();
    // what was under way is sent again, and the hub knows it again
    const onLink = (): void => void this.#link?.connection.reconnect();
    return makeRenewal({ ...renewal, agency, register, clock, log, onLink });
  }

  #identity(): ((failed: number) => LinkIdentity) | undefined {
    const renewal = this.#renewal;
    if (renewal === undefined) return undefined;
    return (failed) => chooseShown(renewal.links(), failed) ?? this.#options.link;
  }

  #openLink(): Link | undefined {
    const { agency, link, hubUrls, clock, chance, log } = this.#options;
    const hub = hubOf(this.register(), agency);
    if (hub === undefined) return undefined;
    return startLink({
      agency,
      urls: hubUrls ?? hub.urls,
      ...link,
      identity: this.#identity(),
      trust: makeHubTrust(() => this.register(), hub.hub, clock),
      duties: this.#duties(hub),
      clock,
      chance,
      log: log.with({ hub: hub.hub }),
    });
  }

  #duties(hub: Hub): LinkDuties {
    const office = this.office;
    const wake = (): void => this.#link?.sender.wake();
    const sawEpoch = (epoch: number): void => {
      this.#desk.saw(epoch);
      this.#renewal?.sawHub(epoch);
    };
    const takeReceipts = makeTakeReceipts(office, {
      wake,
      sawEpoch,
      postpone: (publication) => this.#link?.sender.postpone(publication),
      refreshRegister: () => this.#desk.refresh(),
    });
    const heads = makeTakeHeads(office, {
      wake,
      sawEpoch,
      repeatAll: () => this.#held.repeatSince(0),
    });
    return {
      queue: makeQueue(this.#store),
      streams: () => streamsOf(this.register(), this.agency, hub),
      takePublications: (batch) => this.#take(batch),
      takeReceipts: (batch) => takeReceipts(batch.map(({ bytes }) => bytes)),
      beforeHeads: () => heads.before(),
      takeHeads: (answer, before) => heads.take(answer, isPlaces(before) ? before : []),
      onUp: () => {
        this.#held.repeatSince(office.clock.now() - receiptRepeatMs);
        void this.#rejudge(["ADMISSION_AWAITED"]);
      },
    };
  }

  /** A timer has no caller: what fails in it is written down, and tried again with the next tick. */
  #tickSafely(): void {
    const { log, onFatal } = this.#options;
    try {
      this.#tick();
    } catch (error) {
      const fault = toFault(error, "INTERNAL");
      log.error("a tick failed", { code: fault.code });
      if (fault.code === "INTEGRITY_STORE") onFatal?.(fault);
    }
  }

  #tick(): void {
    this.#ticks += 1;
    this.#held.tick();
    this.#keys.tick();
    this.#link?.tick();
    if (this.#ticks % slowTicks === 0) {
      this.#desk.checkFile();
      this.#freshness.look();
      void this.#renewal?.tend();
      void this.#expire();
    }
    if (this.#ticks === 1) void this.#rejudge(startCodes);
    else if (this.#ticks % rejudgeTicks === 0) void this.#rejudge(passingCodes);
  }

  async #expire(): Promise<void> {
    try {
      await expireOverdue(this.office);
    } catch (error) {
      this.#options.log.error("expiry not kept", { code: toFault(error, "INTERNAL").code });
    }
  }

  async #rejudge(codes: readonly FaultCode[]): Promise<void> {
    void this.#recheck.look();
    try {
      await rejudge(this.office, codes, this.#take);
    } catch (error) {
      this.#options.log.error("quarantine not judged", { code: toFault(error, "INTERNAL").code });
    }
  }
}

/**
 * Starts a gateway. Resolves when its store is open and its register proved; the hub may be out of reach, then
 * all but sending and receiving works, and what waits goes out when it comes back.
 *
 * @throws {Fault} CONFIG_INVALID, REGISTER_*, AGENCY_UNKNOWN, KEY_UNUSABLE, INTEGRITY_STORE,
 * STORE_VERSION_UNKNOWN, STORE_WRITE_FAILED
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { agency, dir, signer } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const held = firstRegister(options);
  if (held.view.agency(agency) === undefined) {
    throw new Fault("AGENCY_UNKNOWN", `the register does not know ${agency}`);
  }
  if (signer.signer !== agency) {
    throw new Fault("CONFIG_INVALID", `the signing key is ${signer.signer}'s, not ${agency}'s`);
  }
  const store = openStore(join(dir, "store.db"));
  try {
    return await Promise.resolve(new RunningGateway(options, held, store));
  } catch (error) {
    store.close();
    if (isFault(error)) throw error;
    throw toFault(error, "INTERNAL");
  }
}
