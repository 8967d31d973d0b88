/**
 * `node test/load/mixed-process.ts ROOT gateway HOME AGENCY PERSECOND`: the gateway of one agency by the program under ROOT. Says "up"
 * once its link stands, then sends so many alerts a second until a line comes on its input; waits until the hub answered all that
 * waits, says what it sent, and ends. With PERSECOND 0 it sends nothing, and says of each id on that line how it stands instead.
 * `… ROOT rollback HOME AGENCY` goes back to the store of before the upgrade, if there was one, by the program under ROOT.
 * `… ROOT broker HOME`: the broker, until its input ends.
 */
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { until } from "../kit/server.ts";

const [root = "", what = "", home = "", agency = "", perSecond = "0"] = process.argv.slice(2);
const load = async <T>(path: string): Promise<T> => (await import(join(root, path))) as T;
const { makeLayout } = await load<typeof import("../../deploy/local/layout.ts")>("deploy/local/layout.ts"); // prettier-ignore
const { startLog, systemChance, systemClock } = await load<typeof import("../../schemas/ground/index.ts")>("schemas/ground/index.ts"); // prettier-ignore
const layout = makeLayout(home);

function alert(): unknown {
  const { body, inner, crimes } = exampleOf("alert.incident");
  const by = Date.now() - exampleInstant;
  return { type: "alert.incident", recs: ["ecowas"], crimes, handling: "H1", inner: shiftInstants(inner, by), body: shiftInstants(body, by) };
} // prettier-ignore

async function runGateway(): Promise<void> {
  const { loadGateway } = await load<typeof import("../../gateways/config.ts")>("gateways/config.ts"); // prettier-ignore
  const { startGateway } = await load<typeof import("../../gateways/gateway.ts")>("gateways/gateway.ts"); // prettier-ignore
  const log = startLog({ name: agency, file: join(layout.logs, "gateways.log") });
  const { options } = loadGateway(layout.gateway(agency));
  const gateway = await startGateway({ ...options, clock: systemClock, chance: systemChance, log });
  const { exchange } = gateway;
  await until(`${agency} is linked`, () => exchange.status().linkUp);
  await until(`${agency} has caught up`, () => exchange.status().catchingUp !== true);
  const lines = createInterface({ input: process.stdin });
  const told: string[] = [];
  lines.once("line", (line) => told.push(line));
  process.stdout.write("up\n");
  const sent: string[] = [];
  const isCounting = Number(perSecond) === 0;
  while (told.length === 0) {
    if (!isCounting) sent.push((await exchange.submit(alert(), `mixed ${agency} ${process.pid} ${sent.length}`)).id);
    await new Promise((resolve) => setTimeout(resolve, isCounting ? 100 : 1_000 / Number(perSecond)));
  }
  await until(`${agency} has sent all`, () => exchange.status().waiting === 0);
  const ids = isCounting ? (JSON.parse(told[0] ?? "") as string[]) : [];
  const isHere = (id: string): boolean => exchange.find(id) !== undefined;
  if (isCounting) await until(`${agency} was brought all`, () => ids.every(isHere)).catch(() => undefined);
  const { inbox, quarantined } = exchange.status();
  const states = ids.map((id) => [id, exchange.find(id)?.state ?? "NONE"]);
  process.stdout.write(`${JSON.stringify({ sent, states, inbox, quarantined })}\n`);
  await gateway.stop();
  process.exit();
} // prettier-ignore

async function rollBack(): Promise<void> {
  const { loadGateway } = await load<typeof import("../../gateways/config.ts")>("gateways/config.ts"); // prettier-ignore
  const { rollBackStore } = await load<typeof import("../../gateways/store/index.ts")>("gateways/store/index.ts"); // prettier-ignore
  const { options } = loadGateway(layout.gateway(agency));
  const { dir, storeKey } = options;
  const access = storeKey === undefined ? {} : { key: storeKey };
  let version: number | undefined;
  try {
    version = rollBackStore(join(dir, "store.db"), Date.now(), access);
  } catch (error) {
    // where the two have the same store there is none to go back to
    if (!(error instanceof Error) || Reflect.get(error, "code") !== "NOT_FOUND") throw error;
  }
  process.stdout.write(`${JSON.stringify({ version })}\n`);
}

async function runBroker(): Promise<void> {
  const broker = await load<typeof import("../../broker/index.ts")>("broker/index.ts");
  const log = startLog({ name: "broker", file: join(layout.logs, "broker.log") });
  const config = broker.loadBrokerConfig(layout.brokerConfig);
  const options = broker.loadBrokerOptions(config, { clock: systemClock, chance: systemChance, log });
  const running = await broker.startBroker(options);
  process.stdout.write("up\n");
  process.stdin.resume();
  await once(process.stdin, "end");
  await running.stop();
  process.exit();
} // prettier-ignore
const acts = new Map([
  ["gateway", runGateway],
  ["rollback", rollBack],
  ["broker", runBroker],
]);
await acts.get(what)?.();
