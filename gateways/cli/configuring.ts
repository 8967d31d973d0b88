import { faultSentence } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { findFolder } from "./doctoring.ts";
import { exitCodes } from "./exit-codes.ts";
import { sayOf } from "./words.ts";
import type { ConfigSeen } from "./world.ts";

interface FolderOption {
  readonly folder?: string;
}

/**
 * The folder that is meant, as its gateway reads it.
 *
 * @throws {Fault} USAGE_INVALID when no folder is named and none lies with the context
 */
async function see(desk: Desk, options: FolderOption): Promise<ConfigSeen & { dir: string }> {
  const dir = findFolder(desk, options);
  const { seeConfig } = desk.world;
  if (dir === undefined || seeConfig === undefined) {
    throw new Fault("USAGE_INVALID", "name the gateway's folder with --folder");
  }
  return { dir, ...(await seeConfig(dir)) };
}

type Problem = ConfigSeen["problems"][number];

/** In English as the gateway says it; else in our words, with the gateway's own where ours say less. */
function sayProblem(desk: Desk, { kind, code, facts, ...english }: Problem): Pick<Problem, "says" | "fix"> {
  const { lang = "en" } = desk.common;
  if (lang === "en") return english;
  const say = sayOf(desk);
  const fix = say(`configFix.${kind}`, facts);
  if (kind === "NAMED") return { says: `${faultSentence(code, lang)}: ${english.says}`, fix };
  const says = say(`config.${kind}`, facts);
  return { says: kind === "OTHER" ? `${says}: ${english.says}` : says, fix };
} // prettier-ignore

/** Says everything that is wrong with a gateway's configuration, and what to do. Ends with 2 when something is. */
export async function runConfigCheck(desk: Desk, options: FolderOption): Promise<number> {
  const { dir, problems } = await see(desk, options);
  const lines = problems.map((problem) => {
    const { field, code } = problem;
    const { says, fix } = sayProblem(desk, problem);
    return `✗ ${field === "" ? "gateway.json" : field}: ${says}  (${code})\n    → ${fix}`;
  });
  const good = sayOf(desk)("config.good", {
    folder: dir,
    command: `atumpan doctor --folder ${dir}`,
  });
  desk.result({ folder: dir, problems }, problems.length === 0 ? good : lines.join("\n"));
  return problems.length === 0 ? exitCodes.ok : exitCodes.usage;
}

/** Prints a gateway's configuration without its secrets. */
export async function runConfigShow(desk: Desk, options: FolderOption): Promise<number> {
  const { dir, shown, problems } = await see(desk, options);
  if (shown === undefined) {
    throw new Fault("CONFIG_INVALID", problems[0]?.says ?? `${dir} has no gateway.json`);
  }
  desk.result(shown, JSON.stringify(shown, undefined, 2));
  return exitCodes.ok;
}
