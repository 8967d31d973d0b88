import { type Hub, type HubStop, outPlacesSubject } from "../schemas/index.ts";
import type { Bytes, EpochMs, FaultCode } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { askHub } from "./ask-hub.ts";
import {
  type Arrival,
  type HeldReceipts,
  type Leaving,
  makeHeldReceipts,
  makeResync,
  makeTakeHeads,
  makeTakePublications,
  makeTakeReceipts,
  type Office,
  type Resync,
  type SenderChannel,
} from "./exchange/index.ts";
import { type GatewayLog, makeGatewayLog } from "./gateway-log.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import { isPlaces, makeQueue } from "./gateway-store.ts";
import { makeHubTrust, streamsOf, withoutOwn } from "./hub-choice.ts";
import { makeHubStore } from "./hub-store.ts";
import {
  type HubConnection,
  type Link,
  type LinkDuties,
  type LinkIdentity,
  type SendQueue,
  scatterMs,
  startLink,
} from "./link/index.ts";
import { openCanary, siftReceipts } from "./open-canary.ts";
import type { AlarmBell, Proofs } from "./proofs/index.ts";
import type { RegisterOffers } from "./register-offers.ts";
import type { RelayDesk } from "./relay/index.ts";
import { makeTakenNotes, type TakenNotes } from "./taken-notes.ts";

/** What all lines of a gateway share, and what each of them sets off. */
export interface LineGround {
  readonly options: GatewayOptions;
  /** The gateway's own; a line sees its store as far as it is its hub's. */
  readonly office: Office;
  readonly bell: AlarmBell;
  readonly leaving: Leaving;
  /** What is taken from one hub to another for others. */
  readonly relay: RelayDesk;
  /** By whom the register is brought to a hub that is behind. */
  readonly offers: RegisterOffers;
  /** What is shown at each dial, when it may change. */
  readonly identity: ((failed: number) => LinkIdentity) | undefined;
  /** The hubs this gateway is linked to, in the register's order. */
  hubs(): readonly string[];
  /** Whether a hub is the one that our own acts are entered at. */
  isHome(hub: string): boolean;
  /** Whose line tells of a chain. */
  hubOf(of: SenderChannel): string | undefined;
  /** What an agency told of a log goes to the line that follows it. */
  readonly heard: (agency: string, note: Bytes) => void;
  register(): RegisterView;
  refreshRegister(): Promise<boolean>;
  sawEpoch(epoch: number): void;
  sawHub(epoch: number): void;
  askAdmission(question: Bytes, of: SenderChannel): Promise<Bytes | undefined>;
  /** Chains that moved, whoever tells of them. */
  held(chains: readonly number[]): void;
  /** This store turned out to be an old one. */
  begun(): void;
  onUp(): void;
  rejudge(codes: readonly FaultCode[]): void;
}

/** All that a gateway has and does with one hub: its link, streams, receipts, log and outages; no other line waits for it. */
export interface HubLine {
  readonly hub: string;
  readonly isUp: boolean;
  /** Since when the hub takes in nothing new, as it said last. */
  readonly stopped: HubStop | undefined;
  readonly link: Link;
  readonly held: HeldReceipts;
  readonly resync: Resync;
  readonly log: GatewayLog;
  readonly canary: ReturnType<typeof openCanary>;
  /** The connection, unless the hub's log is not the one it was: such a hub is asked nothing about whom to trust. */
  readonly trusted: HubConnection | undefined;
  publish(subject: string, bytes: Bytes): boolean;
  ask(question: Bytes, subject?: string): Promise<Bytes | undefined>;
  /** The register changed: a hub that is not where it was is dialled where it is. */
  follow(): void;
  /** Call about once a second. By a clock that is wrong nothing is signed. */
  tick(isClockRight: boolean): void;
  stop(): Promise<void>;
}

/** How long after the register says that a hub is elsewhere its gateways turn there, spread by a quarter both ways. */
const moveMs = 4_000;

/** The office as one line sees it. */
function makeLineOffice(office: Office, own: Pick<Office, "store" | "proofs">): Office {
  return {
    ...office,
    ...own,
    get keys() {
      return office.keys;
    },
    get blobs() {
      return office.blobs;
    },
  };
}

class RunningLine implements HubLine {
  readonly hub: string;
  readonly link: Link;
  readonly held: HeldReceipts;
  readonly resync: Resync;
  readonly log: GatewayLog;
  readonly canary: ReturnType<typeof openCanary>;
  readonly #place: Hub;
  readonly #ground: LineGround;
  readonly #office: Office;
  readonly #taken: TakenNotes;
  readonly #take: (arrivals: readonly Arrival[]) => Promise<void>;
  #dialled: readonly string[];
  #isEnded = false;
  #stop: { readonly at: EpochMs; readonly stop: HubStop | undefined } = { at: 0, stop: undefined };

  constructor(place: Hub, ground: LineGround) {
    this.hub = place.hub;
    this.#place = place;
    this.#ground = ground;
    const { office } = ground;
    this.#taken = makeTakenNotes(makeHubStore(office.store, place.hub, () => ground.hubs()));
    this.log = this.#openLog();
    this.#office = makeLineOffice(office, {
      store: this.#taken.store,
      proofs: { ...passOn(this.log.proofs), heard: ground.heard },
    });
    this.held = makeHeldReceipts(this.#office, (subject, bytes) => this.publish(subject, bytes), {
      line: () => this.link.connection.line,
      isOurs: (chain) => ground.hubOf(chain) === place.hub,
    });
    this.resync = this.#openResync();
    this.#take = makeTakePublications(this.#office, {
      refreshRegister: () => ground.refreshRegister(),
      askAdmission: (question, of) => ground.askAdmission(question, of),
      held: (chains) => ground.held(chains),
    });
    this.canary = openCanary(ground, this);
    this.#dialled = this.#urls();
    this.link = this.#openLink();
  }

  get isUp(): boolean {
    return this.link.isUp;
  }

  get stopped(): HubStop | undefined {
    return this.#stop.stop;
  }

  get trusted(): HubConnection | undefined {
    return this.#isEnded || this.log.proofs.isHalted ? undefined : this.link.connection;
  }

  publish(subject: string, bytes: Bytes): boolean {
    return this.link.connection.publish(subject, bytes);
  }

  async ask(question: Bytes, subject?: string): Promise<Bytes | undefined> {
    if (this.#isEnded) return undefined;
    const { log } = this.#office;
    const how = subject === undefined ? { log } : { log, subject };
    return await askHub(this.link.connection, question, how);
  }

  follow(): void {
    const before = this.#dialled;
    this.#dialled = this.#urls();
    if (before.every((url) => this.#dialled.includes(url))) return;
    const { clock, chance, log } = this.#ground.options;
    log.info("the hub is reached elsewhere", { hub: this.hub });
    // all of its gateways hear of it at once
    clock.after(scatterMs(moveMs, chance), () => void this.link.connection.reconnect());
  }

  tick(isClockRight: boolean): void {
    if (isClockRight) this.held.tick();
    this.link.tick();
    this.log.tick(this.isUp);
    this.canary?.tick(isClockRight && this.isUp);
    if (this.isUp) this.resync.tick();
  }

  async stop(): Promise<void> {
    this.resync.stop();
    await this.link.stop();
    // whoever asks for the register now finds no hub, and does not look into a store that is closed
    this.#isEnded = true;
    await this.log.settled();
  }

  #openLog(): GatewayLog {
    const { options, office, bell } = this.#ground;
    const { hub } = this;
    const { agency, clock, chance, log, monitor, oversight } = options;
    return makeGatewayLog({
      agency,
      clock,
      chance,
      log: log.with({ hub }),
      monitor,
      oversight,
      store: this.#taken.store,
      bell,
      isHome: () => this.#ground.isHome(hub),
      register: () => this.#ground.register(),
      hub,
      link: () => (this.#isEnded ? undefined : this.link),
      changed: (messages) => office.changed(messages),
    });
  }

  #openResync(): Resync {
    const { hub } = this;
    return makeResync(this.#office, {
      hub,
      ask: (question) => this.ask(question, outPlacesSubject),
      wake: () => this.link.sender.wake(),
      refreshRegister: () => this.#ground.refreshRegister(),
      given: (stream) => this.#taken.given(stream),
      begun: () => this.#ground.begun(),
    });
  }

  #openLink(): Link {
    const { agency, link, hubUrls, clock, chance, log } = this.#ground.options;
    const { hub, urls } = this.#place;
    const own = this.#ground.isHome(hub) ? hubUrls : undefined;
    return startLink({
      agency,
      urls: own ?? urls,
      urlsNow: () => this.#urls(),
      ...link,
      identity: this.#ground.identity,
      trust: makeHubTrust(() => this.#ground.register(), hub, clock),
      duties: this.#duties(),
      clock,
      chance,
      log: log.with({ hub }),
    });
  }

  /** The operator's, for the hub that is home; else the register's. */
  #urls(): readonly string[] {
    const { hubUrls } = this.#ground.options;
    return (this.#ground.isHome(this.hub) ? hubUrls : undefined) ?? this.#now().urls;
  }

  /** What the register says of the hub now; what it said at first, where it names it no more. */
  #now(): Hub {
    const { hubs } = this.#ground.register();
    return hubs.find(({ hub }) => hub === this.hub) ?? this.#place;
  }

  #duties(): LinkDuties {
    const ground = this.#ground;
    const { agency } = this.#office;
    const heads = this.#openHeads();
    const takeReceipts = this.#openReceipts();
    return {
      queue: ground.relay.joinQueue(this.hub, this.#queue()),
      streams: () => streamsOf(ground.register(), agency, this.#now()),
      takePublications: async (batch) => {
        await this.resync.looked();
        this.#taken.note(batch);
        await this.#take(await ground.relay.siftMail(this.hub, withoutOwn(batch, agency)));
        await this.#taken.keep();
      },
      takeReceipts: async (batch) => {
        await this.resync.looked();
        this.#taken.note(batch);
        const own = await ground.relay.siftReceipts(this.hub, batch);
        await takeReceipts(siftReceipts(own, this.canary));
        await this.#taken.keep();
      },
      beforeHeads: () => heads.before(),
      takeHeads: (answer, before) => heads.take(answer, isPlaces(before) ? before : []),
      onUp: () => {
        this.#taken.rise();
        this.resync.tick();
        this.held.rise();
        ground.relay.rise(this.hub);
        ground.onUp();
        ground.rejudge(["ADMISSION_AWAITED"]);
      },
    };
  }

  #queue(): SendQueue {
    const { departures, store } = this.#office;
    return makeQueue(store, { maySend: () => this.resync.maySend, departures, leaving: this.#ground.leaving });
  } // prettier-ignore

  #sawEpoch(epoch: number): void {
    this.#ground.sawEpoch(epoch);
    this.#ground.sawHub(epoch);
  }

  /** The hub's newest word counts: its receipts wait in a stream while its answers do not. */
  #sawStop(stop: HubStop | undefined, at: EpochMs): void {
    if (at >= this.#stop.at) this.#stop = { at, stop };
  }

  #openReceipts(): (receipts: readonly Bytes[]) => Promise<void> {
    return makeTakeReceipts(this.#office, {
      hub: this.hub,
      relay: this.#ground.relay,
      wake: () => this.link.sender.wake(),
      sawEpoch: (epoch) => this.#sawEpoch(epoch),
      sawHubEpoch: (epoch) => this.#ground.offers.saw(this.hub, epoch),
      sawStop: (stop, at) => this.#sawStop(stop, at),
      postpone: (publication) => this.link.sender.postpone(publication),
      pause: (forMs) => this.link.connection.pause(forMs),
      refreshRegister: () => this.#ground.refreshRegister(),
    });
  }

  #openHeads(): ReturnType<typeof makeTakeHeads> {
    return makeTakeHeads(this.#office, {
      hub: this.hub,
      wake: () => this.link.sender.wake(),
      sawEpoch: (epoch) => this.#sawEpoch(epoch),
      sawStop: (stop, at) => this.#sawStop(stop, at),
      sawAnew: () => this.resync.again(),
      repeatAll: () => this.held.repeatSince(0),
    });
  }
}

function passOn(proofs: Proofs): Pick<Proofs, "place" | "saw" | "noteFor"> {
  return {
    place: (message) => proofs.place(message),
    saw: (hub, note) => proofs.saw(hub, note),
    noteFor: (agency) => proofs.noteFor(agency),
  };
}

/** Opens the line to one hub. Returns at once; what waits goes out when the hub can be reached. */
export function openHubLine(place: Hub, ground: LineGround): HubLine {
  return new RunningLine(place, ground);
}
