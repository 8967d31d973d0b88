import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { loadToken } from "../../gateways/api/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { type BadLink, makeBadLink } from "./bad-link.ts";
import { until } from "./server.ts";
import { startWorld, type World } from "./world.ts";

/** The gateway behind the poor link, as its own people see it. */
export interface FarGateway {
  readonly agency: string;
  /** Milliseconds from when it ran until it was linked; how long a process takes to start is the machine's. */
  readonly linkedAfterMs: number;
  get(path: string): Promise<Record<string, unknown>>;
  /** Hands in a message; says its id. */
  send(submission: object, key: string): Promise<string>;
  /** Rungs of a message's ladder. */
  rungs(id: string): Promise<readonly { kind: string; by: string }[]>;
  /** What it has written into its log. */
  said(): string;
}

/** A region whose one gateway is a process behind a poor link; its hub and the others are outside. */
export interface SlowWorld {
  readonly world: World;
  readonly link: BadLink;
  readonly far: FarGateway;
  stop(): Promise<void>;
}

/** What the link is like, and who is behind it. */
export interface SlowTerms {
  readonly agency: string;
  readonly kbits: number;
  readonly lossPercent: number;
  readonly roundTripMs: number;
}

const main = join(import.meta.dirname, "../../gateways/main.ts");
const linkSeconds = 300;

async function startFar(world: World, link: BadLink, agency: string): Promise<FarGateway> {
  const dir = world.layout.gateway(agency);
  const file = join(dir, "gateway.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as { api: { port: number } };
  const hubs = [`tls://${link.host}:${link.proxy.port}`];
  writeFileSync(file, JSON.stringify({ ...config, hubs }));
  const { port } = config.api;
  const child = link.spawn(process.execPath, [main, "--config", dir]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data) => (said += String(data)));
  }
  await until(
    () => `the gateway runs: ${said}`,
    () => said.includes("api listens"),
  );
  const began = performance.now();
  const authorization = `Bearer ${loadToken(dir, systemChance)}`;
  const get = async (path: string): Promise<Record<string, unknown>> => {
    const { status, text } = await link.ask(port, path, { headers: { authorization } });
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  await until(
    () => `it is linked: ${said}`,
    async () => (await get("/v1/status"))["linkUp"] === true,
    linkSeconds,
  );
  const linkedAfterMs = performance.now() - began;
  return {
    agency,
    linkedAfterMs,
    get,
    send: async (submission, key) => {
      const headers = { authorization, "idempotency-key": key, "content-type": "application/json" };
      const body = JSON.stringify(submission);
      const { status, text } = await link.ask(port, "/v1/messages", {
        method: "POST",
        headers,
        body,
      });
      if (status >= 300) throw new Error(`${status} ${text}`);
      return (JSON.parse(text) as { id: string }).id;
    },
    rungs: async (id) => {
      const { ladder } = await get(`/v1/messages/${id}`);
      return ladder as readonly { kind: string; by: string }[];
    },
    said: () => said,
  };
}

/** Makes the region and waits until the gateway behind the link is linked. Takes what `makeBadLink` takes. */
export async function startSlowWorld(terms: SlowTerms): Promise<SlowWorld> {
  const world = await startWorld({ states: ["ng", "gh"] });
  let link: BadLink | undefined;
  try {
    link = await makeBadLink({ ...terms, toPort: Number(new URL(world.url).port) });
    const far = await startFar(world, link, terms.agency);
    const stop = async (): Promise<void> => {
      await link?.stop();
      await world.stop();
    };
    return { world, link, far, stop };
  } catch (error) {
    await link?.stop();
    await world.stop();
    throw error;
  }
}
