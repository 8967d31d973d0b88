import { houseVerbs } from "../../deploy/house-verbs.ts";
import { runCli, type World } from "../../gateways/cli/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";

export { houseVerbs };

/** Who runs a command of the house, and what stands about him. */
export interface HouseWorld extends Pick<World, "args" | "cwd" | "out" | "err" | "clock"> {
  readonly chance?: World["chance"];
  readonly input?: NonNullable<World["input"]>;
  readonly write?: NonNullable<World["write"]>;
  readonly ask?: (question: string) => Promise<string>;
  /** Asked in place of `ask` for what is not shown. */
  readonly askPin?: (token: string) => Promise<string>;
}

/** Runs `atumpan` as people do, with the commands of the whole house. Returns its exit code. */
export async function runHouse({ ask, askPin = ask, ...world }: HouseWorld): Promise<number> {
  const said = /^PIN of token /;
  return await runCli({
    chance: systemChance,
    version: "0.0.0",
    isWatched: false,
    stdin: () => Promise.resolve(""),
    fetch: () => Promise.reject(new TypeError("no gateway here")),
    signal: new AbortController().signal,
    verbs: houseVerbs,
    ...world,
    ...(ask === undefined || askPin === undefined
      ? {}
      : { ask: async (question, isSecret) => await (isSecret ? askPin(question.replace(said, "")) : ask(question)) }),
  });
} // prettier-ignore
