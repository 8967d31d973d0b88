import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { loadBrokerConfig } from "../../broker/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { consumerOf } from "../../schemas/index.ts";
import type { Cluster } from "./cluster.ts";
import { type Gate, openGate } from "./gate.ts";
import { freePort, until } from "./server.ts";
import type { World, WorldOptions } from "./world.ts";

type Made = Parameters<NonNullable<WorldOptions["prepare"]>>[0];

/** One agency's ways to its hub's servers, of which only those stand that are to. */
export interface Ways {
  readonly agency: string;
  /** Those of these servers stand, and no others: whoever dials another is refused. */
  only(names: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

interface Way {
  readonly name: string;
  readonly port: number;
  readonly toPort: number;
  gate?: Gate | undefined;
}

/** Lays ways for a gateway that was not started yet; none stands before `only`. */
export async function layWays({ layout }: Pick<Made, "layout">, agency: string): Promise<Ways> {
  const ways: Way[] = [];
  for (const { listen, cluster } of loadBrokerConfig(layout.brokerConfig).cluster?.servers ?? [])
    ways.push({ name: cluster.name, port: await freePort(), toPort: listen.port });
  const file = join(layout.gateway(agency), "gateway.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as object;
  const hubs = ways.map(({ port }) => `tls://127.0.0.1:${port}`);
  writeFileSync(file, JSON.stringify({ ...config, hubs }));
  const only: Ways["only"] = async (names) => {
    for (const way of ways) {
      if (names.includes(way.name)) way.gate ??= await openGate(way.port, way.toPort);
      else {
        await way.gate?.stop();
        way.gate = undefined;
      }
    }
  };
  return { agency, only, stop: () => only([]) };
}

/** A gateway that can be made to find that its line is idle. */
export interface IdleReader {
  readonly gateway: Gateway;
  /**
   * Lets it find that nothing moved for minutes: what it asks its hub for stands for long, and the hub is to say so each six minutes
   * at most, which no test waits for.
   */
  quiet(): Promise<void>;
  /** Has a server lead a stream, and what it reads of it, by their own agreement. */
  haveLead(name: string): Promise<void>;
}

interface Request {
  readonly subject: string;
  readonly beatMs: number;
}

const longMs = 300_000;
const jumpMs = 200_000;

/** Starts an agency's gateway as one whose line can be idle, and follows what it asks of one stream. */
export async function startIdleReader(scene: { readonly world: World; readonly cluster: Cluster }, { agency, stream }: { readonly agency: string; readonly stream: string }): Promise<IdleReader> {
  const { world, cluster } = scene;
  const consumer = `${stream}.${consumerOf(agency)}`;
  let jumped = 0;
  let last: Request | undefined;
  // nothing else tells for how long a request stands
  world.desk.link.subscribe(`$JS.API.CONSUMER.MSG.NEXT.${consumer}`, {
    callback: (_error, message) => {
      const { idle_heartbeat: beat = 0 } = message.json<{ idle_heartbeat?: number }>();
      last = { subject: message.subject, beatMs: beat / 1e6 };
    },
  });
  const { clock } = world;
  const gateway = await world.gateway(agency, { ...clock, elapsed: () => clock.elapsed() + jumped });
  const ask = async (subject: string, body: object = {}): Promise<{ readonly cluster?: { readonly leader?: string } }> =>
    (await world.desk.link.request(`$JS.API.${subject}`, JSON.stringify(body), { timeout: 5_000 })).json();
  return {
    gateway,
    quiet: async () => {
      await until("what it asks for stands for long", async () => {
        jumped += jumpMs;
        await pause(1_500);
        return last !== undefined && last.beatMs >= longMs;
      });
    },
    haveLead: async (name) => {
      const preferred = cluster.node(name).serverName;
      for (const [kind, of] of [["STREAM", stream], ["CONSUMER", consumer]] as const) {
        await until(`${name} leads`, async () => {
          try {
            const { cluster: now } = await ask(`${kind}.INFO.${of}`);
            if (now?.leader === preferred) return true;
            await ask(`${kind}.LEADER.STEPDOWN.${of}`, { placement: { preferred } });
          } catch {
            // nobody leads it at this moment
          }
          await pause(250);
          return false;
        });
      }
    },
  };
} // prettier-ignore
