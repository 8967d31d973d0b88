import type { Language } from "../../schemas/index.ts";
import { type Client, makeClient } from "./client.ts";
import { fetchOf, tokenOf } from "./context-token.ts";
import { chooseContext, type Context, loadContexts } from "./contexts.ts";
import type { World } from "./world.ts";

/** What every command was told, whatever it does. */
export interface Common {
  readonly as?: string;
  readonly context?: string;
  /** What content is read for; the gateway's own default when left out. */
  readonly purpose?: string | undefined;
  readonly json?: boolean;
  /** With JSON: one line for each of a list, and nothing around it. */
  readonly jsonLines?: boolean;
  readonly quiet?: boolean;
  /** False: nobody is asked anything; what would be is a wrong use. */
  readonly input?: boolean;
  /** The answer to "do you mean it" is yes. */
  readonly yes?: boolean;
  readonly lang?: Language;
  /** Seconds. */
  readonly timeout: number;
}

/** A command's place of work: the world, what it was told, and how to reach gateways. */
export interface Desk {
  readonly world: World;
  readonly common: Common;
  readonly contexts: () => readonly Context[];
  /** The gateway that was chosen. */
  readonly chosen: () => Context;
  readonly clientOf: (context: Context) => Client;
  /** The client of the chosen gateway. */
  readonly client: () => Client;
  /** Prints a result: JSON on one line when that was asked for, else text. */
  readonly result: (value: unknown, text: string) => void;
  /** Says something to a person, unless they want quiet. */
  readonly say: (text: string) => void;
}

const listNames = ["items", "authorities", "contexts", "findings", "people", "machines", "changes", "backups"]; // prettier-ignore

/** The members of a list, in whatever it is wrapped; of what is no list the thing itself. */
function linesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "object" || value === null) return [value];
  const [list] = Object.entries(value)
    .filter(([name, member]) => listNames.includes(name) && Array.isArray(member))
    .map(([, member]: [string, unknown]) => member);
  return Array.isArray(list) ? list : [value];
}

/** Builds a desk. Reads no file until a command asks. */
export function makeDesk(world: World, common: Common): Desk {
  const contexts = (): readonly Context[] => loadContexts(world);
  const chosen = (): Context =>
    chooseContext(contexts(), common.as ?? common.context ?? world.context);
  const clientOf = (context: Context): Client =>
    makeClient({
      url: context.url,
      token: () => tokenOf(context, world),
      purpose: common.purpose,
      fetch: fetchOf(context, world),
      clock: world.clock,
      timeoutMs: common.timeout * 1000,
      signal: world.signal,
    });
  return {
    world,
    common,
    contexts,
    chosen,
    clientOf,
    client: () => clientOf(chosen()),
    result: (value, text) => {
      if (common.jsonLines === true)
        for (const one of linesOf(value)) world.out(`${JSON.stringify(one)}\n`);
      else world.out(common.json === true ? `${JSON.stringify(value)}\n` : `${text}\n`);
    },
    say: (text) => {
      if (common.quiet !== true) world.err(`${text}\n`);
    },
  };
}
