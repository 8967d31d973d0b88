import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { makeDirectory, startApi } from "../../gateways/api/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;
let tcu: Gateway;
const root = join(import.meta.dirname, "../..");

/** A command that plays, and all it said. */
interface Playing {
  readonly child: ChildProcess;
  readonly steps: () => readonly Record<string, string>[];
  readonly err: () => string;
  readonly ended: Promise<number | null>;
}

const playing: Playing[] = [];

function simulate(...args: readonly string[]): Playing {
  const all = ["simulate", "country", ...args, "--home", world.home, "--json"];
  const child = spawn(process.execPath, [join(root, "deploy/atumpan.mjs"), ...all], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => (out += String(data)));
  child.stderr.on("data", (data) => (err += String(data)));
  const steps = (): readonly Record<string, string>[] =>
    out.split("\n").slice(0, -1).map((line) => JSON.parse(line) as Record<string, string>);
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const one = { child, steps, err: () => err, ended };
  playing.push(one);
  return one;
} // prettier-ignore

async function played({ steps, err, child }: Playing, agencies: number): Promise<void> {
  await until("all play", () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${err()}`);
    return steps().filter(({ did }) => did === "plays").length === agencies;
  });
} // prettier-ignore

/** All it said, for a test that waits in vain. */
function told({ steps, err }: Playing): string {
  return `${JSON.stringify(steps())} ${err()}`;
}

/** What came in answer to a message. */
function answers({ exchange }: Gateway, id: string): readonly { type: string; status: string; body: Record<string, unknown> }[] {
  const found = exchange.list({ box: "in", limit: 200 }).items.map((item) => exchange.find(item.id)!);
  return found.filter(({ inReplyTo }) => inReplyTo === id).map(({ type, status, body }) => ({ type, status, body: body as Record<string, unknown> }));
} // prettier-ignore

function request(): Record<string, unknown> {
  const text = readFileSync(join(root, "schemas/examples/request.information.json"), "utf8");
  const { originator: _, ...rest } = JSON.parse(text) as Record<string, Record<string, unknown>>;
  const { leadId: _lead, intendedRecipients: _onward, alsoAsked: _also, ...body } = rest["body"]!;
  const { contact: _contact, ...inner } = rest["inner"]!;
  return { ...rest, inner, recipients: ["gh/tcu"], body: { ...body, replyBy: new Date(Date.now() + 5 * 86_400_000).toISOString() } };
} // prettier-ignore

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"], recs: ["ecowas"] });
  tcu = await world.gateway("ng/tcu");
});

afterEach(async () => {
  for (const { child, ended } of playing.splice(0)) {
    child.kill("SIGTERM");
    await ended;
  }
});

afterAll(async () => {
  await world?.stop();
});

describe("a country that is played", () => {
  it("acknowledges and answers requests, as exercises, from gateways of its own; and ends when it is told", { timeout: 120_000 }, async () => {
    const play = simulate("gh", "--seed", "7", "--bad-signature", "2");
    await played(play, 3);
    const fiu = await world.gateway("ng/fiu");
    const asked = await tcu.exchange.submit(request(), "sim-1");
    const money = await fiu.exchange.submit(example("fiu-request"), "sim-2");
    await until(() => `both are answered: ${told(play)}`, () => answers(tcu, asked.id).length === 2 && answers(fiu, money.id).length === 1);
    expect(answers(tcu, asked.id).map(({ type }) => type).toSorted()).toEqual(["reply.final", "request.acknowledge"]);
    expect(answers(fiu, money.id)).toMatchObject([{ type: "fiu.reply", status: "EXERCISE" }]);
    expect([...answers(tcu, asked.id)].every(({ status }) => status === "EXERCISE")).toBe(true);
    const forged = play.steps().filter(({ did }) => did === "sent with a bad signature");
    expect(forged).toHaveLength(2);
    await until("what was forged is in quarantine", () => tcu.exchange.status().quarantined === 2);
    for (const { id } of forged) expect(tcu.exchange.find(id!)).toBeUndefined();
    play.child.kill("SIGTERM");
    expect(await play.ended).toBe(130);
    expect(play.steps().filter(({ did }) => did === "may not send")).toEqual([]);
  }); // prettier-ignore

  it("refuses with a ground, late, goes away and comes back; and ends after its count", { timeout: 120_000 }, async () => {
    const play = simulate("gh", "--refuse", "--late", "2s", "--count", "2", "--flap");
    await played(play, 3);
    const before = performance.now();
    const asked = await tcu.exchange.submit(request(), "sim-3");
    await until(() => `it is refused: ${told(play)}`, () => answers(tcu, asked.id).some(({ type }) => type === "reply.refuse"));
    expect(performance.now() - before).toBeGreaterThan(4_000);
    await until("it goes away", () => play.steps().some(({ did }) => did === "went away"));
    await until("it comes back", () => play.steps().some(({ did }) => did === "came back"));
    await tcu.exchange.submit(request(), "sim-4");
    expect(await play.ended).toBe(0);
  }); // prettier-ignore

  it("whose gateway runs already is asked through it, and cannot flap", async () => {
    const stops: (() => Promise<void>)[] = [];
    for (const { agency } of world.plan.agencies.filter(({ authority }) => authority === "gh")) {
      const gateway = await world.gateway(agency);
      const dir = world.layout.gateway(agency);
      const { api } = JSON.parse(readFileSync(join(dir, "gateway.json"), "utf8")) as { api: { host: string; port: number } };
      const served = await startApi({ exchange: gateway.exchange, directory: makeDirectory(() => gateway.register(), systemClock), dir, ...api, clock: systemClock, chance: systemChance, log: silentLog });
      stops.push(() => served.stop());
    }
    const flapping = simulate("gh", "--flap");
    expect(await flapping.ended).toBe(2);
    expect(flapping.err()).toContain("run elsewhere");
    const play = simulate("gh", "--for", "6s", "--alerts", "1/s");
    await played(play, 3);
    await until("an alert came", () => tcu.exchange.list({ box: "in", limit: 50 }).items.some(({ originator, type }) => originator === "gh/tcu" && /^(?:alert|bulletin)\./.test(type)));
    expect(await play.ended).toBe(0);
    for (const stop of stops) await stop();
    for (const agency of ["gh/tcu", "gh/fiu", "gh/moc"]) await world.stopGateway(agency);
  }); // prettier-ignore

  it.each([
    [["zz"], "no agency of zz"],
    [["../ng"], "a code such as gh"],
    [["gh", "--late", "soon"], "30s"],
    [["gh", "--alerts", "1000/s"], "ten a second"],
  ])("%j is refused with a way out", async (args, says) => {
    const play = simulate(...args);
    expect(await play.ended).toBe(2);
    expect(play.err()).toContain(says);
  });
});
