import { renderInstant } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { ColleagueDesk } from "../colleagues/index.ts";
import { visibleTo } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { claimWishShape } from "./colleague-shapes.ts";
import { readShape } from "./people-body.ts";
import { pickFields } from "./read-fields.ts";
import { renderSummary } from "./render-message.ts";
import { findVisible } from "./visible.ts";

type Claim = NonNullable<ReturnType<ColleagueDesk["claims"]["of"]>>;

/** What colleagues of this agency tell each other. @throws {Fault} NOT_FOUND where there is no such desk */
export function colleaguesOf({ services }: Desk): ColleagueDesk {
  if (services?.colleagues !== undefined) return services.colleagues;
  throw new Fault("NOT_FOUND", "this gateway keeps nothing of who works on what");
}

function renderHeld({ who, name, until }: Claim, { caller }: Pick<Call, "caller">): Record<string, unknown> {
  return { by: who, name, mine: who === caller.id, until: renderInstant(until) };
} // prettier-ignore

function renderClaim(claim: Claim, call: Pick<Call, "caller">): Record<string, unknown> {
  const { message, since, takenFrom, reason } = claim;
  const taken = takenFrom === undefined ? {} : { takenFrom, reason };
  return { message, ...renderHeld(claim, call), since: renderInstant(since), ...taken };
}

/** In whose hand a message is, and who here has read it; nothing of what nobody has, or has read. */
export function renderHands({ services }: Desk, call: Pick<Call, "caller">, id: string): Record<string, unknown> {
  const claim = services?.colleagues?.claims.of(id);
  const reads = { object: id, act: "MESSAGE_READ", limit: 1, outcome: "OK" } as const;
  const { audit } = services ?? {};
  const isMine = audit?.list({ ...reads, who: call.caller.id }).length === 1;
  const isOthers = !isMine && audit?.list(reads).length === 1;
  return {
    ...(claim === undefined ? {} : { claim: renderHeld(claim, call) }),
    ...(isMine ? { opened: "ME" } : {}),
    ...(isOthers ? { opened: "OTHERS" } : {}),
  };
} // prettier-ignore

/** What is in hand, of messages that the caller may see. */
export function listClaims(desk: Desk, { caller }: Pick<Call, "caller">): readonly Claim[] {
  const all = desk.services?.colleagues?.claims.all() ?? [];
  return all.filter(({ message }) => {
    const seen = desk.exchange.glance(message);
    return seen !== undefined && visibleTo(caller, seen);
  });
}

/** So that a list of them costs a thin line little. */
const lineFields = new Set(["id", "originator", "type", "crimes", "handling", "urgency", "status", "createdAt", "state", "claim", "opened"]); // prettier-ignore

/** The line of a list that a claim is shown as. */
function renderLine(desk: Desk, call: Call, id: string): Record<string, unknown> {
  const seen = desk.exchange.glance(id);
  if (seen === undefined) return {};
  const line = { ...renderSummary(seen), ...renderHands(desk, call, id) };
  return { line: pickFields(line, lineFields) };
}

/** What is in hand, the oldest first. */
export function getClaims(desk: Desk, call: Call): Response {
  colleaguesOf(desk);
  const items = listClaims(desk, call).map((one) => ({
    ...renderClaim(one, call),
    ...renderLine(desk, call, one.message),
  }));
  return renderAnswer({ items });
}

/** Takes a message in hand, keeps it there, or takes it over and says why. */
export async function putClaim(desk: Desk, call: Call): Promise<Response> {
  const { claims } = colleaguesOf(desk);
  const { takeOver: reason } = await readShape(claimWishShape, call.request);
  const { id: message } = findVisible(desk, call, call.params["id"] ?? "");
  const { caller, record } = call;
  const { claim, isNew } = await claims.take({ caller, message, reason, also: () => record.keep() });
  if (!isNew) record.tried();
  return renderAnswer(renderClaim(claim, call));
} // prettier-ignore

/** Lets go of a message. */
export async function deleteClaim(desk: Desk, call: Call): Promise<Response> {
  const { claims } = colleaguesOf(desk);
  const { id: message } = findVisible(desk, call, call.params["id"] ?? "");
  const { caller, record } = call;
  record.tried();
  await claims.release({ caller, message, also: () => record.keep() });
  return new Response(null, { status: 204 });
}
