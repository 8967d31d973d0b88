import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  holdInstallCeremony,
  holdRequestCeremony,
  holdRootCeremony,
  holdRootListCeremony,
  holdSignCeremony,
  type RootListOrder,
} from "../../certs/authority/index.ts";
import { makeSeededChance } from "../../schemas/ground/index.ts";
import { makeOfficers, type OfficerChange, type ScriptedOfficers } from "./scripted-ceremony.ts";

/** An offline and an online machine, two officers with paper, and sticks that go between. */
export interface CeremonyWorld {
  readonly base: string;
  offline: string;
  online: string;
  now: number;
  readonly paper: Map<string, string>;
  officers(change?: OfficerChange): ScriptedOfficers;
  stick(): string;
  makeRoot(change?: OfficerChange, key?: string): Promise<string>;
  request(change?: OfficerChange, key?: string): Promise<string>;
  sign(csr: string, change?: OfficerChange): Promise<string>;
  install(from: string, change?: OfficerChange): Promise<void>;
  /** The root's next list, on a stick. */
  list(revoke?: RootListOrder["revoke"]): Promise<string>;
  makeAll(): Promise<void>;
  remove(): void;
}

export const chance = makeSeededChance("ceremony");

/** Makes the two machines, both empty. */
export function makeCeremonyWorld(now = 1_780_272_000_000): CeremonyWorld {
  const base = mkdtempSync(join(tmpdir(), "ceremony-"));
  let sticks = 0;
  const world: CeremonyWorld = {
    base,
    offline: join(base, "offline"),
    online: join(base, "online"),
    now,
    paper: new Map(),
    officers: (change = {}) => {
      world.now += 1000;
      return makeOfficers({ now: () => world.now, chance, paper: world.paper }, change);
    },
    stick: () => {
      sticks += 1;
      return join(base, `stick-${sticks}`);
    },
    makeRoot: async (change, place) => {
      const out = world.stick();
      const order = { authority: "ng", folder: world.offline, out, place };
      await holdRootCeremony(world.officers(change), order);
      return out;
    },
    request: async (change, place) => {
      const out = world.stick();
      const order = { authority: "ng", folder: world.online, out, place };
      await holdRequestCeremony(world.officers(change), order);
      return join(out, "issuing.csr");
    },
    sign: async (csr, change) => {
      const out = world.stick();
      await holdSignCeremony(world.officers(change), { folder: world.offline, request: csr, out });
      return out;
    },
    install: async (from, change) =>
      await holdInstallCeremony(world.officers(change), { folder: world.online, from }),
    list: async (revoke) => {
      const out = world.stick();
      await holdRootListCeremony(world.officers(), { folder: world.offline, out, revoke });
      return out;
    },
    makeAll: async () => {
      await world.makeRoot();
      await world.install(await world.sign(await world.request()));
    },
    remove: () => rmSync(base, { recursive: true }),
  };
  return world;
}

/** The texts of every transcript kept in a folder. */
export function transcriptsOf(folder: string): readonly string[] {
  const at = join(folder, "transcripts");
  return readdirSync(at).map((name) => readFileSync(join(at, name), "utf8"));
}
