import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { outEraseSubject } from "../schemas/index.ts";
import { type Bytes, Fault, isFault, toFault } from "../schemas/ground/index.ts";
import { findRelayWay, hubsOf, type RegisterView } from "../certs/trust/index.ts";
import {
  type Arrival,
  type AskAdmission,
  type Exchange,
  type FreshnessWatch,
  makeExchange,
  makeFreshnessWatch,
  makeKeyTender,
  makeLeaving,
  makeOpenedReceipts,
  makeRecheck,
  makeRegisterDesk,
  makeTakePublications,
  makeTakeReceipts,
  makeWatchers,
  type Office,
  type OpenedReceipts,
  passingCodes,
  type Watchers,
} from "./exchange/index.ts";
import { firstRegister } from "./first-register.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { watchStore } from "./gateway-store.ts";
import { type HubLines, type LinesGround, makeHubLines } from "./hub-lines.ts";
import { joinProofs } from "./joined-proofs.ts";
import type { HeldRegister, LinkIdentity } from "./link/index.ts";
import { makeOffice } from "./make-office.ts";
import { type AlarmBell, makeAlarmBell, makeLogDesk, type Proofs } from "./proofs/index.ts";
import { makeRegisterOffers } from "./register-offers.ts";
import { makeRelayDesk } from "./relay/index.ts";
import { chooseShown, makeRenewal, type Renewal } from "./renewal/index.ts";
import type { Gateway } from "./running.ts";
import { openStore, type Store } from "./store/index.ts";
import { startUpkeep, type Upkeep } from "./upkeep.ts";

export type { GatewayOptions, SealingPair } from "./gateway-options.ts";
export type { Gateway } from "./running.ts";

class RunningGateway implements Gateway {
  readonly agency: string;
  readonly exchange: Exchange;
  readonly carry: Gateway["carry"];
  readonly recall: Gateway["recall"];
  readonly proofs: Gateway["proofs"];
  readonly log: Gateway["log"];
  readonly #options: GatewayOptions;
  readonly #store: Store;
  readonly office: Office;
  readonly #lines: HubLines;
  readonly #desk: ReturnType<typeof makeRegisterDesk>;
  readonly #opened: OpenedReceipts;
  readonly #take: (arrivals: readonly Arrival[]) => Promise<void>;
  readonly #renewal: Renewal | undefined;
  readonly #upkeep: Upkeep;
  #isEnded = false;

  constructor(options: GatewayOptions, held: HeldRegister, store: Store) {
    const { agency, log, onFatal } = options;
    this.agency = agency;
    this.#options = options;
    this.#store = watchStore(store, onFatal ?? ((): void => undefined));
    const watchers = makeWatchers(store, log);
    this.#desk = this.#openDesk(held);
    this.#renewal = this.#openRenewal();
    const changed: Office["changed"] = (messages) => watchers.tell(messages);
    const bell = makeAlarmBell({ ...options, store: this.#store, changed });
    this.proofs = this.#joinProofs(bell);
    this.log = this.#openLogDesk();
    this.office = makeOffice(options, {
      proofs: this.proofs,
      store: this.#store,
      renewal: this.#renewal,
      register: () => this.#desk.view(),
      blobs: () => this.#lines.blobs(),
      changed,
    });
    this.office.pins.under(this.register());
    const leaving = makeLeaving(this.office, () => this.#lines.wake());
    this.#lines = this.#makeLines({ bell, leaving });
    this.#opened = makeOpenedReceipts(this.office, (subject, bytes, sender) =>
      this.#publish(subject, bytes, sender),
    );
    const ask: AskAdmission = async (question, of) => await this.#lines.route(of)?.ask(question);
    this.#take = makeTakePublications(this.office, {
      refreshRegister: () => this.#desk.refresh(),
      askAdmission: ask,
      held: (chains) => this.#lines.held(chains),
    });
    const recheck = makeRecheck(this.office, { ask, take: this.#take });
    this.exchange = this.#openExchange(watchers);
    const keys = makeKeyTender(this.office, {
      wake: () => this.#lines.wake(),
      sawEpoch: (epoch) => this.#desk.saw(epoch),
    });
    this.carry = this.#openCarry();
    const freshness = this.#watchFreshness();
    this.recall = this.#openRecall(freshness);
    this.#upkeep = startUpkeep({
      office: this.office,
      lines: this.#lines,
      receipts: [this.#opened],
      keys,
      leaving,
      register: this.#desk,
      freshness,
      renewal: this.#renewal,
      recheck,
      take: this.#take,
      onFatal,
    });
    this.#lines.tend();
  }

  canaries(): ReturnType<Gateway["canaries"]> {
    return this.#lines.all().flatMap(({ canary }) => canary?.standing ?? []);
  }

  register(): RegisterView {
    return this.#desk.view();
  }

  async stop(): Promise<void> {
    this.#upkeep.stop();
    this.#isEnded = true;
    await this.#lines.stop();
    this.#store.close();
  }

  #openDesk(held: HeldRegister): ReturnType<typeof makeRegisterDesk> {
    const { dir, anchors, registerUrls, clock, chance, log } = this.#options;
    return makeRegisterDesk({
      path: join(dir, "register.bin"),
      anchors,
      held,
      // whom to trust is not asked of a hub whose log is not the one it was
      connections: () =>
        this.#isEnded ? [] : this.#lines.all().flatMap(({ trusted }) => trusted ?? []),
      urls: registerUrls ?? [],
      clock,
      chance,
      log,
      onChange: () => {
        // keys are pinned when they are first seen, not when somebody first writes to their agency
        this.office.pins.under(this.register());
        void this.#renewal?.tend();
        if (!this.#isEnded) this.#lines.tend();
        this.#upkeep.rejudge(passingCodes);
      },
    });
  }

  #joinProofs(bell: AlarmBell): Proofs {
    const { clock } = this.#options;
    return joinProofs({
      bell,
      clock,
      register: () => this.#desk.view(),
      lines: () => this.#lines.all(),
    });
  }

  #openLogDesk(): Gateway["log"] {
    const { clock, oversight = "off" } = this.#options;
    const desk = makeLogDesk({
      store: this.#store,
      clock,
      register: () => this.#desk.view(),
      hub: () => this.#lines.home()?.hub,
      witnesses: () => this.proofs.witnesses,
      counted: () => this.#lines.home()?.log.desk.standing()?.counted,
    });
    return { ...desk, isCounted: oversight === "on" };
  }

  #makeLines({ bell, leaving }: Pick<LinesGround, "bell" | "leaving">): HubLines {
    return makeHubLines({
      options: this.#options,
      office: this.office,
      bell,
      leaving,
      relay: makeRelayDesk(this.office, () => this.#lines.wake()),
      offers: makeRegisterOffers({ ...this.#options, held: () => this.#desk.held() }),
      identity: this.#identity(),
      heard: (agency, note) => this.proofs.heard(agency, note),
      register: () => this.#desk.view(),
      refreshRegister: () => this.#desk.refresh(),
      sawEpoch: (epoch) => this.#desk.saw(epoch),
      sawHub: (epoch) => this.#renewal?.sawHub(epoch),
      onUp: () => this.#opened.rise(),
      rejudge: (codes) => this.#upkeep.rejudge(codes),
    });
  }

  /** By the first hub in reach that both are linked to; where they share none, by that from which a relay takes it, or the first of ours in reach. */
  #publish(subject: string, bytes: Bytes, sender: string): boolean {
    const up = this.#lines.all().filter(({ isUp }) => isUp);
    const theirs = hubsOf(this.register(), sender);
    const shared = up.find((line) => theirs.some(({ hub }) => hub === line.hub));
    const way = findRelayWay(
      this.register(),
      { sender: this.agency, recipient: sender },
      this.office.clock.now(),
    );
    const relayed = up.find(({ hub }) => hub === way?.fromHub);
    return (shared ?? relayed ?? up[0])?.publish(subject, bytes) ?? false;
  }

  #openExchange(watchers: Watchers): Exchange {
    return makeExchange(this.office, {
      watchers,
      wake: () => this.#lines.wake(),
      link: () => this.#lines.health(),
      hubs: () => this.#lines.standings(),
      log: () => this.log.standing(),
      ends: () => this.#renewal?.ends() ?? [],
    });
  }

  #openCarry(): Gateway["carry"] {
    const takeReceipts = makeTakeReceipts(this.office, {
      wake: () => this.#lines.wake(),
      sawEpoch: (epoch) => this.#desk.saw(epoch),
      refreshRegister: () => this.#desk.refresh(),
    });
    return {
      takePublications: (arrivals) => this.#take(arrivals),
      takeReceipts,
      tryRegister: (files) => this.#desk.weigh(files),
      offerRegister: (files) => this.#desk.offer(files),
      registerBytes: () => this.#desk.bytes(),
    };
  }

  #watchFreshness(): FreshnessWatch {
    return makeFreshnessWatch(this.office, {
      onFresher: () => this.#upkeep.rejudge(["REGISTER_STALE"]),
      onClockJumped: () => {
        for (const { isUp, resync } of this.#lines.all()) if (isUp) void resync.look();
      },
      // what we said by a wrong clock was dated in the future, or before what we had said by a right one
      onClockRight: () => {
        this.#upkeep.rejudge(passingCodes);
        this.#lines.repeatSince(0);
        this.#opened.repeatDay();
      },
    });
  }

  #openRecall(freshness: FreshnessWatch): Gateway["recall"] {
    return {
      hub: () => this.#lines.home()?.hub,
      hubs: () => this.#lines.all().map(({ hub }) => hub),
      askErase: async (order, hub) => {
        const line = hub === undefined ? this.#lines.home() : this.#lines.of(hub);
        return await line?.ask(order, outEraseSubject);
      },
      tell: (hub, subject, receipt) => this.#lines.of(hub)?.publish(subject, receipt) ?? false,
      isClockRight: () => freshness.isClockRight(),
    };
  }

  #openRenewal(): Renewal | undefined {
    const { agency, renewal, clock, log } = this.#options;
    if (renewal === undefined) return undefined;
    // what was under way is sent again, and the hubs know it again
    const onLink = (): void => {
      for (const { link } of this.#lines.all()) void link.connection.reconnect();
    };
    return makeRenewal({ ...renewal, agency, clock, log, onLink, register: () => this.register() });
  }

  #identity(): ((failed: number) => LinkIdentity) | undefined {
    const renewal = this.#renewal;
    if (renewal === undefined) return undefined;
    return (failed) => chooseShown(renewal.links(), failed) ?? this.#options.link;
  }
}

/**
 * Starts a gateway. Resolves when its store is open and its register proved; the hub may be out of reach, then
 * all but sending and receiving works, and what waits goes out when it comes back.
 *
 * @throws {Fault} CONFIG_INVALID, REGISTER_*, AGENCY_UNKNOWN, KEY_UNUSABLE, STORE_KEY_WRONG, INTEGRITY_STORE,
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
  const store = openStore(join(dir, "store.db"), { key: options.storeKey }, options.clock);
  try {
    return await Promise.resolve(new RunningGateway(options, held, store));
  } catch (error) {
    store.close();
    if (isFault(error)) throw error;
    throw toFault(error, "INTERNAL");
  }
}
