import { loadThread } from "../../gateways/work/index.ts";
import { parseEnvelope, parseFraming } from "../../schemas/index.ts";
import { parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import type { Lane } from "../../schemas/work/index.ts";
import { openEnds, standingStates } from "../kit/standing-states.ts";
import type { World } from "../kit/world.ts";
import type { Entry, Ledger } from "./ledger.ts";
import { deskOf, findThread } from "./officer.ts";

/** How the week ended; every list is empty when all is well. */
export interface Reckoning {
  readonly sent: number;
  /** Readers' copies that were to come, and that came with a receipt. */
  readonly copies: number;
  readonly delivered: number;
  /** Not delivered, and said so: by whom it waits and why. */
  readonly open: ReadonlyMap<string, number>;
  /** What is wrong, in words. */
  readonly wrong: readonly string[];
  readonly matters: number;
  readonly awaited: number;
  readonly overdue: number;
}

/** Why a reader may lack what was sent to him. */
export interface Absent {
  /** Agencies that were revoked. */
  readonly revoked: ReadonlySet<string>;
  /** Agencies whose state left the community. */
  readonly left: ReadonlySet<string>;
}

/** Ids of all messages that the hub holds, of what agencies say to each other. */
async function idsAtHub({ desk }: World): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const stream of Object.keys(await desk.marks())) {
    for (const { data } of await desk.read(stream)) {
      const { message } = parseFraming(data);
      ids.add(renderUuid(parseEnvelope(message.envelope).id));
    }
  }
  return ids;
}

/** Ids of all that a gateway holds of others. */
async function idsAt(world: World, agency: string): Promise<ReadonlySet<string>> {
  const { exchange } = await world.gateway(agency);
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = exchange.list({ box: "in", limit: 200, ...(cursor === undefined ? {} : { cursor }) });
    for (const { id, state, type } of page.items) if (state === "VERIFIED" && !type.startsWith("key.")) ids.add(id);
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
} // prettier-ignore

interface Held {
  readonly hub: ReadonlySet<string>;
  readonly at: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What one reader's side, the sender's ladder and the hub say of one message, compared. */
function compare(entry: Entry, reader: string, seen: Held & { readonly rungs: ReadonlySet<string> }): string | undefined {
  const [isTold, isHeld] = [seen.rungs.has(`DELIVERED ${reader}`), seen.at.get(reader)?.has(entry.id) ?? false];
  const isHubs = seen.hub.has(entry.id);
  if (isTold && !isHeld) return "the sender was told it is there, and it is not";
  if (isHeld && !isHubs) return "the reader has it, and the hub does not";
  if (isTold || isHeld) return isTold && isHeld ? "" : "the reader has it, and the sender was not told";
  return undefined;
} // prettier-ignore

/** Why it may lack; undefined when there is no good reason. */
function excuse({ from }: Entry, reader: string, { absent: { revoked, left }, state, verdict }: { readonly absent: Absent; readonly state: string; readonly verdict: string | undefined }): string | undefined {
  if (revoked.has(from)) return "its sender was revoked, and is told nothing more";
  if (revoked.has(reader)) return "its reader was revoked";
  if (verdict !== undefined) return undefined;
  if (state !== "ACCEPTED" && !state.endsWith("nothing")) return `the sender sees it is ${state}`;
  return left.has(reader) ? "its reader's state left" : undefined;
} // prettier-ignore

/** Where two agencies see a matter of theirs otherwise. */
async function findApart(world: World, { entries }: Ledger, absent: Absent): Promise<readonly string[]> {
  const apart: string[] = [];
  for (const thread of new Set(entries.map((one) => one.thread))) {
    const views = new Map<string, readonly Lane[]>();
    const parties = new Set(entries.filter((one) => one.thread === thread).flatMap((one) => [one.from, ...one.audience]));
    for (const agency of parties) {
      if (absent.revoked.has(agency) || absent.left.has(agency)) continue;
      const { office } = await world.gateway(agency);
      views.set(agency, loadThread(office, parseUuid(thread)).lanes);
    }
    for (const [agency, lanes] of views) {
      for (const lane of lanes.filter(({ opener }) => opener === agency)) {
        const there = views.get(lane.other)?.find((one) => one.opening.id === lane.opening.id && one.other === lane.other);
        if (there !== undefined && there.state !== lane.state) apart.push(`${lane.workflow} of ${agency} and ${lane.other}: ${lane.state}, ${there.state}`);
      }
    }
  }
  return apart;
} // prettier-ignore

/** Whether nobody owes anything there, as it is in force or at an end that may be opened again. */
function isFree(state: string): boolean {
  return standingStates[state] !== undefined || openEnds[state] !== undefined;
}

/** Counts what is open where it is whose; an open matter that awaits nothing of anybody is told in words. */
async function countWork(world: World, { entries }: Ledger): Promise<Pick<Reckoning, "matters" | "awaited" | "overdue"> & { readonly silent: readonly string[] }> {
  let [matters, awaited, overdue] = [0, 0, 0];
  const silent: string[] = [];
  for (const { agency } of world.plan.agencies) {
    const desk = deskOf(await world.gateway(agency));
    const lines = desk.awaited({ overdue: false });
    overdue += lines.filter(({ isOverdue }) => isOverdue).length;
    const held = entries.filter(({ from, audience }) => from === agency || audience.includes(agency));
    for (const thread of new Set(held.map((one) => one.thread))) {
      const open = findThread(desk, thread).filter(({ isEnded }) => !isEnded);
      matters += open.length;
      awaited += open.reduce((sum, one) => sum + one.awaited.length, 0);
      const owed = open.filter(({ workflow, state }) => !isFree(`${workflow} ${state}`));
      silent.push(...owed.filter((one) => one.awaited.length === 0).map(({ workflow, state }) => `${agency}: ${workflow} is ${state}, and awaits nothing of anybody`));
    }
  }
  return { matters, awaited, overdue, silent: [...new Set(silent)] };
} // prettier-ignore

interface Account {
  copies: number;
  delivered: number;
  readonly open: Map<string, number>;
  readonly wrong: string[];
}

/** Settles one message with each of its readers. */
function settle(account: Account, entry: Entry, { state, code, rungs, absent, ...held }: Held & { readonly state: string; readonly code?: string | undefined; readonly rungs: ReadonlySet<string>; readonly absent: Absent }): void {
  const { open, wrong } = account;
  for (const reader of entry.audience) {
    account.copies += 1;
    const verdict = compare(entry, reader, { ...held, rungs });
    if (verdict === "") {
      account.delivered += 1;
      continue;
    }
    const says = state === "QUEUED" ? `${state}, ${code ?? "for nothing"}` : state;
    const reason = excuse(entry, reader, { absent, state: says, verdict });
    if (reason !== undefined) open.set(reason, (open.get(reason) ?? 0) + 1);
    else wrong.push(`${entry.type} of hour ${entry.hour}, ${entry.from} to ${reader}, ${state}: ${verdict ?? "nobody knows where it is"}`);
  }
} // prettier-ignore

/** Compares everybody's account of the week, message by message and reader by reader. */
export async function reckon(world: World, ledger: Ledger, absent: Absent): Promise<Reckoning> {
  const hub = await idsAtHub(world);
  const at = new Map<string, ReadonlySet<string>>();
  for (const { agency } of world.plan.agencies) at.set(agency, await idsAt(world, agency));
  const account: Account = { copies: 0, delivered: 0, open: new Map(), wrong: [] };
  for (const entry of ledger.entries) {
    const { exchange } = await world.gateway(entry.from);
    const { state = "gone", code, ladder = [] } = exchange.find(entry.id) ?? {};
    const rungs = new Set(ladder.map(({ kind, by }) => `${kind} ${by}`));
    settle(account, entry, { hub, at, rungs, state, code, absent });
  }
  const { wrong } = account;
  const known = new Set(ledger.entries.map(({ id }) => id));
  for (const [agency, ids] of at) for (const id of ids) if (!known.has(id)) wrong.push(`${agency} holds ${id}, which nobody sent`);
  wrong.push(...(await findApart(world, ledger, absent)));
  const { silent, ...work } = await countWork(world, ledger);
  wrong.push(...silent);
  return { sent: ledger.entries.length, ...account, ...work };
} // prettier-ignore
