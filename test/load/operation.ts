/**
 * `node test/load/operation.ts [MESSAGES] [PERSECOND]`: an operation of 30 states on a hub of three servers, as COCAIR V was (T34): so
 * many messages (1,000 when left out, a day's), three quarters alerts to everybody and one in four a request of one state to another,
 * at so many a second at most (10). A third of the way one of the servers is killed, and comes back at two thirds. Each gateway is a real
 * one, with its store. Counts by the senders' own lists, every message with each of its readers; tells the times until it was
 * proved at the last of them. Ends with 1 when anything was lost or came twice, or was on its way for more than a minute.
 */
import { startBrokerProcess } from "../kit/broker-process.ts";
import { makeCluster } from "../kit/cluster.ts";
import { until } from "../kit/server.ts";
import { exampleNow } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";
import { alert } from "../e2e/three-servers-work.ts";
import { planSlice } from "./slice-plan.ts";
import { quantile } from "./storm.ts";

const [messages = "1000", perSecond = "10"] = process.argv.slice(2);
const count = Number(messages);
const states = 30;
const mostMs = 60_000;

interface Sent {
  readonly at: number;
  readonly readers: readonly string[];
}

/** What each gateway was brought: when, and how often. */
type Came = ReadonlyMap<string, Map<string, { at: number; times: number }>>;

async function openAll(world: World): Promise<Came> {
  const came: Came = new Map(world.plan.agencies.map(({ agency }) => [agency, new Map()]));
  for (const [agency, own] of came) {
    const { exchange } = await world.gateway(agency);
    exchange.watch(({ id, state }) => {
      const before = own.get(id);
      if (state === "VERIFIED" && before === undefined) own.set(id, { at: performance.now(), times: 1 });
    });
  }
  return came;
} // prettier-ignore

function requestTo(reader: string): unknown {
  const { crimes, handling, inner, body } = exampleNow("request.information", Date.now());
  return { type: "request.information", crimes, handling, inner, recipients: [reader], body };
}

const cluster = makeCluster({ gates: false });
const size = { accounts: states, consumers: 3 * states, feeds: 1, perState: 1 };
const world = await startWorld({ plan: ({ hub }) => planSlice(size, hub), ...cluster.options });
process.exitCode = 1;
try {
  await cluster.untilWhole(world);
  await world.stopBroker();
  const broker = await startBrokerProcess(world, {}, 600);
  try {
    const came = await openAll(world);
    const agencies = [...came.keys()];
    const sent = new Map<string, Sent>();
    const before = new Map(await Promise.all(agencies.map(async (one) => [one, (await world.gateway(one)).exchange.status().inbox] as const)));
    const [node] = cluster.nodes;
    const began = performance.now();
    let due = began;
    for (let at = 0; at < count; at += 1) {
      if (at === Math.floor(count / 3)) await node?.kill();
      if (at === Math.floor((2 * count) / 3)) await node?.start();
      // who is behind does not hurry after: officers send no storm because the machine was slow
      due = Math.max(due + 1_000 / Number(perSecond), performance.now());
      await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
      const sender = agencies[(at * 7) % states] ?? "";
      const others = agencies.filter((one) => one !== sender);
      const reader = others[(at * 11) % others.length] ?? "";
      const { exchange } = await world.gateway(sender);
      const isDirect = at % 4 === 3;
      const handed = performance.now();
      const { id } = await exchange.submit(JSON.parse(JSON.stringify(isDirect ? requestTo(reader) : alert())), `operation ${at}`);
      sent.set(id, { at: handed, readers: isDirect ? [reader] : others });
      if (at % 100 === 99) console.error(`${at + 1} of ${count} sent, ${((performance.now() - began) / 1_000).toFixed(0)} s`);
    }
    const lacking = (): number => [...sent].flatMap(([id, { readers }]) => readers.filter((one) => came.get(one)?.has(id) !== true)).length;
    await until(() => `${lacking()} of what was sent is still under way`, () => lacking() === 0, 600).catch(() => undefined);
    const times = [...sent].map(([id, { at, readers }]) => Math.max(...readers.map((one) => came.get(one)?.get(id)?.at ?? Infinity)) - at).toSorted((a, b) => a - b);
    let twice = 0;
    for (const agency of agencies) {
      const wanted = [...sent.values()].filter(({ readers }) => readers.includes(agency)).length;
      const { inbox } = (await world.gateway(agency)).exchange.status();
      twice += Math.max(0, inbox - (before.get(agency) ?? 0) - wanted);
    }
    const copies = [...sent.values()].reduce((sum, { readers }) => sum + readers.length, 0);
    const at = (share: number): string => (quantile(times, share) / 1_000).toFixed(1);
    console.log(`${sent.size} messages of ${states} states in ${((performance.now() - began) / 1_000).toFixed(0)} s, ${copies} copies; lost ${lacking()}, twice ${twice}`);
    console.log(`until the last reader proved it: p50 ${at(0.5)} s, p99 ${at(0.99)} s, longest ${at(1)} s`);
    process.exitCode = lacking() + twice === 0 && (times.at(-1) ?? Infinity) <= mostMs ? 0 : 1;
  } finally {
    await broker.kill();
  }
} finally {
  await world.stop();
} // prettier-ignore
