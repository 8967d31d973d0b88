/**
 * `node gateways/main.ts --config PATH`: runs the gateways whose folders the file at PATH names, or the one
 * whose folder PATH is, until SIGTERM or SIGINT. Exit codes: 0 asked to end, 1 nothing could be started,
 * 2 wrong use, 70 a store contradicts itself.
 */
import { parseArgs } from "node:util";

import { startLog, systemChance, systemClock, toFault } from "../schemas/ground/index.ts";
import { makeDirectory, startApi } from "./api/index.ts";
import { loadGateway } from "./config.ts";
import { checkConfig } from "./config-seen.ts";
import { openChosenDrop } from "./drop-choice.ts";
import { loadGatewayFolders } from "./gateway-folders.ts";
import { runGateways, type RunOptions } from "./run-gateways.ts";
import { startVaulted, type VaultedGateway } from "./vaulted.ts";

const usage = "usage: node gateways/main.ts --config FILE_OR_FOLDER\n";
const log = startLog({ name: "gateway" });
const clock = systemClock;
const chance = systemChance;

function say(text: string): void {
  process.stderr.write(text);
}

const open: RunOptions["open"] = async (dir, onFatal) => {
  checkConfig(dir, clock);
  const loaded = loadGateway(dir, clock);
  const { agency } = loaded.options;
  const own = log.with({ agency });
  let found: VaultedGateway | undefined;
  const drop = openChosenDrop(loaded, { clock, chance, log: own }, () => found);
  const gateway = await startVaulted(loaded, { clock, chance, log: own, onFatal, drop });
  found = gateway;
  const { exchange, services, callers } = gateway;
  const directory = makeDirectory(() => gateway.register(), clock);
  try {
    const edge = {
      services,
      callers: drop?.callers(callers) ?? callers,
      exchange,
      directory,
      dir,
      ...loaded.api,
      clock,
      chance,
      log: own,
      onFatal,
    };
    const served = await startApi(edge);
    drop?.start(served.serve);
    return {
      agency,
      url: served.url,
      stop: async () => {
        await drop?.stop();
        await served.stop();
        await gateway.stop();
      },
    };
  } catch (error) {
    await gateway.stop();
    throw error;
  }
};

function readConfigPath(): string | undefined {
  try {
    return parseArgs({ options: { config: { type: "string" } } }).values.config;
  } catch {
    // parseArgs says in its own words what the usage line says in ours
    return undefined;
  }
}

async function main(path: string): Promise<number> {
  const asked = new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
  try {
    const dirs = loadGatewayFolders(path);
    return await runGateways({ dirs, open, log, say, asked });
  } catch (error) {
    const { code, detail } = toFault(error, "INTERNAL");
    log.error("gateways not started", { code });
    say(`${code}: ${detail}\n`);
    return 1;
  }
}

const path = readConfigPath();
if (path === undefined) say(usage);
process.exit(path === undefined ? 2 : await main(path));
