import type { Gateway } from "../../gateways/gateway.ts";
import { makeWorkDesk, type Matter, type WorkDesk } from "../../gateways/work/index.ts";
import type { MessageType } from "../../schemas/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { standingTerms } from "../../schemas/work/index.ts";
import { recastExample } from "./recast.ts";
import { until } from "./server.ts";
import type { World } from "./world.ts";

/** What is said otherwise than in the example of a type. */
export interface Words {
  readonly thread?: string;
  /** Of the opening of its thread when left out. */
  readonly about?: string;
  readonly body?: object;
  readonly inner?: object;
  readonly handling?: string;
  readonly crimes?: readonly string[];
}

/** Gateways of a world that talk in examples. */
export interface Talk {
  gateway(agency: string): Gateway;
  desk(agency: string): WorkDesk;
  /** Says something; resolves with its id when everybody it is for holds it and, unless it was started otherwise, its sender was told. */
  say(from: string, to: readonly string[], type: MessageType, words?: Words): Promise<string>;
  /** The code by which it is refused; what no rule refuses is said, and an error. */
  refused(from: string, to: readonly string[], type: MessageType, words?: Words): Promise<string>;
  /** Where the matter of an opening stands in an agency's eyes. */
  matter(agency: string, thread: string, opening?: string): Matter | undefined;
}

const rec = "ecowas";

/** What is waited for before the next word: that everybody holds it, or also that its sender was told so. */
interface TalkPace {
  readonly waits?: "HELD" | "TOLD";
}

class Talking implements Talk {
  readonly #world: World;
  readonly #gateways: ReadonlyMap<string, Gateway>;
  readonly #waits: "HELD" | "TOLD";
  #said = 0;

  constructor(world: World, gateways: ReadonlyMap<string, Gateway>, { waits = "TOLD" }: TalkPace) {
    this.#world = world;
    this.#waits = waits;
    this.#gateways = gateways;
  }

  gateway(agency: string): Gateway {
    const found = this.#gateways.get(agency);
    if (found === undefined) throw new Error(`${agency} does not run`);
    return found;
  }

  desk(agency: string): WorkDesk {
    return makeWorkDesk({ ...this.gateway(agency).office, terms: () => standingTerms });
  }

  #submission(from: string, { to, type, words }: { readonly to: readonly string[]; readonly type: MessageType; readonly words: Words }): object {
    const said = recastExample(type, { sender: from, readers: to }, { now: this.#world.clock.now(), rec });
    const { threadId: _t, inReplyTo: _r, supersedes: _s, ...rest } = said;
    const { thread, about = thread, body, inner, ...more } = words;
    const { inReplyTo: _i, threadId: _h, supersedes: _u, ...innerRest } = rest["inner"] as Record<string, unknown>;
    return JSON.parse(JSON.stringify({
      ...rest, ...more, status: "ACTUAL", threadId: thread, inReplyTo: about,
      inner: { ...innerRest, ...inner }, body: { ...(rest["body"] as object), ...body },
    })) as object;
  } // prettier-ignore

  // oxlint-disable-next-line eslint/max-params -- who, to whom, what, how: it reads as it is said
  async say(from: string, to: readonly string[], type: MessageType, words: Words = {}): Promise<string> {
    const { exchange } = this.gateway(from);
    this.#said += 1;
    const { id, audience } = await exchange.submit(this.#submission(from, { to, type, words }), `talk ${this.#said}`);
    for (const agency of audience) {
      if (!this.#gateways.has(agency)) continue;
      await until(`${type} is held by ${agency}`, () => this.gateway(agency).exchange.find(id) !== undefined);
    }
    if (this.#waits === "HELD") return id;
    const isTold = (): boolean => audience.filter((one) => this.#gateways.has(one)).every((one) => exchange.find(id)?.ladder.some(({ kind, by }) => kind === "DELIVERED" && by === one));
    await until(`${type} is told`, isTold);
    return id;
  } // prettier-ignore

  // oxlint-disable-next-line eslint/max-params -- as `say`
  async refused(from: string, to: readonly string[], type: MessageType, words: Words = {}): Promise<string> {
    const before = this.gateway(from).exchange.list({ box: "out", limit: 200 }).items.length;
    try {
      await this.say(from, to, type, words);
    } catch (error) {
      const after = this.gateway(from).exchange.list({ box: "out", limit: 200 }).items.length;
      if (after !== before) throw new Error("it was refused, and something was stored", { cause: error });
      if (isFault(error)) return error.violations[0]?.code ?? error.code;
      throw error;
    }
    throw new Error(`${type} was not refused`);
  } // prettier-ignore

  matter(agency: string, thread: string, opening = thread): Matter | undefined {
    return this.desk(agency).thread(thread).matters.find((one) => one.opening === opening && [one.opener, one.other].includes(agency));
  } // prettier-ignore
}

/** Starts the gateways of some agencies and lets them talk. */
export async function startTalk(world: World, agencies: readonly string[], pace: TalkPace = {}): Promise<Talk> {
  const gateways = new Map<string, Gateway>();
  for (const agency of agencies) gateways.set(agency, await world.gateway(agency));
  return new Talking(world, gateways, pace);
} // prettier-ignore
