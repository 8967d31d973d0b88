import { join } from "node:path";

import { systemChance, systemClock } from "../../schemas/ground/index.ts";
import { runHouse } from "./house-run.ts";
import type { World } from "./world.ts";

/** What a run of `atumpan revoke` said, and when it began and ended by the machine's steady clock. */
export interface RevokeRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly beganAt: number;
  readonly endedAt: number;
}

/** Runs `atumpan revoke` on the office of an agency's state in a world; confirmed unless an answer is given. */
export async function runRevoke(
  world: Pick<World, "home" | "layout">,
  args: readonly string[],
  answer?: string,
): Promise<RevokeRun> {
  const [agency = ""] = args;
  const office = join(world.layout.authorities, agency.split("/")[0] ?? "");
  const said = { out: "", err: "" };
  const beganAt = performance.now();
  const code = await runHouse({
    args: [
      "revoke",
      ...args,
      ...(args.includes("--office") ? [] : ["--office", office]),
      ...(answer === undefined ? ["--yes"] : []),
    ],
    cwd: world.home,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    ask: () => Promise.resolve(answer ?? ""),
    askPin: () => Promise.resolve(""),
    clock: systemClock,
    chance: systemChance,
  });
  return { code, ...said, beganAt, endedAt: performance.now() };
}
