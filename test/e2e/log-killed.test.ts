import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { leafHash, makeFrontier, verifyCheckpoint } from "../../certs/log/index.ts";
import {
  decodeReceipt,
  decodeSignedReceipt,
  type LogLeaf,
  parseLogBatch,
  parseLogLeaf,
} from "../../schemas/index.ts";
import { type Bytes, renderHex } from "../../schemas/ground/index.ts";
import type { Step } from "../kit/kill-at.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const isLong = process.env["ATUMPAN_LONG"] === "1";

/** Where the hub's broker is ended, in the order of its work on one entry; files are cut short in their middle. */
const allSteps: readonly (readonly [string, Step])[] = [
  ["after it signed, before the entry is stored", { name: "append", nth: 1 }],
  ["after the entry is stored, before it is written down here", { name: "appended", nth: 1 }],
  ["while it is written down", { name: "seen", nth: 1 }],
  ["before what is written down is on the disk", { name: "seen sync", nth: 1 }],
  ["after it is written down, before the receipt goes out", { name: "receipt", nth: 1 }],
  ["while a bundle of entries is written", { name: "write entries", nth: 1 }],
  ["between two tile files", { name: "rename tile", nth: 1 }],
  ["between the tiles and what they stand for", { name: "rename state.json", nth: 2 }],
  ["while the checkpoint is written", { name: "write checkpoint", nth: 2 }],
  ["before the checkpoint is shown", { name: "rename checkpoint", nth: 2 }],
  ["while what was written down is begun anew", { name: "write log-seen", nth: 1 }],
  ["before the new one takes its place", { name: "rename log-seen", nth: 1 }],
];
/** CI takes one of each kind; all of them: `ATUMPAN_LONG=1 npm test -- test/e2e/log-killed`. */
const inShort = [
  "append",
  "appended",
  "seen",
  "receipt",
  "rename tile",
  "rename checkpoint",
  "rename log-seen",
];
const steps = allSteps.filter(([, { name }]) => isLong || inShort.includes(name));

let world: World;
let sender: Gateway;
/** Every checkpoint that anybody could have seen, as it was shown. */
const shown = new Map<string, Bytes>();
const sent: string[] = [];

function note(checkpoint: Bytes | undefined): void {
  if (checkpoint !== undefined) shown.set(renderHex(checkpoint), checkpoint);
}

function noteFolder(): void {
  const file = join(world.layout.hub, "log", "checkpoint");
  if (existsSync(file)) note(readFileSync(file));
}

interface ApiMessage {
  readonly message?: { readonly data: string };
}

async function readStream(stream: string): Promise<readonly Bytes[]> {
  const { link, jetStream } = world.desk;
  const { lastSequence = 0 } = (await jetStream.stream(stream)) ?? {};
  const asked = Array.from({ length: lastSequence }, async (_, i) => {
    const answer = await link.request(`$JS.API.STREAM.MSG.GET.${stream}`, JSON.stringify({ seq: i + 1 }));
    const { message } = answer.json<ApiMessage>();
    return message === undefined ? [] : [Buffer.from(message.data, "base64")];
  });
  return (await Promise.all(asked)).flat();
} // prettier-ignore

async function submit(): Promise<void> {
  const { id } = await sender.exchange.submit(example("red-flag"), `killed ${sent.length}`);
  sent.push(id);
}

/** The hub's receipt is here. */
function isTaken(id: string): boolean {
  return sender.exchange.find(id)?.state === "ACCEPTED";
}

/** Runs the broker until it ends at a step; messages come meanwhile. */
async function runUntilKilled(step: Step): Promise<string> {
  const file = join(import.meta.dirname, "../kit/killed-broker.ts");
  const args = [file, JSON.stringify(step), "run", "--config", world.layout.brokerConfig];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += String(data)));
  const ended = once(child, "exit");
  await submit();
  const killer = setTimeout(() => child.kill("SIGTERM"), 160_000);
  await ended;
  clearTimeout(killer);
  noteFolder();
  return child.signalCode === "SIGKILL" ? "SIGKILL" : said;
} // prettier-ignore

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  sender = await world.gateway("ng/tcu");
  await submit();
  await until("the first is taken", () => isTaken(sent[0]!));
  noteFolder();
  await world.stopBroker();
});

afterAll(async () => {
  await world?.stop();
});

describe("the hub's broker, killed at each step of its log", () => {
  it.each(steps)("%s", async (_, step) => {
    expect(await runUntilKilled(step)).toBe("SIGKILL");
  });

  it("goes on where it was: each message has one leaf and none is lost, and whatever was shown is a beginning of the log", async () => {
    await world.startBroker();
    await submit();
    await until("all are taken", () => sent.every(isTaken)); // prettier-ignore
    expect(world.broker.status().log).toMatchObject({ stopped: undefined });
    const receipts = (await readStream("RECEIPTS")).map((data) => decodeReceipt(decodeSignedReceipt(data).receipt));
    for (const { checkpoint, issuer } of receipts) if (issuer === world.plan.hub) note(checkpoint);
    const frontier = makeFrontier();
    const roots = new Map([[0, renderHex(frontier.root())]]);
    const leaves: LogLeaf[] = [];
    for (const data of await readStream("LOG")) {
      const batch = parseLogBatch(data);
      for (const leaf of batch.leaves) {
        frontier.append(leafHash(leaf));
        leaves.push(parseLogLeaf(leaf));
        roots.set(frontier.size(), renderHex(frontier.root()));
      }
      note(batch.checkpoint);
    }
    const feed = leaves.filter(({ stream }) => stream === "FEED_ECOWAS");
    const held = (await readStream("FEED_ECOWAS")).length;
    expect(held).toBe(sent.length);
    expect(feed.map(({ sequence }) => sequence)).toEqual(Array.from({ length: held }, (_, i) => i + 1));
    const accepted = receipts.flatMap((receipt) => receipt.accepted);
    for (const { logIndex = -1, streamSequence } of accepted) expect(leaves[logIndex]?.sequence).toBe(streamSequence);
    const keys = world.register().logKeys(world.plan.hub, world.clock.now());
    expect(shown.size).toBeGreaterThan(steps.length / 2);
    for (const bytes of shown.values()) {
      const { size, root } = verifyCheckpoint(bytes, ...keys).checkpoint;
      expect([size, renderHex(root)]).toEqual([size, roots.get(size)]);
    }
  }); // prettier-ignore
});
