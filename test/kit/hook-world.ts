import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { CallOut, Delivery, Receiving } from "../../gateways/hooks/call-out.ts";
import type { MadeHook } from "../../gateways/hooks/desk.ts";
import type { ShownHook } from "../../gateways/hooks/rows.ts";
import { type Hooks, startHooks } from "../../gateways/hooks/service.ts";
import { type Caller, owner } from "../../gateways/people/index.ts";
import { openStore, type Store, type StoredMessage } from "../../gateways/store/index.ts";
import {
  makeSeededChance,
  makeUuid,
  renderUuid,
  sha256,
  silentLog,
  utf8,
} from "../../schemas/ground/index.ts";
import { makeStillClock, type StillClock } from "./memory-exchange.ts";

/** A machine of an agency that may have webhooks, up to H1. */
export const machine: Caller = {
  id: "machine:m1",
  kind: "machine",
  name: "cases",
  roles: new Set(["integrator"]),
  handlingUpTo: "H1",
};

/** An event as its receiver reads it. */
export interface Told {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Record<string, unknown>;
}

/** Webhooks over a real store, with a clock that stands still and a receiver that answers as a test says. */
export interface HookWorld {
  readonly store: Store;
  /** Where the store lies. */
  readonly file: string;
  readonly clock: StillClock;
  readonly chance: ReturnType<typeof makeSeededChance>;
  readonly hooks: Hooks;
  /** What receivers were given and answered. */
  readonly calls: Delivery[];
  answer: (delivery: Delivery) => Receiving | Promise<Receiving>;
  /** Stops and starts again over the same store. */
  restart(): Promise<void>;
  /** Tells that something moved, and waits until nothing moves any more. */
  wake(): Promise<void>;
  settled(): Promise<void>;
  /** Stores messages of others; their ids. */
  receive(...wishes: Partial<StoredMessage>[]): Promise<string[]>;
  told(): Told[];
  idsTold(): unknown[];
  add(more?: object, caller?: Caller): Promise<MadeHook>;
  state(id: string): ShownHook;
  stop(): Promise<void>;
}

/** Resolves when everything that waits now has had its turn. */
export const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
/** Where nobody writes an audit record. */
export const keep = (): void => undefined;

const day = 86_400_000;

/** Starts it; without `callOut` nothing leaves. */
export async function startHookWorld(callOut?: CallOut, allow: readonly string[] = ["cases.example"]): Promise<HookWorld> {
  const dir = mkdtempSync(join(tmpdir(), "hooks-"));
  const clock = makeStillClock(Date.UTC(2026, 2, 9));
  const chance = makeSeededChance("hooks");
  const store = openStore(join(dir, "store.db"), {}, clock);
  const calls: Delivery[] = [];
  let moved = (): void => undefined;
  const fake: CallOut = {
    post: async (delivery) => {
      const said = await world.answer(delivery);
      calls.push(delivery);
      return said;
    },
    stop: () => undefined,
  };
  const ground = { store, clock, chance, log: silentLog, allow, callOut: callOut ?? fake };
  const start = (): Hooks =>
    startHooks({
      ...ground,
      resolve: () => Promise.resolve(["192.0.2.7"]),
      watch: (listener) => {
        moved = listener;
        return () => undefined;
      },
    });
  const messageOf = (wish: Partial<StoredMessage>): Omit<StoredMessage, "seq"> => {
    const id = makeUuid(clock.now(), chance);
    const times = { createdAt: clock.now(), expiresAt: clock.now() + day, storedAt: clock.now() };
    const what = { type: "alert.incident", crimes: ["drugs"], recs: ["ecowas"], handling: "H1", urgency: "ROUTINE", status: "ACTUAL" };
    return { box: "in", id, originator: "gh/tcu", state: "VERIFIED", audience: [], raw: utf8("x"), digest: sha256(id), ...what, ...times, ...wish };
  };
  let hooks = start();
  const settled = async (): Promise<void> => {
    for (let quiet = 0, last = -1; quiet < 20; quiet = calls.length === last ? quiet + 1 : 0) {
      last = calls.length;
      await turn();
    }
  };
  const own = { store, file: join(dir, "store.db"), clock, chance, calls, settled };
  const world: HookWorld = {
    ...own,
    get hooks() {
      return hooks;
    },
    answer: () => ({ status: 204 }),
    restart: async () => {
      await hooks.stop();
      hooks = start();
    },
    wake: async () => {
      moved();
      await settled();
    },
    receive: async (...wishes) => {
      const made = wishes.map((wish) => messageOf(wish));
      await store.write(() => {
        for (const message of made) store.messages.add(message);
      });
      await world.wake();
      return made.map(({ id }) => renderUuid(id));
    },
    told: () => calls.map(({ body }) => JSON.parse(body) as Told),
    idsTold: () => world.told().map(({ data }) => data["id"]),
    add: (more = {}, caller = machine) => hooks.desk.add(caller, { url: "https://cases.example/hook", ...more }, keep),
    state: (id) => hooks.desk.get(owner, id),
    stop: async () => {
      await hooks.stop();
      store.close();
      rmSync(dir, { recursive: true });
    },
  };
  const row = { id: "m1", name: "cases", roles: ["integrator"], handling: "H1", addresses: [], madeAt: 0 };
  await store.write(() => store.machines.put(row));
  return world;
} // prettier-ignore
