import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { type Hub, outEraseSubject, outPlacesSubject } from "../schemas/index.ts";
import { type Bytes, Fault, isFault, toFault } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import {
  type Arrival,
  type Exchange,
  makeExchange,
  makeFreshnessWatch,
  makeHeldReceipts,
  makeKeyTender,
  makeOpenedReceipts,
  makeRecheck,
  makeRegisterDesk,
  makeResync,
  makeTakeHeads,
  makeTakePublications,
  makeTakeReceipts,
  makeWatchers,
  type Office,
  type OpenedReceipts,
  passingCodes,
  type Resync,
} from "./exchange/index.ts";
import { askHub } from "./ask-hub.ts";
import type { CarryDeskOptions } from "./carry/index.ts";
import { makeTakenNotes, type TakenNotes } from "./taken-notes.ts";
import { firstRegister } from "./first-register.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { isPlaces, makeQueue, watchStore } from "./gateway-store.ts";
import { makeOffice } from "./make-office.ts";
import { hubOf, makeHubTrust, streamsOf } from "./hub-choice.ts";
import {
  type HeldRegister,
  type Link,
  type LinkDuties,
  type LinkIdentity,
  startLink,
} from "./link/index.ts";
import type { RecallParts } from "./recall/index.ts";
import { chooseShown, makeRenewal, type Renewal } from "./renewal/index.ts";
import { openStore, type Store } from "./store/index.ts";
import { startUpkeep, type Upkeep } from "./upkeep.ts";

export type { GatewayOptions, SealingPair } from "./gateway-options.ts";

/** A running gateway. */
export interface Gateway {
  readonly agency: string;
  readonly exchange: Exchange;
  /** What its services work with; only this process's own (services.ts). */
  readonly office: Office;
  /** What takes in what came by hand: the same that takes what comes over the link. */
  readonly carry: CarryDeskOptions["parts"];
  /** What recalls ask of the hub, and of this clock. */
  readonly recall: Pick<RecallParts, "hub" | "askErase" | "isClockRight">;
  /** The register in force now. */
  register(): RegisterView;
  /** Ends the link and closes the store; what was promised is on the disk already. */
  stop(): Promise<void>;
}

class RunningGateway implements Gateway {
  readonly agency: string;
  readonly exchange: Exchange;
  readonly carry: Gateway["carry"];
  readonly recall: Gateway["recall"];
  readonly #options: GatewayOptions;
  readonly #store: Store;
  readonly #taken: TakenNotes;
  readonly #resync: Resync;
  readonly office: Office;
  readonly #desk: ReturnType<typeof makeRegisterDesk>;
  readonly #held: ReturnType<typeof makeHeldReceipts>;
  readonly #opened: OpenedReceipts;
  readonly #take: (arrivals: readonly Arrival[]) => Promise<void>;
  readonly #renewal: Renewal | undefined;
  readonly #upkeep: Upkeep;
  #link: Link | undefined;

  constructor(options: GatewayOptions, held: HeldRegister, store: Store) {
    const { agency, dir, anchors, clock, chance, log } = options;
    this.agency = agency;
    this.#options = options;
    this.#taken = makeTakenNotes(watchStore(store, options.onFatal ?? ((): void => undefined)));
    this.#store = this.#taken.store;
    const watchers = makeWatchers(store, log);
    this.#desk = makeRegisterDesk({
      path: join(dir, "register.bin"),
      anchors,
      held,
      connection: () => this.#link?.connection,
      urls: options.registerUrls ?? [],
      clock,
      chance,
      log,
      onChange: () => {
        // keys are pinned when they are first seen, not when somebody first writes to their agency
        this.office.pins.under(this.register());
        void this.#renewal?.tend();
        this.#upkeep.rejudge(passingCodes);
      },
    });
    this.#renewal = this.#openRenewal();
    this.office = makeOffice(options, {
      store: this.#store,
      renewal: this.#renewal,
      register: () => this.#desk.view(),
      blobs: () => this.#link?.blobs,
      changed: (messages) => watchers.tell(messages),
    });
    this.office.pins.under(this.register());
    const publish = (subject: string, bytes: Bytes): boolean =>
      this.#link?.connection.publish(subject, bytes) ?? false;
    this.#held = makeHeldReceipts(this.office, publish, () => this.#link?.connection.line);
    this.#opened = makeOpenedReceipts(this.office, publish);
    const ask = async (question: Bytes): Promise<Bytes | undefined> =>
      await askHub(this.#link?.connection, question, { log });
    this.#take = makeTakePublications(this.office, {
      refreshRegister: () => this.#desk.refresh(),
      askAdmission: ask,
      held: (chains) => this.#held.note(chains),
    });
    const recheck = makeRecheck(this.office, { ask, take: this.#take });
    this.exchange = makeExchange(this.office, {
      watchers,
      wake: () => this.#link?.sender.wake(),
      link: () => this.#link?.health(),
      ends: () => this.#renewal?.ends() ?? [],
    });
    const keys = makeKeyTender(this.office, {
      wake: () => this.#link?.sender.wake(),
      sawEpoch: (epoch) => this.#desk.saw(epoch),
    });
    this.#resync = makeResync(this.office, {
      ask: (question) =>
        askHub(this.#link?.connection, question, { log, subject: outPlacesSubject }),
      wake: () => this.#link?.sender.wake(),
      refreshRegister: () => this.#desk.refresh(),
      given: (stream) => this.#taken.given(stream),
    });
    this.carry = this.#openCarry();
    const freshness = makeFreshnessWatch(this.office, {
      onFresher: () => this.#upkeep.rejudge(["REGISTER_STALE"]),
      onClockJumped: () => {
        if (this.#link?.isUp === true) void this.#resync.look();
      },
      // what we said by a wrong clock was dated in the future, or before what we had said by a right one
      onClockRight: () => {
        this.#upkeep.rejudge(passingCodes);
        this.#held.repeatSince(0);
        this.#opened.repeatDay();
      },
    });
    this.recall = {
      hub: () => hubOf(this.register(), agency)?.hub,
      askErase: (order) => askHub(this.#link?.connection, order, { log, subject: outEraseSubject }),
      isClockRight: () => freshness.isClockRight(),
    };
    this.#upkeep = startUpkeep({
      office: this.office,
      link: () => this.#link,
      receipts: [this.#held, this.#opened],
      keys,
      resync: this.#resync,
      register: this.#desk,
      freshness,
      renewal: this.#renewal,
      recheck,
      take: this.#take,
      onFatal: options.onFatal,
    });
    this.#link = this.#openLink();
  }

  register(): RegisterView {
    return this.#desk.view();
  }

  async stop(): Promise<void> {
    this.#upkeep.stop();
    this.#resync.stop();
    await this.#link?.stop();
    this.#store.close();
  }

  #openCarry(): Gateway["carry"] {
    const takeReceipts = makeTakeReceipts(this.office, {
      wake: () => this.#link?.sender.wake(),
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
      pause: (forMs) => this.#link?.connection.pause(forMs),
      refreshRegister: () => this.#desk.refresh(),
    });
    const heads = makeTakeHeads(office, {
      wake,
      sawEpoch,
      repeatAll: () => this.#held.repeatSince(0),
    });
    return {
      queue: makeQueue(this.#store, () => this.#resync.maySend, office.departures),
      streams: () => streamsOf(this.register(), this.agency, hub),
      takePublications: async (batch) => {
        await this.#resync.looked();
        this.#taken.note(batch);
        await this.#take(batch);
        await this.#taken.keep();
      },
      takeReceipts: async (batch) => {
        await this.#resync.looked();
        this.#taken.note(batch);
        await takeReceipts(batch.map(({ bytes }) => bytes));
        await this.#taken.keep();
      },
      beforeHeads: () => heads.before(),
      takeHeads: (answer, before) => heads.take(answer, isPlaces(before) ? before : []),
      onUp: () => {
        this.#taken.rise();
        this.#resync.tick();
        this.#held.rise();
        this.#opened.rise();
        this.#upkeep.rejudge(["ADMISSION_AWAITED"]);
      },
    };
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
