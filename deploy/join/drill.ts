import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

import type { Desk } from "../../gateways/cli/index.ts";
import {
  examine,
  type Finding,
  makeSystemProbes,
  sayFinding,
} from "../../gateways/doctor/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { type Answer, type AskGateway, faultOf, findUrl, makeAsk } from "./ask-gateway.ts";
import type { Kit } from "./kit.ts";
import type { Say } from "./words.ts";

/** Where a drill is held, and for how long anything in it is waited for. */
export interface DrillPlace {
  readonly home: string;
  readonly kit: Kit;
  readonly waitMs: number;
  readonly say: Say;
}

/** What came of it. */
export interface DrillReport {
  readonly id: string;
  readonly deliveredAt: string;
  /** Its place in the hub's log; none of a hub without one. */
  readonly index?: number | undefined;
}

const readyShape = z.looseObject({ ready: z.boolean(), linkUp: z.boolean().optional() });
const sentShape = z.looseObject({ id: z.string(), state: z.string().optional() });
const messageShape = z.looseObject({
  state: z.string(),
  code: z.string().optional(),
  ladder: z.array(z.looseObject({ kind: z.string(), by: z.string(), at: z.string() })),
  log: z.array(z.looseObject({ state: z.string(), index: z.number().optional() })).default([]),
});
const statusShape = z.looseObject({ log: z.looseObject({ state: z.string() }).optional() });

const pauseMs = 500;
const sayEveryMs = 10_000;

interface Wait {
  readonly desk: Desk;
  readonly place: DrillPlace;
}

/** Looks until something is there, and says every ten seconds what is waited for. @throws {Fault} GATEWAY_TIMEOUT */
async function waitFor<T>({ desk, place }: Wait, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const { world } = desk;
  const began = world.clock.elapsed();
  const tell = (): void => desk.say(place.say(what, { seconds: Math.round((world.clock.elapsed() - began) / 1000) }));
  let told = began;
  tell();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    const now = world.clock.elapsed();
    if (world.signal.aborted || now - began > place.waitMs) throw new Fault("GATEWAY_TIMEOUT", place.say("join.again"));
    if (now - told >= sayEveryMs) {
      told = now;
      tell();
    }
    await world.clock.sleep(pauseMs);
  }
} // prettier-ignore

async function waitForLink(wait: Wait, ask: AskGateway): Promise<void> {
  const look = async (): Promise<z.infer<typeof readyShape> | undefined> => {
    const read = tryShape(readyShape, (await ask("/readyz"))?.body);
    return read.success && read.data.ready ? read.data : undefined;
  };
  await waitFor(wait, "wait.gateway", look);
  await waitFor(wait, "wait.link", async () =>
    (await look())?.linkUp === true ? true : undefined,
  );
}

/** What keeps it from its work ends the drill: a message that cannot go is no drill. */
async function runDoctor({ desk, place }: Wait, ask: AskGateway): Promise<void> {
  const { world, common } = desk;
  const { home, say } = place;
  const face = { url: findUrl(home), ask: async (path: string): Promise<Answer | undefined> => await ask(path) };
  const found = await examine({ dir: home, face: () => face }, makeSystemProbes(world.clock));
  const told = (state: Finding["state"]): readonly Finding[] => found.filter((one) => one.state === state);
  const bad = told("bad");
  for (const one of [...bad, ...told("warn")]) {
    const { says, fix } = sayFinding(one, common.lang ?? "en");
    desk.say(`${one.state === "bad" ? "✗" : "!"} ${says}  (${one.code})${fix === undefined ? "" : `\n    → ${fix}`}`);
  }
  desk.say(say("join.doctor", { good: told("ok").length, all: found.length }));
  if (bad.length > 0) throw new Fault("CONFIG_INVALID", bad.map(({ code }) => code).join(", "));
} // prettier-ignore

/** The same drill again is the same message: its key is the kit's. */
async function sendDrill({ place: { home, kit } }: Wait, ask: AskGateway): Promise<string> {
  const body = readFileSync(join(home, "drill.json"), "utf8");
  const answer = await ask("/v1/messages", { key: `join:${kit.id}`, body });
  if (answer === undefined) throw new Fault("GATEWAY_UNREACHABLE", "the gateway went away");
  const read = tryShape(sentShape, answer.body);
  if (answer.status < 300 && read.success && read.data.state === undefined) return read.data.id;
  throw faultOf(answer);
}

type Shown = z.infer<typeof messageShape>;

async function show(ask: AskGateway, id: string): Promise<Shown | undefined> {
  const answer = await ask(`/v1/messages/${id}`);
  if (answer === undefined || answer.status >= 500) return undefined;
  const read = tryShape(messageShape, answer.body);
  if (!read.success) throw faultOf(answer);
  const { state, code } = read.data;
  const over = ["REFUSED", "EXPIRED", "STOPPED"].includes(state);
  if (over) throw faultOf({ status: 422, body: { code, detail: `the drill message is ${state}` } });
  return read.data;
}

/** That the neighbour signed for it, and that the hub's log holds it, are two proofs of two parties. */
async function waitForProofs(wait: Wait, ask: AskGateway, id: string): Promise<DrillReport> {
  const { desk, place: { kit, say } } = wait;
  const rung = await waitFor(wait, "wait.delivery", async () =>
    (await show(ask, id))?.ladder.find(({ kind, by }) => kind === "DELIVERED" && by === kit.neighbour),
  );
  desk.say(say("join.delivered", { neighbour: kit.neighbour, at: rung.at }));
  const status = tryShape(statusShape, (await ask("/v1/status"))?.body);
  if (status.success && status.data.log?.state === "NONE") return { id, deliveredAt: rung.at };
  const proof = await waitFor(wait, "wait.log", async () =>
    (await show(ask, id))?.log.find(({ state }) => state === "PROVED"),
  );
  desk.say(say("join.logged", { index: proof.index ?? 0 }));
  return { id, deliveredAt: rung.at, index: proof.index };
} // prettier-ignore

/**
 * Waits for the gateway of a folder and its link, has the doctor look, sends the kit's drill message, and waits until the
 * neighbour has signed for it and the hub's log is proved to hold it. Says what it waits for.
 *
 * @throws {Fault} GATEWAY_TIMEOUT, CONFIG_INVALID with the doctor's findings, and what the gateway refuses
 */
export async function holdDrill(desk: Desk, place: DrillPlace): Promise<DrillReport> {
  const wait = { desk, place };
  const ask = makeAsk(desk, place.home);
  await waitForLink(wait, ask);
  await runDoctor(wait, ask);
  const id = await sendDrill(wait, ask);
  desk.say(place.say("join.sent", { id, neighbour: place.kit.neighbour }));
  return await waitForProofs(wait, ask, id);
}
