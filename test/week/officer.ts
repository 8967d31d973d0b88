import { makeWorkDesk, type Matter, type WorkDesk } from "../../gateways/work/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { type MessageType, messageTypes, typeOptions } from "../../schemas/index.ts";
import { standingTerms } from "../../schemas/work/index.ts";
import { type Dice, pick } from "../kit/dice.ts";
import { recastExample } from "../kit/recast.ts";
import type { World } from "../kit/world.ts";
import { countOne, type Entry, type Ledger } from "./ledger.ts";
import { rec } from "./plan.ts";

/** What officers work with. */
export interface Desks {
  readonly world: World;
  readonly ledger: Ledger;
  readonly dice: Dice;
}

/** What somebody is about to say, and to whom. */
export interface Wish {
  readonly from: string;
  readonly to: readonly string[];
  readonly type: MessageType;
  readonly thread?: string;
  readonly about?: string;
  /** The body otherwise than as it is in the example. */
  readonly body?: object;
}

/** Work in hand of a gateway. */
export function deskOf({ office }: Gateway): WorkDesk {
  return makeWorkDesk({ ...office, terms: () => standingTerms });
}

/** Ids that the example names are those of a matter here: what it says of others is said of that. */
function namesHere(json: unknown, id: string): unknown {
  if (typeof json === "string") return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(json) ? id : json;
  if (Array.isArray(json)) return json.map((item) => namesHere(item, id));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, namesHere(value, id)]));
} // prettier-ignore

function submissionOf({ world }: Desks, { from, to, type, thread, about, body }: Wish): object {
  const said = recastExample(type, { sender: from, readers: to }, { now: world.clock.now(), rec });
  const { threadId: _t, inReplyTo: _r, supersedes: _s, ...rest } = said;
  const subject = about ?? thread;
  const written = subject === undefined ? rest["body"] : namesHere(rest["body"], subject);
  return JSON.parse(JSON.stringify({
    ...rest, status: "ACTUAL", threadId: thread, inReplyTo: subject, body: { ...(written as object), ...body },
  })) as object;
} // prettier-ignore

/** Says something; gives what was taken, or counts why it was not. */
export async function say(desks: Desks, wish: Wish, hour: number): Promise<Entry | undefined> {
  const { world, ledger } = desks;
  const { exchange } = await world.gateway(wish.from);
  try {
    const key = `week-${ledger.entries.length}-${[...ledger.refused.values()].reduce((a, b) => a + b, 0)}`;
    const { id, audience } = await exchange.submit(submissionOf(desks, wish), key);
    const entry = { id, type: wish.type, from: wish.from, audience, thread: wish.thread ?? id, hour };
    ledger.entries.push(entry);
    return entry;
  } catch (error) {
    if (!isFault(error)) throw error;
    countOne(ledger.refused, `${wish.type} ${error.code}`);
    return undefined;
  }
} // prettier-ignore

function kindOf({ world }: Desks, agency: string): string {
  return world.plan.agencies.find((one) => one.agency === agency)?.kind ?? "";
}

/** The kind that writes a type here: the first of those that may and that is here. */
function writerKind(type: MessageType): string {
  if (type.startsWith("maritime.")) return "MOC";
  const { signers = [] } = typeOptions(type) ?? {};
  const kinds = ["TCU", "FIU", "CENTRAL_AUTHORITY_MLA", "MOC", "REGIONAL_CENTRE"];
  return signers.length === 0 ? "TCU" : (kinds.find((kind) => signers.includes(kind)) ?? "TCU");
}

/** Types that open or stand alone, each once before any comes again; gateways hand out their keys themselves. */
export function makeTypeDraw(dice: Dice): () => MessageType {
  let left: MessageType[] = [];
  return () => {
    if (left.length === 0) left = messageTypes.filter((type) => !type.startsWith("key."));
    const [type] = left.splice(dice(left.length), 1);
    if (type === undefined) throw new Error("there are no types");
    return type;
  };
}

/** Somebody who may says something new to one or two others of his kind, or to a feed. */
export async function open(desks: Desks, type: MessageType, { hour, acting }: { readonly hour: number; readonly acting: readonly string[] }): Promise<void> {
  const { dice, world } = desks;
  const kind = writerKind(type);
  const writers = acting.filter((agency) => kindOf(desks, agency) === kind);
  if (writers.length === 0) return countOne(desks.ledger.refused, `${type} nobody of ${kind} is there`);
  const from = pick(dice, writers);
  const others = world.plan.agencies.filter((one) => one.kind === kind && one.agency !== from);
  const to = Array.from({ length: 1 + dice(2) }, () => pick(dice, others).agency);
  await say(desks, { from, to: [...new Set(to)], type }, hour);
} // prettier-ignore

/** The matters of a thread; none where nothing of it has come yet. */
export function findThread(desk: WorkDesk, thread: string): readonly Matter[] {
  try {
    return desk.thread(thread).matters;
  } catch (error) {
    if (isFault(error, "NOT_FOUND")) return [];
    throw error;
  }
}

/** Somebody says what a matter of his waits for, or else anything that is possible there. */
export async function goOn(desks: Desks, agency: string, hour: number): Promise<boolean> {
  const { world, ledger, dice } = desks;
  const held = ledger.entries.filter(({ from, audience }) => from === agency || audience.includes(agency));
  if (held.length === 0) return false;
  const desk = deskOf(await world.gateway(agency));
  const { thread } = pick(dice, held);
  const acts = findThread(desk, thread).flatMap(({ next, opening, opener, other }) =>
    next.flatMap((act) => (act.agency === agency ? [{ type: act.type, opening, to: opener === agency ? other : opener }] : [])));
  const possible = acts.filter(({ to, type }) => to !== "" && to !== agency && !type.startsWith("key."));
  if (possible.length === 0) return false;
  const { type, opening, to } = pick(dice, possible);
  return (await say(desks, { from: agency, to: [to], type, thread, about: opening }, hour)) !== undefined;
} // prettier-ignore
