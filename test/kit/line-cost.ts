import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import { makeCanary } from "../../gateways/canary/index.ts";
import { loadGateway } from "../../gateways/config.ts";
import {
  fetchRegister,
  type HubConnection,
  makeHubSource,
  makeHubTrust,
  startConnection,
} from "../../gateways/link/index.ts";
import { silentLog, systemChance, systemClock, utf8 } from "../../schemas/ground/index.ts";
import { consumerOf, inboxPrefixOf, outHeadsSubject } from "../../schemas/index.ts";
import type { BadLinkProxy } from "./bad-link-proxy.ts";
import { until } from "./server.ts";
import type { World } from "./world.ts";

/** Bytes that each kind of exchange costs on the wire, the heads of its packets and what answers them in it. */
export interface LineCosts {
  readonly login: number;
  readonly ping: number;
  readonly pull: number;
  readonly heartbeat: number;
  readonly heads: number;
  readonly register: number;
  readonly canary: number;
}

/** IPv4 and TCP with its times. */
const headBytes = 52;
/** Of `wouldWire`: both heads of each packet. */
const packetBytes = 132;

function makeMeter(proxy: BadLinkProxy): (acks: number, act: () => Promise<unknown>) => Promise<number> {
  const read = (): { bytes: number; packets: number } => {
    const bytes = proxy.carried.up + proxy.carried.down;
    return { bytes, packets: (proxy.wouldWire() - bytes) / packetBytes };
  };
  const once = async (acks: number, act: () => Promise<unknown>): Promise<number> => {
    const before = read();
    await act();
    // what follows by itself
    await pause(300);
    const after = read();
    return after.bytes - before.bytes + headBytes * (after.packets - before.packets + acks);
  };
  // on a busy machine what belongs together may come in pieces, or something else beside it
  return async (acks, act) => Math.min(await once(acks, act), await once(acks, act));
} // prettier-ignore

/** Asks one consumer once; resolves with what came, or with the server's note. */
function makePuller(connection: HubConnection, agency: string) {
  const heard: { readonly status: number | undefined; readonly reply: string }[] = [];
  const inbox = connection.listen(({ status, reply }) => void heard.push({ status, reply }));
  let count = 0;
  return async (request: object, wanted: number): Promise<void> => {
    count += 1;
    const before = heard.length;
    const subject = `$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.${consumerOf(agency)}`;
    connection.publish(subject, utf8(JSON.stringify(request)), `${inbox.name}.${count}`);
    await until("the server answered", () => heard.length >= before + wanted);
    for (const { reply, status } of heard.slice(before)) if (status === undefined) connection.publish(reply, utf8("+ACK"));
  };
} // prettier-ignore

/** Measures each kind of exchange over a real line, one at a time, as an agency whose gateway does not run. */
export async function measureLine(world: World, proxy: BadLinkProxy, agency: string): Promise<LineCosts> {
  const { options } = loadGateway(world.layout.gateway(agency));
  const { chance, clock, log } = { chance: systemChance, clock: systemClock, log: silentLog };
  const view = world.register();
  const hub = view.hubs[0]?.hub ?? "";
  const measure = makeMeter(proxy);
  let pings = 0;
  const connection = startConnection({
    ...options.link,
    urls: [`tls://127.0.0.1:${proxy.port}`],
    inboxPrefix: inboxPrefixOf(agency),
    trust: makeHubTrust(() => world.register(), hub, world.clock),
    clock: { ...clock, elapsed: () => clock.elapsed() + pings * 20_000 },
    chance,
    log,
    onUp: () => undefined,
    onDown: () => undefined,
  });
  const up = async (): Promise<void> => await until("it is connected", () => connection.isUp);
  try {
    await up();
    const pull = makePuller(connection, agency);
    const request = { batch: 128, max_bytes: 1_000_000 };
    const nanos = 1_000_000_000;
    await pause(500);
    const login = await measure(10, async () => {
      await connection.reconnect();
      await until("it is connected anew", () => connection.isUp && connection.line.quality().roundTripMs !== undefined);
    });
    const ping = await measure(1, async () => {
      const { answeredAt } = connection.line;
      pings += 1;
      connection.tick();
      await until("it is answered", () => connection.line.answeredAt !== answeredAt);
    });
    const ended = await measure(2, async () => await pull({ ...request, expires: nanos }, 1));
    const beaten = await measure(3, async () => await pull({ ...request, expires: 3 * nanos, idle_heartbeat: 1.4 * nanos }, 3));
    const heads = await measure(1, async () => await connection.request(outHeadsSubject, new Uint8Array(), 10_000));
    const register = await measure(2, async () => {
      const held = { bytes: readFileSync(world.layout.register), view };
      await fetchRegister(makeHubSource(connection), options.anchors, held);
    });
    const canary = await measure(3, async () => {
      const one = makeCanary({
        agency, hub, choice: { everyMinutes: 1, lateMinutes: 1 }, signer: options.signer, epoch: () => view.epoch,
        publish: (subject, bytes) => connection.publish(subject, bytes), clock: world.clock, chance, log,
      });
      one.tick(true);
      await pull({ batch: 1, expires: 20 * nanos }, 1);
    });
    return { login, ping, pull: ended, heartbeat: (beaten - ended) / 2, heads, register, canary };
  } finally {
    await connection.close();
  }
} // prettier-ignore
