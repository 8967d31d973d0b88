import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type ErasedLine, type Eraser, startEraser } from "../../broker/erasure/index.ts";
import { mailboxOwners } from "../../broker/nats/index.ts";
import {
  makeExchange,
  makeTakePublications,
  makeTakeReceipts,
  makeWatchers,
} from "../../gateways/exchange/index.ts";
import { heldLines, signHeld } from "../../gateways/exchange/index.ts";
import {
  makeRecallDesk,
  type RecallDesk,
  type RecallParts,
  startRecalls,
  type Recalling,
} from "../../gateways/recall/index.ts";
import { isDirectChannel, streamOf } from "../../schemas/index.ts";
import {
  type Bytes,
  makeSeededChance,
  renderBase64url,
  silentLog,
} from "../../schemas/ground/index.ts";
import { standingTerms } from "../../schemas/work/index.ts";
import {
  type Handed,
  handedOf,
  type MadeOffice,
  makeOffice,
  signReceipt,
} from "./gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "./gateway-world.ts";
import type { StillClock } from "./memory-exchange.ts"; // prettier-ignore

/** One agency with all that recalls need. */
export interface RecallSide {
  readonly office: MadeOffice;
  readonly desk: RecallDesk;
  readonly recalling: Recalling;
  /** Lines of the record. */
  readonly lines: string[];
  submit(submission: unknown, key: string): Promise<string>;
  /** Every byte of the store's file and its journal. */
  bytes(): Buffer;
}

/** What the hub keeps, by stream and subject. */
interface Held {
  readonly stream: string;
  readonly sequence: number;
  readonly origin: string;
  readonly reader: readonly string[];
  readonly handed: Handed;
  readonly headers: ReadonlyMap<string, string>;
}

/** Some gateways, and a hub in memory that takes out with the hub's own code. */
export interface RecallRegion {
  readonly world: GatewayWorld;
  readonly clock: StillClock;
  readonly journal: ErasedLine[];
  /** Who takes nothing now, and whether the hub answers. */
  readonly away: Set<string>;
  readonly hub: { isUp: boolean };
  side(agency: string): RecallSide;
  /** Everything that waits travels, with its receipts, until nothing does. */
  carry(): Promise<void>;
  /** Carries, and lets everybody tend, until nothing moves. */
  settle(): Promise<void>;
  stored(): readonly Held[];
  close(): Promise<void>;
}

const hubName = "ecowas/hub";
/** Rounds in which nothing moves, after which nothing will. */
const quietRounds = 2;

/** What recalls of one office work with. */
export function makeRecallParts(office: MadeOffice, exchange: RecallParts["exchange"], more: Partial<RecallParts> = {}): RecallParts {
  const { agency, store, signer, register, clock, log } = office;
  return {
    agency, store, signer, exchange, register, clock, log,
    terms: () => standingTerms,
    hubs: () => [hubName],
    askErase: () => Promise.resolve(undefined),
    dir: office.dir,
    backupDays: 30,
    isClockRight: () => true,
    changed: () => undefined,
    record: () => undefined,
    chance: makeSeededChance(`recall ${agency}`),
    ...more,
  };
} // prettier-ignore

class Region implements RecallRegion {
  readonly world: GatewayWorld;
  readonly journal: ErasedLine[] = [];
  readonly away = new Set<string>();
  readonly hub = { isUp: true };
  readonly #sides = new Map<string, RecallSide>();
  readonly #held = new Map<string, Held>();
  readonly #taken = new Set<string>();
  readonly #eraser: Eraser;
  readonly #dir = mkdtempSync(join(tmpdir(), "recall-"));
  readonly clock: StillClock;
  #sequence = 0;

  constructor(world: GatewayWorld, names: readonly string[]) {
    this.world = world;
    const offices = names.map((agency) => makeOffice(world, agency));
    // one clock for all, so that deadlines pass everywhere
    this.clock = offices[0]!.clock;
    for (const office of offices)
      this.#sides.set(office.agency, this.#open(Object.assign(office, { clock: this.clock })));
    this.#eraser = startEraser({
      jetStream: {
        lastOn: (stream, subject) => {
          const held = this.#held.get(subject);
          return Promise.resolve(
            held === undefined
              ? undefined
              : { subject, sequence: held.sequence, headers: held.headers, stream },
          );
        },
        erase: (_stream, sequence) => {
          for (const [subject, held] of this.#held)
            if (held.sequence === sequence) this.#held.delete(subject);
          return Promise.resolve();
        },
      },
      hub: hubName,
      register: () => world.view,
      instances: new Map([
        ["FEED_ECOWAS", "i"],
        ["DIRECT", "i"],
      ]),
      clock: this.clock,
      log: silentLog,
      journal: (line) => void this.journal.push(line),
    });
  }

  side(agency: string): RecallSide {
    return this.#sides.get(agency)!;
  }

  stored(): readonly Held[] {
    return [...this.#held.values()];
  }

  async #askErase(agency: string, order: Bytes): Promise<Bytes | undefined> {
    if (!this.hub.isUp) return undefined;
    const { erasures } = await this.#eraser.order(agency, order);
    const issuedAt = this.clock.now();
    return signReceipt(this.world, hubName, { recipient: agency, issuedAt, erasures });
  }

  #open(office: MadeOffice): RecallSide {
    const lines: string[] = [];
    const watchers = makeWatchers(office.store, silentLog);
    const exchange = makeExchange(office, { watchers, wake: () => undefined, link: () => undefined });
    const { agency } = office;
    const parts = makeRecallParts(office, exchange, {
      askErase: (order) => this.#askErase(agency, order),
      dir: this.#dir,
      record: (act, object, outcome) => void lines.push([act, object, outcome].join(" ").trim()),
    });
    return {
      office, lines,
      desk: makeRecallDesk(parts),
      recalling: startRecalls(parts),
      submit: async (submission, key) => (await exchange.submit(submission, key)).id,
      bytes: () => Buffer.concat(["store.db", "store.db-wal"].map((name) => readFileSync(join(office.dir, name)))),
    };
  } // prettier-ignore

  /** The hub takes what waits of one agency, and says so. */
  async #send({ office }: RecallSide): Promise<boolean> {
    const { store, agency } = office;
    const waiting = store.outbox.waiting(1_000);
    const owners = mailboxOwners(this.world.view, this.clock.now());
    const accepted = waiting.map((seq) => {
      const publication = store.outbox.get(seq)!;
      const message = store.messages.get(publication.message)!;
      const { channel } = publication;
      const handed = handedOf(office, publication.message).find(({ subject }) => subject.includes(channel))!;
      const stream = streamOf(channel);
      const sequence = (this.#sequence += 1);
      const reader = isDirectChannel(channel) ? [owners.get(channel.slice("direct.".length))!] : message.audience;
      const headers = new Map([["Atumpan-Digest", renderBase64url(message.digest)], ["Atumpan-Origin", agency]]);
      this.#held.set(handed.subject, { stream, sequence, origin: agency, reader, handed, headers });
      return { messageId: message.id, envelopeDigest: message.digest, channel, stream, instance: "i", streamSequence: sequence };
    });
    if (accepted.length > 0) await this.#receive(agency, signReceipt(this.world, hubName, { recipient: agency, issuedAt: this.clock.now(), accepted }));
    return accepted.length > 0;
  } // prettier-ignore

  async #receive(agency: string, receipt: Bytes): Promise<void> {
    await makeTakeReceipts(this.side(agency).office, {
      wake: () => undefined,
      sawEpoch: () => undefined,
      postpone: () => undefined,
      refreshRegister: () => Promise.resolve(false),
    })([receipt]);
  }

  /** One agency takes what stands for it, and signs what it holds. */
  async #take({ office }: RecallSide): Promise<void> {
    const { agency } = office;
    const own = [...this.#held].filter(([subject, { reader }]) => reader.includes(agency) && !this.#taken.has(`${agency} ${subject}`));
    if (this.away.has(agency) || own.length === 0) return;
    for (const [subject] of own) this.#taken.add(`${agency} ${subject}`);
    const take = makeTakePublications(office, { refreshRegister: () => Promise.resolve(false), held: () => undefined });
    await take(own.map(([, { handed }]) => handed));
    for (const sender of new Set(own.map(([, { origin }]) => origin))) {
      const chains = office.store.chains.changedSince(0).filter(({ originator }) => originator === sender);
      for (const lines of heldLines(chains)) await this.#receive(sender, signHeld(office, sender, lines));
    }
  } // prettier-ignore

  async carry(): Promise<void> {
    for (let isMoving = true; isMoving;) {
      isMoving = false;
      for (const side of this.#sides.values()) isMoving = (await this.#send(side)) || isMoving;
      for (const side of this.#sides.values()) await this.#take(side);
    }
  }

  /** What moves when anything does: what was carried and taken, and what anybody wrote down. */
  #mark(): string {
    const written = [...this.#sides.values()].map(({ lines }) => lines.length);
    return [this.#sequence, this.#taken.size, ...written].join(" ");
  }

  async settle(): Promise<void> {
    let before = "";
    for (let [round, quiet] = [0, 0]; round < 6 && quiet < quietRounds; round += 1) {
      await this.carry();
      for (const [agency, { recalling }] of this.#sides)
        if (!this.away.has(agency)) await recalling.tend();
      quiet = this.#mark() === before ? quiet + 1 : 0;
      before = this.#mark();
    }
    await this.carry();
  }

  async close(): Promise<void> {
    this.#eraser.stop();
    for (const { office, recalling } of this.#sides.values()) {
      await recalling.stop();
      office.close();
    }
    rmSync(this.#dir, { recursive: true });
  }
}

/** Makes a world of these agencies, who may send each other what owners and holders say. */
export async function makeRecallWorld(
  names: readonly string[],
  now: number,
): Promise<GatewayWorld> {
  const types = ["data.*", "handling.*", "translation.*", "request.*", "reply.*", "seizure.*"];
  return await makeGatewayWorld(names, { now, types });
}

/** Opens their gateways anew, with empty stores. */
export function openRecallRegion(world: GatewayWorld, names: readonly string[]): RecallRegion {
  return new Region(world, names);
}
