/**
 * `npm run bench -- --index`: what the index of words costs each message: the same messages taken, and the same handed in, with it
 * and without it, in turns, each time into a store of its own on the disk.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Office } from "../../gateways/exchange/office.ts";
import { submit } from "../../gateways/exchange/submit.ts";
import { makeTakePublications } from "../../gateways/exchange/take-publications.ts";
import { makeMessages } from "../../gateways/store/messages.ts";
import { openStoreFile } from "../../gateways/store/restore-open.ts";
import type { SearchIndex } from "../../gateways/store/search.ts";
import { makeStore } from "../../gateways/store/store.ts";
import { type Handed, makeOffice, send } from "../kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../kit/gateway-world.ts";
import { median } from "./percentile.ts";
import { type Kind, makeSubmission } from "./submissions.ts";

/** What one act costs with the index and without it: ms of processor time a message, the middle of the rounds. */
export interface IndexCost {
  readonly name: string;
  readonly withIndex: number;
  readonly without: number;
}

/** What was measured. */
export interface IndexFigures {
  readonly messages: number;
  readonly costs: readonly IndexCost[];
  /** Octets of the file for each message that was taken. */
  readonly bytesWith: number;
  readonly bytesWithout: number;
}

interface Place {
  readonly office: Office;
  readonly take: (arrivals: readonly Handed[]) => Promise<void>;
  /** Closes it; says how large the file is. */
  close(): number;
}

/** As many as one pull brings, so that what a commit costs is shared as it is in a gateway. */
const lot = 128;
const noIndex: SearchIndex = {
  put: () => undefined,
  remove: () => undefined,
  missing: () => [],
};

function openPlace(world: GatewayWorld, agency: string, isIndexed: boolean): Place {
  const made = makeOffice(world, agency);
  const dir = mkdtempSync(join(tmpdir(), "index-bench-"));
  const path = join(dir, "store.db");
  const file = openStoreFile(path, {});
  const whole = makeStore(file, made.clock);
  const bare = { ...whole, messages: makeMessages(file.database, whole.changes, noIndex) };
  const office: Office = { ...made, store: isIndexed ? whole : bare };
  const duties = { refreshRegister: () => Promise.resolve(false), held: () => undefined };
  return {
    office,
    take: makeTakePublications(office, duties),
    close: () => {
      file.close();
      made.close();
      const { size } = statSync(path);
      rmSync(dir, { recursive: true });
      return size;
    },
  };
}

/** Processor time of an act for each of a lot, ms. */
async function measure(act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / lot;
}

interface Pair {
  readonly whole: Place;
  readonly bare: Place;
}

/** One lot through both, the first of them in turns. */
async function measureLot(
  { whole, bare }: Pair,
  round: number,
  act: (place: Place) => Promise<unknown>,
): Promise<readonly [withIndex: number, without: number]> {
  if (round % 2 === 0) {
    const first = await measure(() => act(whole));
    return [first, await measure(() => act(bare))];
  }
  const first = await measure(() => act(bare));
  return [await measure(() => act(whole)), first];
}

type Rounds = (readonly [number, number])[];

function costOf(name: string, rounds: Rounds): IndexCost {
  // the first compiles and warms
  const counted = rounds.slice(1);
  return {
    name,
    withIndex: median(counted.map(([one]) => one)),
    without: median(counted.map(([, one]) => one)),
  };
}

async function submitLot({ office }: Place, kind: Kind, from: number): Promise<void> {
  const all = Array.from({ length: lot }, (_, at) => from + at);
  await Promise.all(
    all.map((number) => submit(office, makeSubmission(kind, number), `${kind}-${number}`)),
  );
}

async function measureSubmits(world: GatewayWorld, kind: Kind, count: number): Promise<IndexCost> {
  const pair = { whole: openPlace(world, "ng/tcu", true), bare: openPlace(world, "ng/tcu", false) };
  const rounds: Rounds = [];
  for (let from = 0; from < count; from += lot) {
    rounds.push(await measureLot(pair, rounds.length, (place) => submitLot(place, kind, from)));
  }
  pair.whole.close();
  pair.bare.close();
  return costOf(`handed in, ${kind}`, rounds);
}

interface Taken {
  readonly cost: IndexCost;
  readonly bytesWith: number;
  readonly bytesWithout: number;
}

async function measureTaking(world: GatewayWorld, count: number): Promise<Taken> {
  const sender = makeOffice(world, "ng/tcu");
  const pair = { whole: openPlace(world, "gh/tcu", true), bare: openPlace(world, "gh/tcu", false) };
  const rounds: Rounds = [];
  for (let from = 0; from < count; from += lot) {
    const handed: Handed[] = [];
    for (let at = from; at < from + lot; at += 1)
      handed.push(...(await send(sender, makeSubmission("open", at), `sent-${at}`)));
    rounds.push(await measureLot(pair, rounds.length, (place) => place.take(handed)));
  }
  sender.close();
  const all = rounds.length * lot;
  return {
    cost: costOf("taken, proved and stored", rounds),
    bytesWith: pair.whole.close() / all,
    bytesWithout: pair.bare.close() / all,
  };
}

/** Measures with so many messages of each kind. */
export async function measureIndex(
  { count = 4_096 }: { readonly count?: number | undefined },
  say: (text: string) => void,
): Promise<IndexFigures> {
  const world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now: Date.now() - 60_000 });
  say("messages are taken …");
  const { cost, ...bytes } = await measureTaking(world, count);
  say("messages are handed in …");
  const open = await measureSubmits(world, "open", count);
  const sealed = await measureSubmits(world, "sealed", count);
  return { messages: count, costs: [cost, open, sealed], ...bytes };
}

/** The figures as a person reads them. */
export function renderIndex({ messages, costs, bytesWith, bytesWithout }: IndexFigures): string {
  const row = ({ name, withIndex, without }: IndexCost): string =>
    `| ${name.padEnd(26)} | ${withIndex.toFixed(2).padStart(10)} | ${without.toFixed(2).padStart(7)} | ${(withIndex - without).toFixed(2).padStart(6)} | ${(withIndex / without).toFixed(2).padStart(5)} |`;
  return [
    `${messages} messages of each kind; ms of processor time a message`,
    `| ${"".padEnd(26)} | with index | without | index  | ratio |`,
    `| ${"-".repeat(26)} | ---------: | ------: | -----: | ----: |`,
    ...costs.map(row),
    `on the disk, of a taken one ${(bytesWith / 1_000).toFixed(1)} kB, without ${(bytesWithout / 1_000).toFixed(1)}`,
    "",
  ].join("\n");
}
