import { Fault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { findFolder } from "./doctoring.ts";
import { exitCodes } from "./exit-codes.ts";
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

/** Says everything that is wrong with a gateway's configuration, and what to do. Ends with 2 when something is. */
export async function runConfigCheck(desk: Desk, options: FolderOption): Promise<number> {
  const { dir, problems } = await see(desk, options);
  const lines = problems.map(
    ({ field, code, says, fix }) =>
      `✗ ${field === "" ? "gateway.json" : field}: ${says}  (${code})\n    → ${fix}`,
  );
  const good = `${dir}: good. Whether it works: atumpan doctor --folder ${dir}`;
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
