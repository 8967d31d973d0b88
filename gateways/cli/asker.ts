import { resolve } from "node:path";

import { Fault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";

/** Asks whoever runs the command; what is secret is never shown, nor taken from an argument. */
export interface Asker {
  /** The next answer that is not shown while it is typed. */
  secret(question: string): Promise<string>;
  line(question: string): Promise<string>;
  /** A new secret, typed twice where it is typed. */
  newSecret(question: string): Promise<string>;
}

function makeLines(read: () => Promise<string>): () => Promise<string> {
  let lines: string[] | undefined;
  return async () => {
    lines ??= (await read()).split(/\r?\n/, 64);
    const next = lines.shift();
    if (next !== undefined && next !== "") return next;
    throw new Fault(
      "USAGE_INVALID",
      "the answers ended before the questions did: one on each line",
    );
  };
}

function refuse(question: string): Promise<string> {
  const fault = new Fault("USAGE_INVALID", `with --no-input nobody is asked for: ${question}`);
  return Promise.reject(fault);
}

/**
 * Builds an asker: at the terminal, or from the lines of a private file (`-` is standard input).
 *
 * @throws {Fault} USAGE_INVALID when the answers end; KEY_UNUSABLE when others may read the file
 */
export function makeAsker({ world, common }: Desk, from?: string): Asker {
  const { ask } = world;
  if (from === undefined && common.input === false) {
    return { secret: refuse, line: refuse, newSecret: refuse };
  }
  if (from === undefined && ask !== undefined) {
    const secret = (question: string): Promise<string> => ask(question, true);
    return {
      secret,
      line: (question) => ask(question, false),
      newSecret: async (question) => {
        const first = await secret(question);
        if ((await secret(`${question}, once more`)) === first) return first;
        throw new Fault("USAGE_INVALID", "the two are not the same; nothing was changed");
      },
    };
  }
  const file = from === undefined || from === "-" ? undefined : resolve(world.cwd, from);
  const next = makeLines(async () => {
    if (file === undefined) return await world.stdin();
    const { readSecretFile } = await import("../vault/index.ts");
    return readSecretFile(file);
  });
  return { secret: next, line: next, newSecret: next };
}
