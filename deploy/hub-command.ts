import type { Command } from "commander";

import { type Desk, exitCodes, type Start } from "../gateways/cli/index.ts";
import { Fault, silentLog } from "../schemas/ground/index.ts";
import { addKeeping, configWords, findHubConfig } from "./keeping/index.ts";
import { findHubTroubles, renderHubMetrics, renderHubStatus } from "./hub-status.ts";

async function show({ world, result }: Desk, id: string, config: string | undefined): Promise<number> {
  // only who asks a hub waits for what speaks to one
  const { loadBrokerConfig, loadBrokerOptions, showHeld } = await import("../broker/index.ts");
  const ground = { clock: world.clock, chance: world.chance, log: silentLog };
  const loaded = loadBrokerConfig(findHubConfig(world.cwd, config));
  const items = await showHeld(loadBrokerOptions(loaded, ground), id);
  if (items.length === 0) throw new Fault("NOT_FOUND", "the hub holds nothing under this id");
  result({ items }, items.map((sight) => JSON.stringify(sight, undefined, 2)).join("\n"));
  return exitCodes.ok;
} // prettier-ignore

async function restoreLog({ world, result }: Desk, config: string | undefined): Promise<number> {
  const { loadBrokerConfig, loadBrokerOptions, restoreHubLog } = await import("../broker/index.ts");
  const ground = { clock: world.clock, chance: world.chance, log: silentLog };
  const loaded = loadBrokerConfig(findHubConfig(world.cwd, config));
  const entries = await restoreHubLog(loadBrokerOptions(loaded, ground));
  result({ entries }, `${entries} entries stand in the log`);
  return exitCodes.ok;
} // prettier-ignore

async function retire({ world, result }: Desk, name: string, config: string | undefined): Promise<number> {
  const { loadBrokerConfig, loadBrokerOptions, retireServer } = await import("../broker/index.ts");
  const ground = { clock: world.clock, chance: world.chance, log: silentLog };
  const loaded = loadBrokerConfig(findHubConfig(world.cwd, config));
  const retired = await retireServer(loadBrokerOptions(loaded, ground), name);
  result({ retired }, retired ? `${name} counts no more; the others take over what it kept` : `${name} did not count any more`);
  return exitCodes.ok;
} // prettier-ignore

/** Says how the broker of this machine stands; 1 when something is wrong. */
async function status({ world, result }: Desk, config: string | undefined, isMetrics: boolean): Promise<number> {
  const { isOldStatus, loadBrokerConfig, findToldStatus } = await import("../broker/index.ts");
  const told = findToldStatus(loadBrokerConfig(findHubConfig(world.cwd, config)).dir);
  const now = world.clock.now();
  if (told === undefined || isOldStatus(told, now)) throw new Fault("HUB_UNREACHABLE", "no broker of this hub runs here");
  const troubles = findHubTroubles(told, now);
  const text = isMetrics ? renderHubMetrics(told, now).trimEnd() : renderHubStatus(told, now);
  result({ ...told, troubles }, text);
  return troubles.length === 0 ? exitCodes.ok : exitCodes.other;
} // prettier-ignore

/** Adds `hub …`: for who runs a hub. */
export function addHub(program: Command, start: Start): void {
  const hub = program.command("hub").description("for who runs a hub");
  hub
    .command("restore-log")
    .description(
      "put back what the server lost of the hub's log, from the broker's files; the broker must be stopped",
    )
    .option("--config <file>", configWords)
    .action(({ config }: { config?: string }) => {
      start(program.opts(), (desk) => restoreLog(desk, config));
    });
  hub
    .command("retire-server <name>")
    .description(
      "take one of a hub's servers out for good, which must be stopped: the others take over what it kept",
    )
    .option("--config <file>", configWords)
    .action((name: string, { config }: { config?: string }) => {
      start(program.opts(), (desk) => retire(desk, name, config));
    });
  hub
    .command("show <id>")
    .description("print everything the hub holds of a message: what a break-in would see")
    .option("--config <file>", configWords)
    .action((id: string, { config }: { config?: string }) => {
      start(program.opts(), (desk) => show(desk, id, config));
    });
  addKeeping(hub, {
    program,
    start,
    telling: { figures: renderHubMetrics, troubles: findHubTroubles },
  });
  hub
    .command("status")
    .description(
      "print how the broker here, its log and its witnesses stand; 1 when something is wrong",
    )
    .option("--config <file>", configWords)
    .option("--metrics", "for Prometheus, as a file that it collects")
    .action(({ config, metrics = false }: { config?: string; metrics?: boolean }) => {
      start(program.opts(), (desk) => status(desk, config, metrics));
    });
}
