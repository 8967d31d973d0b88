/**
 * Runs gateways from their folders and does what the bench orders: submits as a case system would, through
 * `exchange.submit`, and notes when a message of others is verified in the inbox.
 */
import { setTimeout as pause } from "node:timers/promises";

import { loadGateway } from "../../gateways/config.ts";
import { type Gateway, startGateway } from "../../gateways/gateway.ts";
import { isFault, startLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { type Load, runLoad } from "./load.ts";
import { sharedNow } from "./shared-clock.ts";
import { type Kind, makeSubmission } from "./submissions.ts";
import { serveOrders } from "./worker.ts";

/** What was submitted: the ids of what was taken, and when each was due and answered (shared clock). */
export interface SubmittedLoad {
  readonly ids: readonly string[];
  readonly dueAt: Float64Array;
  readonly answeredAt: Float64Array;
  /** Refusals by fault code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Publications the hub had not accepted when the last answer was given. */
  readonly waiting: number;
}

/** What arrived in all inboxes of the process since the last `begin`, and when the last of them had it. */
export interface HeldLoad {
  readonly ids: readonly string[];
  readonly heldAt: Float64Array;
  readonly quarantined: number;
}

/** What a reader took that only counts, however much it is. */
export interface CountedLoad {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly quarantined: number;
}

const gateways: Gateway[] = [];
const counted = { count: 0, firstAt: 0, lastAt: 0 };
const log = startLog({ name: "bench", level: "warn" });
const held = new Map<string, { left: number; at: number }>();
let whole = 0;
/** Of every inbox what is set apart; what only waited for the key of its audience is taken out again when it is proved. */
const apart = new Set<string>();
let submitted = 0;

function watch({ agency, exchange }: Gateway): void {
  exchange.watch(({ id, box, state }) => {
    if (box !== "in") return;
    if (state !== "VERIFIED") {
      apart.add(`${agency} ${id}`);
      return;
    }
    apart.delete(`${agency} ${id}`);
    const note = held.get(id) ?? { left: gateways.length, at: 0 };
    held.set(id, note);
    note.left -= 1;
    note.at = sharedNow();
    if (note.left === 0) whole += 1;
  });
}

/** Counts, and keeps nothing of a message. */
function countArrivals({ agency, exchange }: Gateway): void {
  exchange.watch(({ id, box, state }) => {
    if (box !== "in") return;
    if (state !== "VERIFIED") apart.add(`${agency} ${id}`);
    else {
      apart.delete(`${agency} ${id}`);
      counted.lastAt = sharedNow();
      counted.firstAt ||= counted.lastAt;
      counted.count += 1;
    }
  });
}

interface OpenOrder {
  readonly dirs: readonly string[];
  readonly isReader: boolean;
  /** Arrivals are counted only, for `count`. */
  readonly isCounting?: boolean;
}

async function open({ dirs, isReader, isCounting = false }: OpenOrder): Promise<void> {
  for (const dir of dirs) {
    const { options } = loadGateway(dir);
    const own = { clock: systemClock, chance: systemChance, log };
    const gateway = await startGateway({ ...options, ...own });
    gateways.push(gateway);
    if (isReader) (isCounting ? countArrivals : watch)(gateway);
  }
  while (!gateways.every(({ exchange }) => exchange.status().linkUp)) await pause(50);
}

function sender(): Gateway["exchange"] {
  const [gateway] = gateways;
  if (gateway === undefined) throw new Error("no gateway is open");
  return gateway.exchange;
}

async function submit({ kind, load }: { kind: Kind; load: Load }): Promise<SubmittedLoad> {
  const exchange = sender();
  const taken: { id: string; dueAt: number; answeredAt: number }[] = [];
  const refused: Record<string, number> = {};
  await runLoad(load, async (_, dueAt) => {
    submitted += 1;
    const number = submitted;
    try {
      const { id } = await exchange.submit(makeSubmission(kind, number), `bench-${number}`);
      taken.push({ id, dueAt, answeredAt: sharedNow() });
    } catch (error) {
      const code = isFault(error) ? error.code : "unknown";
      refused[code] = (refused[code] ?? 0) + 1;
    }
  });
  return {
    ids: taken.map(({ id }) => id),
    dueAt: Float64Array.from(taken, ({ dueAt }) => dueAt),
    answeredAt: Float64Array.from(taken, ({ answeredAt }) => answeredAt),
    refused,
    waiting: exchange.status().waiting,
  };
}

/** Waits until `count` messages are in all inboxes, or nothing more came for `patienceSeconds`. */
async function collect(given: { count: number; patienceSeconds: number }): Promise<HeldLoad> {
  let seen = -1;
  let movedAt = sharedNow();
  while (whole < given.count) {
    if (held.size + whole !== seen) movedAt = sharedNow();
    seen = held.size + whole;
    if (sharedNow() - movedAt > given.patienceSeconds * 1000) break;
    await pause(20);
  }
  const all = [...held].filter(([, { left }]) => left === 0);
  return {
    ids: all.map(([id]) => id),
    heldAt: Float64Array.from(all, ([, { at }]) => at),
    quarantined: apart.size,
  };
}

/** Waits until so many came that are counted, or nothing more came for `patienceSeconds`. */
async function count(given: { count: number; patienceSeconds: number }): Promise<CountedLoad> {
  let [seen, movedAt] = [-1, sharedNow()];
  while (counted.count < given.count) {
    if (counted.count !== seen) movedAt = sharedNow();
    seen = counted.count;
    if (sharedNow() - movedAt > given.patienceSeconds * 1000) break;
    await pause(20);
  }
  return { ...counted, quarantined: apart.size };
}

serveOrders(
  {
    open,
    submit,
    collect,
    count,
    waiting: () => sender().status().waiting,
    begin: () => {
      held.clear();
      whole = 0;
      apart.clear();
    },
    size: async ({ kind }: { kind: Kind }) => {
      const { bytes, audience, problems } = await sender().validate(makeSubmission(kind, 100_000));
      return { bytes, audience, problems };
    },
  },
  async () => {
    for (const gateway of gateways) await gateway.stop();
  },
);
