/**
 * `node test/load/slice-plans.ts accounts=60 consumers=500 feeds=9 [shares=0.25,0.5,1] [own=1]`: what the hub reckons when a register comes
 * into force, its plan of every consumer, without any server: processor time and subject filters at several shares of a slice; with
 * own=1 as if readers might be handed what they published themselves. It
 * is of one thread and of processor time, so that a busy machine says the same as a quiet one, but for its caches.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";

import { planConsumers } from "../../broker/nats/index.ts";
import { verifyRegister } from "../../certs/trust/index.ts";
import { makeLayout } from "../../deploy/local/layout.ts";
import { makeRegion } from "../../deploy/local/region.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { planSlice, type SliceSize } from "./slice-plan.ts";

/** What planning cost. */
export interface PlanFigures extends SliceSize {
  readonly plans: number;
  readonly filters: number;
  /** Milliseconds of processor time. */
  readonly cpuMs: number;
}

const from = Date.UTC(2025, 0, 29);
const ports = { base: 4222, host: "127.0.0.1", natsServer: "nats-server" };

/** Makes the register of one size in a folder, and plans its consumers as a hub that begins. */
export async function costPlans(size: SliceSize, withOwn = false): Promise<PlanFigures> {
  const home = mkdtempSync(join(tmpdir(), "atumpan-plans-"));
  try {
    const layout = makeLayout(home);
    const plan = planSlice(size, "au/hub-one");
    const now = Date.now();
    const offices = await makeRegion(plan, layout, { now, chance: systemChance, from, ports });
    for (const { journal } of offices.all.values()) journal.stop();
    const register = verifyRegister(readFileSync(layout.register), { root: readFileSync(layout.root) });
    const stored = { note: () => undefined, of: () => [] };
    const began = process.cpuUsage();
    const plans = await planConsumers(register, { hub: plan.hub, stored, withOwn }, now);
    const { user, system } = process.cpuUsage(began);
    const filters = plans.reduce((sum, one) => sum + one.filters.length, 0);
    return { ...size, plans: plans.length, filters, cpuMs: Math.round((user + system) / 1000) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
} // prettier-ignore

async function main(args: readonly string[]): Promise<void> {
  const named = Object.fromEntries(args.map((pair) => pair.split("=")).map(([name = "", text = ""]) => [name, text.split(",").map(Number)])); // prettier-ignore
  const one = (name: string, usual: number): number => named[name]?.[0] ?? usual;
  for (const share of named["shares"] ?? [0.25, 0.5, 1]) {
    const accounts = Math.round(one("accounts", 60) * share);
    const consumers = Math.round(one("consumers", 500) * share);
    console.log(
      JSON.stringify(
        await costPlans({ accounts, consumers, feeds: one("feeds", 9) }, one("own", 0) === 1),
      ),
    );
  }
}

if (isMainThread && process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
