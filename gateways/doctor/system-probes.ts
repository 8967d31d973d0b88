import { lookup } from "node:dns/promises";
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect, isIP } from "node:net";
import { join } from "node:path";

import type { Clock } from "../../schemas/ground/index.ts";
import { greet, nameFailure } from "./greet.ts";
import type { Probes, SyncTrial } from "./probes.ts";

const patienceMs = 5_000;
const syncTries = 5;
/** 20 March 2024, 12:00 UTC. */
const noonInRamadan = 1_710_936_000_000;
const maxNames = 1_000;
/** About what one message with its slip writes. */
const syncBytes = 16 * 1024;

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    // what cannot be looked at is not there, as far as a finding goes
    return undefined;
  }
}

function writeOnce(path: string, clock: Clock): number {
  const began = clock.elapsed();
  const handle = openSync(path, "w", 0o600);
  try {
    // a disk that has room for a part takes the part, and says no only to the rest
    writeFileSync(handle, Buffer.alloc(syncBytes, 1));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return clock.elapsed() - began;
}

/** Writes to one place some times, synced each time. The caller removes what it wrote. */
export function tryWrites(path: string, clock: Clock): SyncTrial {
  try {
    const times = Array.from({ length: syncTries }, () => writeOnce(path, clock));
    return { ms: times.toSorted((a, b) => a - b)[(syncTries - 1) / 2] ?? 0 };
  } catch (error) {
    return { failed: nameFailure(error) };
  }
}

function knowsZones(): boolean {
  const known = attempt(() => {
    const options = { timeZone: "Africa/Casablanca", hour: "2-digit", hourCycle: "h23" } as const;
    // Ramadan of 2024: an hour behind, which only rules newer than 2018 know
    const hour = new Intl.DateTimeFormat("en", options).format(noonInRamadan);
    const tongues = ["en", "fr", "pt", "ar", "es", "sw"];
    return hour === "12" && Intl.DateTimeFormat.supportedLocalesOf(tongues).length === 6;
  });
  return known ?? false;
}

async function findName(host: string): Promise<string | undefined> {
  if (isIP(host) !== 0) return undefined;
  try {
    await lookup(host);
    return undefined;
  } catch (error) {
    return nameFailure(error);
  }
}

async function reach({ host, port }: Parameters<Probes["reach"]>[0]): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs });
    const end = (failed?: string): void => {
      socket.destroy();
      resolve(failed);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end("ETIMEDOUT"));
    socket.once("error", (error) => end(nameFailure(error)));
  });
}

/** Builds the probes of this machine itself. */
export function makeSystemProbes(clock: Clock): Probes {
  return {
    clock,
    nodeVersion: process.versions.node,
    knowsZones,
    look: (path) =>
      attempt(() => {
        const { mode, size, mtimeMs } = statSync(path);
        return { mode: mode & 0o777, bytes: size, changedAt: Math.floor(mtimeMs) };
      }),
    list: (folder) => attempt(() => readdirSync(folder).slice(0, maxNames)) ?? [],
    read: (path, maxBytes) =>
      attempt(() => (statSync(path).size <= maxBytes ? readFileSync(path) : undefined)),
    findRoom: (folder) =>
      attempt(() => {
        const { bavail, bsize } = statfsSync(folder);
        return bavail * bsize;
      }),
    trySync: (folder) => {
      const path = join(folder, `.doctor-${process.pid}`);
      const trial = tryWrites(path, clock);
      attempt(() => rmSync(path, { force: true }));
      return trial;
    },
    findName,
    reach,
    greet: (place, identity) => greet({ place, identity, clock, patienceMs }),
  };
}
