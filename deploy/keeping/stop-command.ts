import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Command } from "commander";

import type { BrokerConfig, SignedOrder, StopOrder, StopState } from "../../broker/index.ts";
import { loadSigningKey } from "../../certs/keys/index.ts";
import { type Desk, exitCodes, type Start } from "../../gateways/cli/index.ts";
import { replaceFile } from "../../schemas/disk/index.ts";
import { codeList, isKnownCode, renderInstant } from "../../schemas/index.ts";
import { Fault, isFaultCode, renderHex, sha256 } from "../../schemas/ground/index.ts";
import { configWords, findHubConfig } from "./find-config.ts";

interface StopOptions {
  readonly config?: string;
  readonly reason?: string;
  readonly key?: string;
}

/** As the broker keeps its status; it looks for orders each second. */
const patienceMs = 120_000;
const lookMs = 200;

async function brokerRoom(): Promise<typeof import("../../broker/index.ts")> {
  // only who asks a hub waits for what speaks to one
  return await import("../../broker/index.ts");
}

/** Where a first officer's order to go on waits for the second's signature. */
function halfFile(dir: string): string {
  return join(dir, "stop-order.half.json");
}

async function findHalf(dir: string, order: StopOrder): Promise<SignedOrder | undefined> {
  const { parseSignedOrder } = await brokerRoom();
  const file = halfFile(dir);
  if (!existsSync(file)) return undefined;
  const half = parseSignedOrder(readFileSync(file));
  const isSame = half.order.act === "RESUME" && order.act === "RESUME" && half.order.since === order.since;
  return isSame ? half.signed : undefined;
} // prettier-ignore

/** The order with our signature on it, and whether it takes another officer's. */
async function sign(desk: Desk, { config, order }: { config: BrokerConfig; order: StopOrder }, place: string | undefined): Promise<{ readonly signed: SignedOrder; readonly isWhole: boolean }> {
  const { hubFolderOf, loadDutyKey, makeOrder, signersNeeded, signOrder } = await brokerRoom();
  const duty = (config.duty ?? []).map(loadDutyKey);
  const needed = signersNeeded(order.act, duty.length);
  if (needed === 0) return { signed: makeOrder(order), isWhole: true };
  if (place === undefined) throw new Fault("ROLE_MISSING", "this hub names duty officers: sign with --key FILE, your own key");
  const key = loadSigningKey(place.startsWith("pkcs11:") ? place : resolve(desk.world.cwd, place));
  const own = renderHex(sha256(key.spki));
  if (duty.every(({ fingerprint }) => fingerprint !== own)) throw new Fault("ROLE_MISSING", "this key is no duty officer's of this hub");
  const half = await findHalf(hubFolderOf(config), order);
  const signed = signOrder(half ?? makeOrder(order), key);
  const isTwice = signed.signatures.length > 1 && (await signersOf(half)).includes(own);
  if (isTwice) throw new Fault("SECOND_PERSON_NEEDED", "you signed already; it takes another officer");
  return { signed, isWhole: signed.signatures.length >= needed };
} // prettier-ignore

async function signersOf(half: SignedOrder | undefined): Promise<readonly string[]> {
  const { parseSignature } = await import("../../certs/trust/index.ts");
  return (half?.signatures ?? []).map((one) => renderHex(parseSignature(one).thumbprint));
}

/** Waits until the broker answered; undefined when none runs here. */
async function untilAnswered({ world }: Desk, config: BrokerConfig, digest: string): Promise<StopState | undefined> {
  const { findToldStatus, hubFolderOf, isOldStatus, readStopState } = await brokerRoom();
  const end = world.clock.elapsed() + patienceMs;
  while (world.clock.elapsed() < end) {
    const state = readStopState(hubFolderOf(config));
    if (state.answered?.digest === digest) return state;
    const told = findToldStatus(config.dir);
    if (told === undefined || isOldStatus(told, world.clock.now())) return undefined;
    await world.clock.sleep(lookMs);
  }
  throw new Fault("HUB_UNREACHABLE", "the broker did not answer; the order lies there and counts when it looks");
} // prettier-ignore

function refuse(code: string): never {
  const fault = isFaultCode(code) ? code : "INTERNAL";
  throw new Fault(fault, "the hub's broker refused the order");
}

function tellStopped({ result }: Desk, state: StopState | undefined, order: StopOrder): number {
  if (state === undefined) {
    result({ order: order.act, waits: true }, "No broker of this hub runs here. The order counts from the moment one starts.");
  } else if (state.stopped === undefined) {
    result({ order: order.act }, "The hub takes in again. What waited at its senders comes by itself.");
  } else {
    const since = renderInstant(state.stopped.since);
    result({ order: order.act, stopped: { ...state.stopped, since } }, `The hub takes in nothing new since ${since}. What was taken in goes on to its readers; the rest waits at its senders.`);
  }
  return exitCodes.ok;
} // prettier-ignore

async function give(desk: Desk, { config, order }: { config: BrokerConfig; order: StopOrder }, place: string | undefined): Promise<number> {
  const { hubFolderOf, orderDigest, orderFileOf, renderSignedOrder } = await brokerRoom();
  const { signed, isWhole } = await sign(desk, { config, order }, place);
  const dir = hubFolderOf(config);
  if (!isWhole) {
    replaceFile(halfFile(dir), renderSignedOrder(signed), { mode: 0o600 });
    desk.result({ order: order.act, needs: 1 }, "Signed. It takes a second officer: atumpan hub resume, with his own key.");
    return exitCodes.ok;
  }
  replaceFile(orderFileOf(dir), renderSignedOrder(signed), { mode: 0o600 });
  rmSync(halfFile(dir), { force: true });
  const state = await untilAnswered(desk, config, orderDigest(signed));
  if (state?.answered?.code !== undefined) refuse(state.answered.code);
  return tellStopped(desk, state, order);
} // prettier-ignore

async function runStop(
  desk: Desk,
  { config: file, reason = "", key }: StopOptions,
): Promise<number> {
  const { loadBrokerConfig } = await brokerRoom();
  const { world } = desk;
  if (!isKnownCode("HUB_STOP_REASON", reason)) {
    const known = codeList("HUB_STOP_REASON")?.codes.join(", ");
    throw new Fault("USAGE_INVALID", `--reason is one of ${known}`);
  }
  const config = loadBrokerConfig(findHubConfig(world.cwd, file));
  const order: StopOrder = { act: "STOP", hub: config.hub, at: world.clock.now(), reason };
  return await give(desk, { config, order }, key);
}

async function runResume(desk: Desk, { config: file, key }: StopOptions): Promise<number> {
  const { hubFolderOf, loadBrokerConfig, readStopState } = await brokerRoom();
  const { world } = desk;
  const config = loadBrokerConfig(findHubConfig(world.cwd, file));
  const { stopped } = readStopState(hubFolderOf(config));
  if (stopped === undefined) throw new Fault("CHANGE_OUTDATED", "the hub is not stopped");
  const order: StopOrder = { act: "RESUME", hub: config.hub, at: world.clock.now(), since: stopped.since };
  return await give(desk, { config, order }, key);
} // prettier-ignore

/** Adds `hub stop-admission` and `hub resume`: the stop button. */
export function addStop(hub: Command, program: Command, start: Start): void {
  hub
    .command("stop-admission")
    .description("take in nothing new until resume; what waits stays with its senders")
    .requiredOption("--reason <code>", "COMPROMISE, LOG_SPLIT, DISASTER, MAINTENANCE, ORDER, DRILL or OTHER")
    .option("--key <file>", "your key, where the hub names duty officers: a file, or pkcs11:…")
    .option("--config <file>", configWords)
    .action((options: StopOptions) => {
      start(program.opts(), (desk) => runStop(desk, options));
    });
  hub
    .command("resume")
    .description("take in again; where the hub names duty officers it takes two")
    .option("--key <file>", "your key, where the hub names duty officers: a file, or pkcs11:…")
    .option("--config <file>", configWords)
    .action((options: StopOptions) => {
      start(program.opts(), (desk) => runResume(desk, options));
    });
} // prettier-ignore
