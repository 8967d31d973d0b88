import {
  currentMailboxKey,
  decide,
  denialCode,
  mailboxOf,
  type ProvenRegister,
  type Question,
} from "../../certs/trust/index.ts";
import { intakeStreamOf } from "../../schemas/index.ts";
import { type RawAgency, rawAgency } from "./agency.ts";
import { type Cell, type Cells, chooseCells } from "./rights-cells.ts";
import { editOf, planWide, RightsDraw, wideRecs, wideStates } from "./rights-draw.ts";
import { type Held, ReadBook } from "./rights-book.ts";
import { pullIds, readPast } from "./rights-hand.ts";
import { type MadeOne, makeDirectOne, makeFeedOne } from "./rights-messages.ts";
import { startWorld, type World } from "./world.ts";

/** What a run is made with. */
export interface RightsOptions {
  readonly seed: string;
  /** One in so many cells is tried again after each change; the first time all are. */
  readonly thrift: number;
  readonly tell?: (line: string) => void;
}

/** What came of a run. */
export interface RightsReport {
  readonly counts: Readonly<Record<string, number>>;
  /** Where a connection got something else than `decide` says; empty when all is well. */
  readonly wrong: readonly string[];
  /** The registers that stood, one after the other. */
  readonly views: readonly ProvenRegister[];
  readonly cells: Cells;
}

const atOnce = 6;
/** How long a session may outlive its agency's right to one. */
const closeMs = 60_000;
const hourMs = 3_600_000;
const scopeStream = (rec: string): string => `FEED_${rec.toUpperCase()}`;

async function inGroups<T>(list: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...list];
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await act(one);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** All agencies of a drawn region over real connections, held against `decide`. */
class RightsRun {
  readonly #world: World;
  readonly #options: RightsOptions;
  readonly #cells: Cells;
  readonly #hands = new Map<string, RawAgency>();
  readonly #book = new ReadBook();
  readonly wrong: string[] = [];
  readonly counts: Record<string, number> = {};
  #moment = 0;

  constructor(world: World, cells: Cells, options: RightsOptions) {
    this.#world = world;
    this.#cells = cells;
    this.#options = options;
  }

  #count(what: string, by = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + by;
  }

  get #names(): readonly string[] {
    return this.#world.plan.agencies.map(({ agency }) => agency);
  }

  get #view(): ProvenRegister {
    return this.#world.register();
  }

  /** The session of one that was taken out has ended by itself. */
  async #expectClosed(hand: RawAgency): Promise<void> {
    const patience = new Promise((end) => setTimeout(end, closeMs).unref());
    await Promise.race([hand.link.closed(), patience]);
    if (!hand.link.isClosed()) this.wrong.push(`${hand.agency} is suspended and keeps its session`);
    await hand.close();
    this.#hands.delete(hand.agency);
  }

  async #dial(agency: string, isOut: boolean): Promise<void> {
    const made = await rawAgency(this.#world, agency).catch(() => undefined);
    const came = made === undefined ? "refused" : "given";
    if (came !== (isOut ? "refused" : "given")) this.wrong.push(`${agency}: link ${came}`);
    this.#count(`links ${came}`);
    if (made !== undefined) this.#hands.set(agency, made);
  }

  /** Everyone who may link does, and nobody else can. */
  async #dialAll(view: ProvenRegister): Promise<void> {
    const now = this.#world.clock.now();
    await inGroups(this.#names, async (agency) => {
      const isOut = (view.agency(agency)?.suspendedFrom ?? Infinity) <= now;
      const held = this.#hands.get(agency);
      if (held !== undefined && isOut) await this.#expectClosed(held);
      if (held === undefined || isOut || held.link.isClosed()) await this.#dial(agency, isOut);
    });
  }

  /** Sends, and holds each receipt against what is expected. */
  async #sendAll(
    hand: RawAgency,
    tries: readonly { readonly made: MadeOne; readonly expected: string; readonly held: Held; readonly says: string }[],
  ): Promise<void> {
    const outcomes = await hand.sendAll(tries.map(({ made }) => made));
    for (const [at, { expected, held, says }] of tries.entries()) {
      const outcome = outcomes[at];
      const came = outcome?.kind === "refused" ? outcome.line.code : (outcome?.kind ?? "nothing");
      this.#count(`${held.cell === undefined ? "direct" : "feed"} ${came}`);
      if (came !== expected) this.wrong.push(`${says}: ${came}, decided ${expected}`);
      if (came === "accepted") this.#book.note(held);
    }
  } // prettier-ignore

  #codeOf(view: ProvenRegister, questions: readonly Question[], now: number): string {
    for (const question of questions) {
      const decision = decide(view, question, now);
      if (!decision.allow) return denialCode(decision.reason);
    }
    return "accepted";
  }

  async #publishFeeds(view: ProvenRegister, cells: readonly Cell[]): Promise<void> {
    await inGroups([...this.#hands.values()], async (hand) => {
      const { agency, signer } = hand;
      const now = this.#world.clock.now();
      await this.#sendAll(
        hand,
        cells.map((cell) => {
          const { rec: scope, type, crime, handling } = cell;
          const question = { action: "PUBLISH", agency, originator: agency, scope, type, crime, handling } as const;
          const made = makeFeedOne(signer, cell, now);
          const expected = this.#codeOf(view, [question], now);
          const held = { id: made.id, originator: agency, stream: scopeStream(scope), cell, moment: this.#moment };
          return { made, expected, held, says: `${agency} publishing ${made.channel}` };
        }),
      );
    });
  } // prettier-ignore

  async #publishMail(view: ProvenRegister, every: number): Promise<void> {
    const key = currentMailboxKey(view.mailboxKeys, this.#world.clock.now());
    await inGroups([...this.#hands.values()], async (hand) => {
      const { agency, signer } = hand;
      const now = this.#world.clock.now();
      const others = this.#names.filter((name, at) => name !== agency && at % every === 0);
      const pairs = others.flatMap((recipient) =>
        this.#cells.handlings.chosen.map((handling) => ({ recipient, handling })),
      );
      await this.#sendAll(
        hand,
        pairs.map(({ recipient, handling }) => {
          const common = { originator: agency, scope: "direct", handling } as const;
          const questions = [
            { ...common, action: "PUBLISH", agency, recipient },
            { ...common, action: "READ", agency: recipient },
          ] as const;
          const made = makeDirectOne(signer, { mailbox: mailboxOf(key, recipient), handling }, now);
          const expected = this.#codeOf(view, questions, now);
          const held = { id: made.id, originator: agency, stream: "DIRECT", recipient, moment: this.#moment };
          return { made, expected, held, says: `${agency} writing to ${recipient} at ${handling}` };
        }),
      );
    });
  } // prettier-ignore

  async #read(view: ProvenRegister, readers: (at: number) => boolean): Promise<void> {
    const streams = [...view.recs.map(scopeStream), "DIRECT"];
    const some = this.#names.filter((_, at) => readers(at));
    await inGroups(some, async (agency) => {
      const hand = this.#hands.get(agency);
      if (hand === undefined) return;
      for (const stream of streams) {
        const ids = await pullIds(hand, stream);
        const place = { view, agency, stream, now: this.#world.clock.now(), moment: this.#moment };
        const { wrong, handed, withheld, withheldWithin } = this.#book.judge(place, ids);
        this.wrong.push(...wrong);
        this.#count("handed out", handed);
        this.#count("withheld", withheld);
        this.#count("withheld within one state", withheldWithin);
      }
    });
  }

  async #readPast(view: ProvenRegister): Promise<void> {
    const kept = [...view.recs.map(scopeStream), "DIRECT", "RECEIPTS", "QUARANTINE"];
    const names = this.#names;
    await inGroups([...this.#hands.keys()], async (agency) => {
      const at = names.indexOf(agency);
      const others = [1, 7, 23].map((step) => names[(at + step) % names.length] ?? "");
      const intakes = [agency, ...others.slice(0, 1)].map(intakeStreamOf);
      const streams = [...kept, ...intakes];
      this.wrong.push(...(await readPast(this.#world, agency, { streams, others })));
      this.#count("readers who tried to read past it");
    });
  }

  /** One state of the register: links, publications, and reading by those who read now. */
  async round(readers: (at: number) => boolean): Promise<void> {
    const { tell = (): void => undefined, thrift } = this.#options;
    const view = this.#view;
    const isFirst = this.#moment === 0;
    const { cells } = this.#cells;
    const begin = performance.now();
    const say = (what: string): void => tell(`${what} ${Math.round(performance.now() - begin)} ms`);
    await this.#dialAll(view);
    say("linked");
    await this.#publishFeeds(view, isFirst ? cells : cells.filter((_, at) => (at + this.#moment) % thrift === 0)); // prettier-ignore
    say("feeds");
    await this.#publishMail(view, isFirst ? 1 : thrift);
    say("mail");
    await this.#read(view, readers);
    say("read");
    if (isFirst) await this.#readPast(view);
    this.#moment += 1;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#hands.values()].map((hand) => hand.close()));
  }
}

/**
 * Draws a register of 60 agencies, and holds what every one of them gets over its own connection against what `decide`
 * says: at first, after the register changed, and after its dated lines began and ended.
 */
export async function runRights(options: RightsOptions): Promise<RightsReport> {
  const { seed, tell } = options;
  const world = await startWorld({
    states: wideStates,
    recs: wideRecs,
    plan: (usual) => planWide(usual, seed),
  });
  try {
    const draw = new RightsDraw(world.plan, seed, world.clock.now());
    const first = draw.rights();
    const second = draw.change(first);
    const kinds = [...new Set(world.plan.agencies.map(({ kind }) => kind))];
    const recs = world.plan.recs.map(({ rec }) => rec);
    const cells = chooseCells([first, second], { recs, kinds });
    const run = new RightsRun(world, cells, options);
    tell?.(`seed ${seed}: ${cells.cells.length} cells`);
    await world.publish(editOf(first));
    const views = [world.register()];
    await run.round((at) => at % 2 === 0);
    await world.publish(editOf(second));
    views.push(world.register());
    await run.round((at) => at % 3 !== 0);
    world.shift(hourMs);
    await world.broker.refresh();
    await run.round(() => true);
    await run.close();
    const { wrong, counts } = run;
    return { counts, wrong, views, cells };
  } finally {
    await world.stop();
  }
}
