import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Directory, Services } from "../../gateways/api/index.ts";
import { makeApp } from "../../gateways/api/app.ts";
import { makeEventStreams } from "../../gateways/api/events.ts";
import { makeHostNames } from "../../gateways/api/host.ts";
import { digestToken } from "../../gateways/api/token.ts";
import { houseVerbs } from "../../deploy/house-verbs.ts";
import { runCli, type World } from "../../gateways/cli/index.ts";
import type { Caller } from "../../gateways/people/index.ts";
import { type Clock, makeSeededChance, silentLog } from "../../schemas/ground/index.ts";
import { makeMemoryExchange, makeStillClock, type MemoryExchange } from "./memory-exchange.ts";

/** A clock on which pauses are over at once and time-outs of a minute or more never come. */
export function makeHastyClock(start: number): Clock {
  const still = makeStillClock(start);
  const after: Clock["after"] = (ms, act) => {
    if (ms >= 60_000) return { stop: () => undefined };
    const timer = setImmediate(act);
    return { stop: () => clearImmediate(timer) };
  };
  return {
    ...still,
    after,
    sleep: (ms) => new Promise((resolve) => void after(ms, () => resolve())),
  };
}

/** Rejects when a request is given up, as a real one does. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("given up", "AbortError")));
  });
}

/** A person at a terminal, with gateways that answer in memory. */
export interface CliWorld {
  readonly dir: string;
  readonly exchanges: ReadonlyMap<string, MemoryExchange>;
  /** Called before each request; what it throws, or never ends, is what the network does. */
  onRequest: (url: URL) => void | Promise<void>;
  /** Whether somebody watches on a screen. */
  isWatched: boolean;
  readonly stop: AbortController;
  /** Who asks, in place of the owner of the token. */
  caller?: Caller | undefined;
  run(...args: string[]): Promise<{ code: number; out: string; err: string }>;
}

/** Builds a folder with contexts for `agencies`, and the gateways they lead to. */
export function makeCliWorld(
  agencies: readonly string[],
  directory: Directory,
  services?: (agency: string) => Services,
): CliWorld {
  const dir = mkdtempSync(join(tmpdir(), "atumpan-cli-"));
  const clock = makeHastyClock(Date.UTC(2026, 2, 9, 14, 5));
  const exchanges = new Map(agencies.map((agency) => [agency, makeMemoryExchange(agency, clock)]));
  mkdirSync(join(dir, ".atumpan"));
  const apps = new Map<string, ReturnType<typeof makeApp>>();
  const contexts: Record<string, unknown> = {};
  for (const [agency, exchange] of exchanges) {
    const port = String(7400 + apps.size);
    const name = agency.replace("/", "-");
    const token = name.padEnd(43, "x");
    writeFileSync(join(dir, `${name}.token`), `${token}\n`);
    contexts[agency] = { url: `http://127.0.0.1:${port}/`, tokenFile: `${name}.token` };
    apps.set(port, makeApp({
      services: services?.(agency), exchange, directory, clock, chance: makeSeededChance(name), log: silentLog,
      streams: makeEventStreams(exchange, clock), tokenDigest: digestToken(token),
      hostNames: makeHostNames("127.0.0.1"), onFatal: () => undefined,
      callers: { who: () => Promise.resolve(world.caller) },
    })); // prettier-ignore
  }
  writeFileSync(join(dir, ".atumpan", "contexts.json"), JSON.stringify({ contexts }));
  const stop = new AbortController();
  const world: CliWorld = {
    dir,
    exchanges,
    stop,
    onRequest: () => undefined,
    isWatched: false,
    run: async (...args) => {
      let [out, err] = ["", ""];
      const fetch: World["fetch"] = async (input, init) => {
        const request = new Request(input, init);
        const url = new URL(request.url);
        await Promise.race([abortOf(request.signal), world.onRequest(url)]);
        const app = apps.get(url.port);
        if (app === undefined) throw new TypeError("fetch failed");
        return await app.fetch(request);
      };
      const code = await runCli({
        args: ["--timeout", "100", ...args], version: "0.0.0", cwd: dir, fetch, clock,
        out: (text) => void (out += text), err: (text) => void (err += text),
        isWatched: world.isWatched, stdin: () => Promise.resolve("{}"),
        chance: makeSeededChance("cli"), signal: stop.signal, verbs: houseVerbs,
        seeConfig: async (folder) => (await import("../../gateways/index.ts")).seeConfig(folder, clock),
      }); // prettier-ignore
      return { code, out, err };
    },
  };
  return world;
}
