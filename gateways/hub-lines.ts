import { type EpochMs, type FaultCode, toFault } from "../schemas/ground/index.ts";
import {
  findHub,
  type HubStanding,
  hubWayOf,
  type Office,
  type SenderChannel,
} from "./exchange/index.ts";
import { type HubStop, outEraseSubject } from "../schemas/index.ts";
import { hubsOf } from "../certs/trust/index.ts";
import { chooseLine } from "./hub-choice.ts";
import { type HubLine, type LineGround, openHubLine } from "./hub-line.ts";
import { settleRestored } from "./hub-store.ts";
import type { HubBlobs, LinkHealth } from "./link/index.ts";
import { joinBlobs } from "./joined-blobs.ts";
import type { RelayLine } from "./relay/index.ts";

/** What lines are opened with; what each asks of the others is answered here. */
export type LinesGround = Omit<
  LineGround,
  "hubs" | "isHome" | "hubOf" | "askAdmission" | "held" | "begun"
>;

/** The lines of a gateway, one to each hub it is linked to; as the register in force has it. */
export interface HubLines {
  /** In the register's order. */
  all(): readonly HubLine[];
  /** The first hub's: what is ours alone, such as our acts in a log, goes there. */
  home(): HubLine | undefined;
  /** The first that is up, else the first. */
  lead(): HubLine | undefined;
  /** The lead's, since the last of those that are up rose: what one was not handed while it was away is asked for then. */
  health(): (LinkHealth & { readonly stopped: HubStop | undefined }) | undefined;
  of(hub: string): HubLine | undefined;
  /** The line by which a sender's channel goes. */
  route(of: SenderChannel): HubLine | undefined;
  readonly isUp: boolean;
  /** Chunks of files, at every hub that is up. */
  blobs(): HubBlobs | undefined;
  standings(): readonly HubStanding[];
  /** Opens and ends lines as the register in force says, and gives what waits another way where it says so. */
  tend(): void;
  wake(): void;
  /** Chains that moved are told of, each by its own line. */
  held(chains: readonly number[]): void;
  repeatSince(since: EpochMs): void;
  tick(isClockRight: boolean): void;
  stop(): Promise<void>;
} // prettier-ignore

function relayLineOf(one: HubLine): RelayLine {
  const { hub, isUp } = one;
  const publish: RelayLine["publish"] = (subject, bytes) => one.publish(subject, bytes);
  const askErase: RelayLine["askErase"] = async (order) => await one.ask(order, outEraseSubject);
  return { hub, isUp, publish, askErase, line: () => one.link.connection.line };
}

class RunningLines implements HubLines {
  readonly #ground: LinesGround;
  readonly #office: Office;
  #lines: readonly HubLine[] = [];
  #ending: Promise<unknown> = Promise.resolve();

  constructor(ground: LinesGround) {
    this.#ground = ground;
    this.#office = ground.office;
  }

  all(): readonly HubLine[] {
    return this.#lines;
  }

  home(): HubLine | undefined {
    return this.#lines[0];
  }

  lead(): HubLine | undefined {
    return this.#lines.find(({ isUp }) => isUp) ?? this.home();
  }

  health(): ReturnType<HubLines["health"]> {
    const line = this.lead();
    if (line === undefined) return undefined;
    const lead = { ...line.link.health(), stopped: line.stopped };
    if (!lead.isUp) return lead;
    const up = this.#lines.map(({ link }) => link.health()).filter(({ isUp }) => isUp);
    return { ...lead, since: Math.max(lead.since, ...up.map(({ since }) => since)) };
  }

  of(hub: string): HubLine | undefined {
    return this.#lines.find((line) => line.hub === hub);
  }

  route(of: SenderChannel): HubLine | undefined {
    const hub = this.#hubOf(of);
    return hub === undefined ? undefined : this.of(hub);
  }

  get isUp(): boolean {
    return this.#lines.some(({ isUp }) => isUp);
  }

  blobs(): HubBlobs | undefined {
    const [first, ...others] = this.#lines;
    if (first === undefined || others.length === 0) return first?.link.blobs;
    return joinBlobs(() => this.#lines.filter(({ isUp }) => isUp).map(({ link }) => link.blobs));
  }

  standings(): readonly HubStanding[] {
    const { outbox } = this.#office.store;
    return this.#lines.map(({ hub, link, log, stopped }) => {
      const standing = log.desk.standing();
      const waiting = outbox.countWaiting(hub);
      const way = { hub, ...hubWayOf({ ...link.health(), stopped }), waiting };
      return standing === undefined ? way : { ...way, log: standing };
    });
  }

  tend(): void {
    const wanted = hubsOf(this.#office.register(), this.#office.agency);
    const gone = this.#lines.filter(({ hub }) => wanted.every((one) => one.hub !== hub));
    // all of them are known before the first is opened: each asks which the others are
    const kept = this.#lines.filter((line) => !gone.includes(line));
    const added = wanted.filter(({ hub }) => kept.every((line) => line.hub !== hub));
    for (const line of gone) this.#end(line);
    this.#lines = kept;
    const ground = this.#lineGround();
    const opened = added.map((place) => openHubLine(place, ground));
    const all = [...kept, ...opened];
    this.#lines = wanted.flatMap(({ hub }) => all.filter((line) => line.hub === hub));
    for (const line of kept) line.follow();
    void this.#reroute();
    void this.#leave();
  }

  wake(): void {
    for (const { link } of this.#lines) link.sender.wake();
  }

  held(chains: readonly number[]): void {
    for (const { held } of this.#lines) held.note(chains);
  }

  repeatSince(since: EpochMs): void {
    for (const { held } of this.#lines) held.repeatSince(since);
  }

  tick(isClockRight: boolean): void {
    for (const line of this.#lines) line.tick(isClockRight);
    this.#ground.offers.tick(this.#lines);
    // what is signed by a clock that is wrong is refused by who reads it
    if (isClockRight) this.#ground.relay.tick(this.#lines.map(relayLineOf));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.stop()));
    await this.#ending;
    this.#lines = [];
  }

  /** By the register, so that it is whole while lines are being opened. */
  #hubs(): readonly string[] {
    return hubsOf(this.#office.register(), this.#office.agency).map(({ hub }) => hub);
  }

  #hubOf(of: SenderChannel): string | undefined {
    const at = this.#office.clock.now();
    return chooseLine(this.#office.register(), of, { hubs: this.#hubs(), at });
  }

  #lineGround(): LineGround {
    return {
      ...this.#ground,
      hubs: () => this.#hubs(),
      isHome: (hub) => this.#hubs()[0] === hub,
      hubOf: (of) => this.#hubOf(of),
      askAdmission: async (question, of) => await this.route(of)?.ask(question),
      held: (chains) => this.held(chains),
      begun: () => {
        for (const { resync } of this.#lines) resync.again();
      },
    };
  }

  #end(line: HubLine): void {
    const { log } = this.#office;
    log.warn("the register names a hub no more, or no right of ours there", { hub: line.hub });
    const ended = line.stop().catch((error: unknown) => {
      log.error("a line did not end", { hub: line.hub, code: toFault(error, "INTERNAL").code });
    });
    this.#ending = Promise.all([this.#ending, ended]);
  }

  async #leave(): Promise<void> {
    try {
      await this.#ground.bell.leave(this.#hubs());
    } catch (error) {
      const { code } = toFault(error, "INTERNAL");
      this.#office.log.error("alarms of a hub that was left stay open", { code });
    }
  }

  async #reroute(): Promise<void> {
    const { store, log } = this.#office;
    try {
      if (this.#findRerouted().length === 0 && store.restored.mark()?.state !== "HANDED") return;
      await store.write(() => {
        for (const route of this.#findRerouted()) store.outbox.reroute(route);
        settleRestored(store, this.#hubs());
      });
      this.wake();
    } catch (error) {
      const code: FaultCode = toFault(error, "INTERNAL").code;
      log.error("what waits was given no other way", { code });
    }
  }

  #findRerouted(): readonly { readonly channel: string; readonly hub: string }[] {
    const { agency: originator, store, clock } = this.#office;
    const register = this.#office.register();
    return store.outbox.openRoutes().flatMap(({ channel, hub: held }) => {
      const hub = findHub(register, { originator, channel }, clock.now()) ?? "";
      return hub === held ? [] : [{ channel, hub }];
    });
  }
}

/** Builds the lines of a gateway; none is open before the first `tend`. */
export function makeHubLines(ground: LinesGround): HubLines {
  return new RunningLines(ground);
}
