import { Command } from "commander";

import {
  Fault,
  type Log,
  startLog,
  systemChance,
  systemClock,
  toFault,
} from "../schemas/ground/index.ts";
import { loadBrokerConfig, loadBrokerOptions } from "./config.ts";
import type { BrokerOptions } from "./options.ts";
import { renderServer } from "./render-server.ts";
import { restoreHubLog } from "./restore-log.ts";
import { showHeld } from "./show.ts";
import { type DoorOrder, openSurveyorDoor, prepareSurveyorDoor } from "./surveyor-door.ts";
import { type Asked, runBroker } from "./run.ts";

/** Exit codes of sysexits(3): what a supervisor must not restart blindly is EX_SOFTWARE. */
const exits = { integrity: 70, config: 78, other: 1 } as const;

function exitCodeOf({ code }: Fault): number {
  if (code.startsWith("INTEGRITY_")) return exits.integrity;
  return code === "CONFIG_INVALID" || code === "KEY_UNUSABLE" ? exits.config : exits.other;
}

function openLog(file: string): Log {
  const { log } = loadBrokerConfig(file);
  const { level, file: place } = log;
  return startLog({ name: "broker", level, ...(place === undefined ? {} : { file: place }) });
}

function openOptions(file: string, log: Log = openLog(file)): BrokerOptions {
  return loadBrokerOptions(loadBrokerConfig(file), { clock: systemClock, chance: systemChance, log });
} // prettier-ignore

/** Hears the signals that ask the process to end; whoever does not listen is ended by them. */
function listen(): Asked {
  const { promise: toEnd, resolve } = Promise.withResolvers<"asked">();
  const hear = (): void => resolve("asked");
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, hear);
  return {
    toEnd,
    stop: () => {
      for (const signal of signals) process.off(signal, hear);
    },
  };
}

async function run(file: string): Promise<void> {
  // Timers of the clock do not keep a process alive; while the server is away nothing else would.
  const { port1: alive } = new MessageChannel();
  alive.ref();
  try {
    const log = openLog(file);
    await runBroker({ load: () => openOptions(file, log), listen });
  } finally {
    alive.close();
  }
}

type Place = Pick<DoorOrder, "dir" | "port">;

/** Where deploy/seeing/surveyor.yaml looks for the door. */
const doorPort = 7778;

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new Fault("CONFIG_INVALID", "--port is a number from 1 to 65535");
}

/** Lets nats-surveyor in until it is asked to end. */
async function openDoor(file: string, place: Place, write: (line: string) => void): Promise<void> {
  const door = await openSurveyorDoor({ options: openOptions(file), ...place });
  const asked = listen();
  try {
    write(`the surveyor's key is ${door.publicKey}`);
    await asked.toEnd;
  } finally {
    asked.stop();
    await door.stop();
  }
} // prettier-ignore

/**
 * Runs the broker's command line: `run` until it is asked to end, `render` the server's files, `show` what
 * the hub holds of one message, `restore-log` what the server lost of its log, or keep a door open for nats-surveyor.
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
  command
    .command("surveyor-door")
    .requiredOption("--config <file>")
    .requiredOption("--dir <folder>")
    .option("--port <number>", "where it listens on this machine", parsePort, doorPort)
    .option("--prepare", "makes what the surveyor is given, and ends")
    .action(async ({ config, prepare, ...place }: Place & { config: string; prepare?: true }) => {
      if (prepare === true) write(`the surveyor's key is ${prepareSurveyorDoor(place.dir)}`);
      else await openDoor(config, place, write);
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
