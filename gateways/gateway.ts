import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { encodePublication, type Hub, outSubject } from "../schemas/index.ts";
import {
  type Bytes,
  type Chance,
  type Clock,
  Fault,
  type FaultCode,
  isFault,
  type Log,
  toFault,
} from "../schemas/ground/index.ts";
import type { SealingKey, Signer } from "../certs/keys/index.ts";
import { type Anchors, type RegisterView, verifyRegister } from "../certs/trust/index.ts";
import { makeOpeningKey } from "./crypto/index.ts";
import {
  type Arrival,
  type Exchange,
  expireOverdue,
  makeExchange,
  makeHeldReceipts,
  makeRegisterDesk,
  makeTakeHeads,
  makeTakePublications,
  makeTakeReceipts,
  makeWatchers,
  type Office,
  type OfficeTranslation,
  passingCodes,
  rejudge,
  startCodes,
} from "./exchange/index.ts";
import { hubOf, makeHubTrust, streamsOf } from "./hub-choice.ts";
import {
  type HeldRegister,
  type Link,
  type LinkDuties,
  loadRegister,
  saveRegister,
  type SendQueue,
  startLink,
} from "./link/index.ts";
import { openStore, type Store, type StreamPlace } from "./store/index.ts";

/** A sealing key and the certificate (DER) others seal to. */
export interface SealingPair {
  readonly key: SealingKey;
  readonly certificate: Bytes;
}

/** What a gateway is started with. */
export interface GatewayOptions {
  readonly agency: string;
  /** Its own folder: the store and the register lie there. */
  readonly dir: string;
  /** A register to begin with; the newer of this and the one in the folder counts. */
  readonly register?: Bytes | undefined;
  readonly anchors: Anchors;
  readonly signer: Signer;
  /** Newest first; older ones still open what was sealed to them. */
  readonly sealing: readonly SealingPair[];
  readonly link: { readonly certificatePem: string; readonly keyPem: string };
  /** In place of the URLs the register gives for the hub. */
  readonly hubUrls?: readonly string[] | undefined;
  /** None unless the operator chose a service. */
  readonly translation?: OfficeTranslation | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Called with an INTEGRITY_* fault: the process must not go on. */
  readonly onFatal?: ((fault: Fault) => void) | undefined;
}

/** A running gateway. */
export interface Gateway {
  readonly agency: string;
  readonly exchange: Exchange;
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

function firstRegister({ dir, register, anchors }: GatewayOptions): HeldRegister {
  const path = join(dir, "register.bin");
  const filed = existsSync(path) ? loadRegister(path, anchors) : undefined;
  if (register === undefined) return filed ?? loadRegister(path, anchors);
  const given = { bytes: register, view: verifyRegister(register, anchors) };
  if (filed !== undefined && filed.view.epoch >= given.view.epoch) return filed;
  saveRegister(path, register);
  return given;
}

/** A store that reports what must stop the process, besides refusing. */
function watchStore(store: Store, onFatal: (fault: Fault) => void): Store {
  return {
    ...store,
    write: async (act) => {
      try {
        return await store.write(act);
      } catch (error) {
        const fault = toFault(error, "STORE_WRITE_FAILED");
        if (fault.code === "INTEGRITY_STORE") onFatal(fault);
        throw fault;
      }
    },
  };
}

function makeQueue({ outbox }: Store): SendQueue {
  return {
    waiting: (limit) => outbox.waiting(limit),
    load: (seq) => {
      const publication = outbox.get(seq);
      const message = outbox.raw(seq);
      if (publication === undefined || message === undefined || publication.state !== "WAITING") {
        return undefined;
      }
      const { slip, slipSignature, channel } = publication;
      const bytes = encodePublication({ slip, slipSignature, message });
      return { subject: outSubject(channel), bytes };
    },
  };
}

function isPlaces(value: unknown): value is readonly StreamPlace[] {
  return Array.isArray(value);
}

class RunningGateway implements Gateway {
  readonly agency: string;
  readonly exchange: Exchange;
  readonly #options: GatewayOptions;
  readonly #store: Store;
  readonly #office: Office;
  readonly #desk: ReturnType<typeof makeRegisterDesk>;
  readonly #held: ReturnType<typeof makeHeldReceipts>;
  readonly #take: (arrivals: readonly Arrival[]) => Promise<void>;
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
      clock,
      log,
      onChange: () => void this.#rejudge(passingCodes),
    });
    this.#office = {
      agency,
      store: this.#store,
      signer,
      keys: sealing.map(({ certificate, key }) => makeOpeningKey(certificate, key)),
      register: () => this.#desk.view(),
      clock,
      chance,
      log,
      translation: options.translation,
      changed: (messages) => watchers.tell(messages),
    };
    this.#held = makeHeldReceipts(
      this.#office,
      (subject, bytes) => this.#link?.connection.publish(subject, bytes) ?? false,
    );
    this.#take = makeTakePublications(this.#office, {
      refreshRegister: () => this.#desk.refresh(),
      held: (chains) => this.#held.note(chains),
    });
    this.exchange = makeExchange(this.#office, {
      watchers,
      wake: () => this.#link?.sender.wake(),
      link: () => ({ isUp: this.#link?.isUp ?? false, lastContactAt: this.#link?.lastContactAt }),
    });
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

  #openLink(): Link | undefined {
    const { agency, link, hubUrls, clock, chance, log } = this.#options;
    const hub = hubOf(this.register(), agency);
    if (hub === undefined) return undefined;
    return startLink({
      agency,
      urls: hubUrls ?? hub.urls,
      ...link,
      trust: makeHubTrust(() => this.register(), hub.hub, clock),
      duties: this.#duties(hub),
      clock,
      chance,
      log: log.with({ hub: hub.hub }),
    });
  }

  #duties(hub: Hub): LinkDuties {
    const office = this.#office;
    const wake = (): void => this.#link?.sender.wake();
    const sawEpoch = (epoch: number): void => this.#desk.saw(epoch);
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
      onUp: () => this.#held.repeatSince(office.clock.now() - receiptRepeatMs),
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
    this.#link?.tick();
    if (this.#ticks % slowTicks === 0) {
      this.#desk.checkFile();
      void this.#expire();
    }
    if (this.#ticks === 1) void this.#rejudge(startCodes);
    else if (this.#ticks % rejudgeTicks === 0) void this.#rejudge(passingCodes);
  }

  async #expire(): Promise<void> {
    try {
      await expireOverdue(this.#office);
    } catch (error) {
      this.#options.log.error("expiry not kept", { code: toFault(error, "INTERNAL").code });
    }
  }

  async #rejudge(codes: readonly FaultCode[]): Promise<void> {
    try {
      await rejudge(this.#office, codes, this.#take);
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
