import { Command } from "commander";

import { Fault, startLog, systemChance, systemClock, toFault } from "../schemas/ground/index.ts";
import { loadBrokerConfig, loadBrokerOptions } from "./config.ts";
import type { BrokerOptions } from "./options.ts";
import { renderServer } from "./render-server.ts";
import { restoreHubLog } from "./restore-log.ts";
import { showHeld } from "./show.ts";
import { startBroker } from "./start.ts";

/** Exit codes of sysexits(3): what a supervisor must not restart blindly is EX_SOFTWARE. */
const exits = { integrity: 70, config: 78, other: 1 } as const;

function exitCodeOf({ code }: Fault): number {
  if (code.startsWith("INTEGRITY_")) return exits.integrity;
  return code === "CONFIG_INVALID" || code === "KEY_UNUSABLE" ? exits.config : exits.other;
}

function openOptions(file: string): BrokerOptions {
  const config = loadBrokerConfig(file);
  const log = startLog({
    name: "broker",
    level: config.log.level,
    ...(config.log.file === undefined ? {} : { file: config.log.file }),
  });
  return loadBrokerOptions(config, { clock: systemClock, chance: systemChance, log });
}

/** Resolves at the first signal that asks the process to end. */
function untilAsked(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => resolve(undefined));
    }
  });
}

async function run(file: string): Promise<void> {
  // Timers of the clock do not keep a process alive; while the server is away nothing else would.
  const { port1: alive } = new MessageChannel();
  alive.ref();
  try {
    const broker = await startBroker(openOptions(file));
    const fault = await Promise.race([untilAsked(), broker.failed]);
    await broker.stop();
    if (fault !== undefined) throw fault;
  } finally {
    alive.close();
  }
}

/**
 * Runs the broker's command line: `run` until it is asked to end, `render` the server's files, `show` what
 * the hub holds of one message, or `restore-log` what the server lost of its log.
 *
 * @param write where results and faults are told, a line each
 * @returns the exit code
 */
export async function runBrokerCommand(
  args: readonly string[],
  write: (line: string) => void,
): Promise<number> {
  const command = new Command("broker").exitOverride();
  command
    .command("run")
    .requiredOption("--config <file>")
    .action(({ config }: { config: string }) => run(config));
  command
    .command("render")
    .requiredOption("--config <file>")
    .action(({ config }: { config: string }) => {
      const isChanged = renderServer(openOptions(config));
      write(isChanged ? "written" : "unchanged");
    });
  command
    .command("show <id>")
    .requiredOption("--config <file>")
    .action(async (id: string, { config }: { config: string }) => {
      const held = await showHeld(openOptions(config), id);
      if (held.length === 0) throw new Fault("NOT_FOUND", "the hub holds nothing under this id");
      for (const sight of held) write(JSON.stringify(sight, undefined, 2));
    });
  command
    .command("restore-log")
    .requiredOption("--config <file>")
    .action(async ({ config }: { config: string }) => {
      write(`${await restoreHubLog(openOptions(config))} entries stand in the log`);
    });
  try {
    await command.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof Error && "exitCode" in error && typeof error.exitCode === "number") {
      return error.exitCode;
    }
    const fault = toFault(error, "INTERNAL");
    write(`${fault.code}: ${fault.detail}`);
    return exitCodeOf(fault);
  }
}

if (import.meta.main) {
  process.exitCode = await runBrokerCommand(process.argv.slice(2), (line) => {
    process.stderr.write(`${line}\n`);
  });
}
