import { renderInstant } from "../../schemas/index.ts";
import { signInShape } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { peopleOf, readShape, visitOf } from "./people-body.ts";
import type { Route } from "./route.ts";

/** Who asks, and what he may do here. `all` is every route there is. */
export function makeGetSession(all: () => readonly Route[]): Route["handle"] {
  return (desk, call) => {
    const { id, kind, name, roles, handlingUpTo, purpose, provedAt } = call.caller;
    const session = desk.services?.people?.findSession(visitOf(call));
    const may = all().filter((route) => route.open === true || route.for.some((one) => roles.has(one)));
    return renderAnswer({
      id,
      kind,
      name,
      roles: [...roles],
      handlingUpTo,
      purpose: purpose ?? null,
      provedAt: provedAt === undefined ? null : renderInstant(provedAt),
      session: session === undefined ? null : session.session.id,
      endsAt: session === undefined ? null : renderInstant(session.session.endsAt),
      idleEndsAt: session === undefined ? null : renderInstant(peopleOf(desk).idleEndsAt(session)),
      may: may.map(({ method, path, stepUp = false }) => ({ method, path, stepUp })),
    });
  };
} // prettier-ignore

/** Signs out of this browser. */
export async function deleteSession(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  const who = people.signedIn(visit);
  await people.endSession(call.caller, who.session.id);
  const leaveUrl = await people.oidc?.leaveUrl(visit, who);
  const headers = { "set-cookie": people.dropSessionCookie(visit) };
  return renderAnswer({ signedOut: true, leaveUrl: leaveUrl ?? null }, { headers });
}

/** Begins a proof of being there. */
export async function postProveBegin(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  return renderAnswer(await people.passkeys.beginProof(visit, people.signedIn(visit)));
}

/** Takes a proof of being there. */
export async function postProve(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  const who = people.signedIn(visit);
  const given = await readShape(signInShape, call.request);
  const prove = async (): Promise<number> => await people.passkeys.prove(visit, who, given);
  const provedAt = await people.gate.attempt(visit, given.answer.id, prove);
  return renderAnswer({ provedAt: renderInstant(provedAt) });
}

/** One's own sessions. */
export function getSessions(desk: Desk, call: Call): Response {
  const people = peopleOf(desk);
  const { person, session } = people.signedIn(visitOf(call));
  return renderAnswer({ items: renderSessions(people.sessionsOf(person.id), session.id) });
}

/** Sessions as they are answered. */
export function renderSessions(
  sessions: readonly {
    id: string;
    way: string;
    startedAt: number;
    seenAt: number;
    endsAt: number;
  }[],
  current?: string,
): readonly Record<string, unknown>[] {
  return sessions.map(({ id, way, startedAt, seenAt, endsAt }) => ({
    id,
    way,
    startedAt: renderInstant(startedAt),
    seenAt: renderInstant(seenAt),
    endsAt: renderInstant(endsAt),
    isThis: id === current,
  }));
}

/** Ends one session. */
export async function deleteOneSession(desk: Desk, call: Call): Promise<Response> {
  await peopleOf(desk).endSession(call.caller, call.params["id"] ?? "");
  return new Response(null, { status: 204 });
}
