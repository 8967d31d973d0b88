import { renderInstant } from "../../schemas/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import type { DraftDesk } from "../drafts/index.ts";
import { visibleTo } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { listClaims, renderHands } from "./claims.ts";
import { pickFields } from "./read-fields.ts";
import { renderSummary } from "./render-message.ts";
import { countApprovals, countCame, listOverdue, listSeen } from "./standing.ts";

type Lines = Record<string, unknown>;

const few = 5;
const dayMs = 86_400_000;
/** As many lines of the record are looked through for what somebody worked on. */
const scanned = 200;
const mostFlash = 20;
/** So that a home page costs a thin line little. */
const shownFields = new Set(["id", "originator", "type", "crimes", "handling", "urgency", "status", "createdAt", "dueAt", "state", "claim", "opened"]); // prettier-ignore
const workedOn = ["MESSAGE_READ", "MESSAGE_SENT", "MESSAGE_CLAIMED", "DRAFT_READ", "DRAFT_CHANGED"];

type Item = Parameters<typeof renderSummary>[0];

function renderItem(desk: Desk, call: Call, item: Item): Readonly<Lines> {
  return pickFields({ ...renderSummary(item), ...renderHands(desk, call, item.id) }, shownFields);
}

function showDue(desk: Desk, call: Call): Lines {
  const { items, next } = listSeen(desk, call, { box: "in", order: "due", limit: few });
  return { items: items.map((one) => renderItem(desk, call, one)), isMore: next !== undefined };
}

function showOverdue(desk: Desk, call: Call): Lines {
  const late = listOverdue(desk, call);
  const items = late.slice(0, few).map(({ thread, opening, closing, by }) => ({ thread, opening, closing, by })); // prettier-ignore
  return { count: late.length, items };
}

function showFlash(desk: Desk, call: Call): readonly Lines[] {
  const now = desk.clock.now();
  const query = { box: "in", limit: mostFlash, since: now - 7 * dayMs, filters: { urgency: ["FLASH"] } } as const;
  const { items } = listSeen(desk, call, query);
  const shown = items.map((one) => ({ at: one.storedAt, line: renderItem(desk, call, one) }));
  return shown.filter(({ at, line }) => at >= now - dayMs || line["opened"] === undefined).slice(0, few).map(({ line }) => line);
} // prettier-ignore

/** Many things have an id in the record; most are no draft. */
function findDraft({ services }: Pick<Desk, "services">, caller: Call["caller"], id: string): ReturnType<DraftDesk["get"]> | undefined {
  try {
    return services?.drafts?.get(caller, id);
  } catch (error) {
    if (isFault(error, "NOT_FOUND") || isFault(error, "ID_INVALID")) return undefined;
    throw error;
  }
} // prettier-ignore

/** A message or draft that somebody worked on; undefined for what is not his to see any more. */
function findWork({ exchange, services }: Desk, { caller }: Call, { object, at }: { readonly object: string; readonly at: number }): readonly Lines[] {
  const message = exchange.glance(object);
  if (message !== undefined) {
    const { type, handling } = message;
    return visibleTo(caller, message) ? [{ kind: "message", id: object, type, handling, at: renderInstant(at) }] : [];
  }
  const draft = findDraft({ services }, caller, object);
  if (draft === undefined || draft.message !== undefined) return [];
  const { type, handling } = draft;
  return [{ kind: "draft", id: object, type, handling, at: renderInstant(at) }];
} // prettier-ignore

function showContinued(desk: Desk, call: Call): readonly Lines[] {
  const lines = desk.services?.audit?.list({ who: call.caller.id, limit: scanned }) ?? [];
  const own = lines.filter(
    ({ act, object, outcome }) => workedOn.includes(act) && object !== "" && outcome === "OK",
  );
  const first = new Map(own.toReversed().map((line) => [line.object, line]));
  const newest = [...first.values()].toSorted((a, b) => b.position - a.position);
  const found: Lines[] = [];
  for (const line of newest) {
    if (found.length < few) found.push(...findWork(desk, call, line));
  }
  return found;
}

function showHandover({ services }: Desk): Lines | null {
  const [last] = services?.colleagues?.handovers.list() ?? [];
  if (last === undefined || last.taker !== undefined) return null;
  return { id: last.id, at: renderInstant(last.at), name: last.giverName };
}

/** What has not left yet, and what came last. */
function showTraffic(desk: Desk, call: Call): Lines {
  const [last] = listSeen(desk, call, { box: "in", limit: 1 }).items;
  const { waiting: queued } = desk.exchange.status();
  if (last === undefined) return { queued };
  return { queued, lastIn: { at: renderInstant(last.storedAt), from: last.originator } };
}

/** What waits for who asks, in one answer. */
export function getHome(desk: Desk, call: Call): Response {
  const claims = listClaims(desk, call);
  const drafts = desk.services?.drafts?.list(call.caller) ?? [];
  return renderAnswer({
    due: showDue(desk, call),
    overdue: showOverdue(desk, call),
    flash: showFlash(desk, call),
    fresh: countCame(desk, call, desk.clock.now() - dayMs),
    continue: showContinued(desk, call),
    approvals: countApprovals(desk, call),
    drafts: { count: drafts.length, incomplete: drafts.filter(({ missing }) => missing > 0).length },
    claims: { mine: claims.filter(({ who }) => who === call.caller.id).length, all: claims.length },
    handover: showHandover(desk),
    ...showTraffic(desk, call),
  });
} // prettier-ignore
