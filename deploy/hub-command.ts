import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { Command } from "commander";

import { loadBrokerConfig, loadBrokerOptions, showHeld } from "../broker/index.ts";
import { Fault, silentLog, systemChance, systemClock, toFault } from "../schemas/ground/index.ts";

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

async function show(id: string, config: string): Promise<void> {
  const ground = { clock: systemClock, chance: systemChance, log: silentLog };
  const held = await showHeld(loadBrokerOptions(loadBrokerConfig(config), ground), id);
  if (held.length === 0) throw new Fault("NOT_FOUND", "the hub holds nothing under this id");
  for (const sight of held) process.stdout.write(`${JSON.stringify(sight, undefined, 2)}\n`);
}

/** `atumpan hub …`: for who runs a hub. Returns the exit code. */
export async function runHubCommand(args: readonly string[], cwd: string): Promise<number> {
  const program = new Command("atumpan hub").description("for who runs a hub").exitOverride();
  program
    .command("show <id>")
    .description("print everything the hub holds of a message: what a break-in would see")
    .option("--config <file>", "the broker's configuration")
    .action(async (id: string, { config }: { config?: string }) => {
      await show(id, config ?? findConfig(cwd));
    });
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof Error && "exitCode" in error) return Number(error.exitCode);
    const fault = toFault(error, "INTERNAL");
    process.stderr.write(`${fault.detail}.\nCode ${fault.code}.\n`);
    return fault.code === "NOT_FOUND" ? 5 : 1;
  }
}
