import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Command } from "commander";

import { type Desk, exitCodes, type Start } from "../gateways/cli/index.ts";
import { Fault, silentLog } from "../schemas/ground/index.ts";

/** The hub of the region in this folder, or in the nearest one above it. */
function findConfig(from: string): string {
  const file = join(from, ".atumpan", "hub", "broker.json");
  if (existsSync(file)) return file;
  const parent = dirname(from);
  if (parent !== from) return findConfig(parent);
  throw new Fault(
    "CONFIG_INVALID",
    "there is no .atumpan/hub here or above; name it with --config",
  );
}

async function show({ world, result }: Desk, id: string, config: string | undefined): Promise<number> {
  // only who asks a hub waits for what speaks to one
  const { loadBrokerConfig, loadBrokerOptions, showHeld } = await import("../broker/index.ts");
  const ground = { clock: world.clock, chance: world.chance, log: silentLog };
  const loaded = loadBrokerConfig(config ?? findConfig(world.cwd));
  const items = await showHeld(loadBrokerOptions(loaded, ground), id);
  if (items.length === 0) throw new Fault("NOT_FOUND", "the hub holds nothing under this id");
  result({ items }, items.map((sight) => JSON.stringify(sight, undefined, 2)).join("\n"));
  return exitCodes.ok;
} // prettier-ignore

/** Adds `hub …`: for who runs a hub. */
export function addHub(program: Command, start: Start): void {
  program
    .command("hub")
    .description("for who runs a hub")
    .command("show <id>")
    .description("print everything the hub holds of a message: what a break-in would see")
    .option("--config <file>", "the broker's configuration")
    .action((id: string, { config }: { config?: string }) => {
      start(program.opts(), (desk) => show(desk, id, config));
    });
}
