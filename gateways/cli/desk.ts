import { type Client, makeClient } from "./client.ts";
import { chooseContext, type Context, loadContexts, loadContextToken } from "./contexts.ts";
import type { World } from "./world.ts";

/** What every command was told, whatever it does. */
export interface Common {
  readonly as?: string;
  readonly context?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
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

/** Builds a desk. Reads no file until a command asks. */
export function makeDesk(world: World, common: Common): Desk {
  const contexts = (): readonly Context[] => loadContexts(world.cwd);
  const chosen = (): Context =>
    chooseContext(contexts(), common.as ?? common.context ?? world.context);
  const clientOf = (context: Context): Client =>
    makeClient({
      url: context.url,
      token: loadContextToken(context),
      fetch: world.fetch,
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
    result: (value, text) =>
      world.out(common.json === true ? `${JSON.stringify(value)}\n` : `${text}\n`),
    say: (text) => {
      if (common.quiet !== true) world.err(`${text}\n`);
    },
  };
}
