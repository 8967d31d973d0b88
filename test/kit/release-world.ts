import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { fourEyesShape, makeFourEyes, makeReleaseDesk } from "../../gateways/approval/index.ts";
import { type Drop, openDrop } from "../../gateways/drop/index.ts";
import { type Exchange, makeExchange, makeWatchers } from "../../gateways/exchange/index.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { makeOffice } from "./gateway-office.ts";
import { makeGatewayWorld } from "./gateway-world.ts";
import { type PeopleWorld, startPeopleWorld } from "./people-world.ts";

/** The gateway of gh/tcu, where every alert takes two officers: a drop folder, a command line, people with passkeys. */
export interface ReleaseWorld {
  readonly people: PeopleWorld;
  readonly exchange: Exchange;
  readonly drop: Drop;
  /** A file another system puts into the folder. */
  readonly put: (name: string, said: object) => void;
  /** The result of a file once it lies in that folder; nothing before. */
  readonly resultOf: (folder: "done" | "rejected", name: string) => Record<string, unknown> | undefined;
  /** `atumpan …` as a process of its own, with a file beside it. */
  readonly run: (file: object, ...args: readonly string[]) => Promise<{ readonly code: unknown; readonly out: string; readonly err: string }>;
  /** Lets the drop's clock go on, so that it asks again for what waits. */
  readonly wait: (ms: number) => void;
  stop(): Promise<void>;
} // prettier-ignore

const atumpan = join(import.meta.dirname, "../../deploy/atumpan.mjs");

function readResult(file: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

async function runCommand(cwd: string, args: readonly string[]): ReturnType<ReleaseWorld["run"]> {
  const child = spawn(process.execPath, [atumpan, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => (out += String(data)));
  child.stderr.on("data", (data) => (err += String(data)));
  const [code] = (await once(child, "close")) as [unknown];
  return { code, out, err };
} // prettier-ignore

/** Starts it, on the time of this machine. */
export async function startReleaseWorld(): Promise<ReleaseWorld> {
  const dir = mkdtempSync(join(tmpdir(), "release-world-"));
  const world = await makeGatewayWorld(["gh/tcu", "ng/tcu"], { now: Date.now() });
  const made = makeOffice(world, "gh/tcu");
  const fourEyes = makeFourEyes(fourEyesShape.parse({ types: ["alert.*"] }), made.store);
  const office = Object.assign(made, { fourEyes });
  const watchers = makeWatchers(office.store, silentLog);
  const duties = { watchers, wake: () => undefined, link: () => undefined };
  const exchange = makeExchange(office, duties);
  const releases = makeReleaseDesk({ office, exchange, note: () => undefined });
  let shift = 0;
  const clock = { ...systemClock, elapsed: () => systemClock.elapsed() + shift };
  for (const folder of ["in", "own", "cli/.atumpan"]) mkdirSync(join(dir, folder), { recursive: true });
  const choice = { dir, as: "owner", settleSeconds: 0.05, pollSeconds: 0.05 } as const;
  const drop = openDrop({ choice, dir, ownDir: join(dir, "own"), people: () => undefined, peek: (id) => exchange.find(id), clock, chance: systemChance, log: silentLog });
  const gateway = { store: office.store, exchange, services: { releases }, callers: drop.callers.bind(drop) };
  const people = await startPeopleWorld({ start: Date.now(), gateway });
  drop.start(people.api.serve);
  writeFileSync(join(dir, "cli/token"), people.token, { mode: 0o600 });
  const context = { url: people.api.url, tokenFile: join(dir, "cli/token") };
  writeFileSync(join(dir, "cli/.atumpan/contexts.json"), JSON.stringify({ contexts: { "gh/tcu": context } }));
  return {
    people,
    exchange,
    drop,
    put: (name, said) => writeFileSync(join(dir, "in", name), JSON.stringify(said)),
    resultOf: (folder, name) => readResult(join(dir, folder, `${name}.result.json`)),
    run: async (file, ...args) => {
      writeFileSync(join(dir, "cli/said.json"), JSON.stringify(file));
      return await runCommand(join(dir, "cli"), args);
    },
    wait: (ms) => {
      shift += ms;
    },
    stop: async () => {
      await drop.stop();
      await people.stop();
      office.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
} // prettier-ignore
