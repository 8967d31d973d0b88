import { renderInstant } from "../../schemas/index.ts";
import { personShape, rightsShape, type ShownPerson, stateShape } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { askChange, idOf } from "./people-asking.ts";
import { peopleOf, readShape } from "./people-body.ts";
import { renderPasskeys } from "./people-passkeys.ts";
import { renderSessions } from "./people-sessions.ts";

function renderPerson({ madeAt, passkeys, purpose, ...person }: ShownPerson): Record<string, unknown> {
  const keys = renderPasskeys(passkeys);
  return { ...person, purpose: purpose ?? null, madeAt: renderInstant(madeAt), passkeys: keys };
} // prettier-ignore

/** Everybody who was ever invited. */
export function getPeople(desk: Desk): Response {
  return renderAnswer({ items: peopleOf(desk).people().map(renderPerson) });
}

/** One person. */
export function getPerson(desk: Desk, call: Call): Response {
  return renderAnswer(renderPerson(peopleOf(desk).person(idOf(call))));
}

/** Invites a person. */
export async function postPerson(desk: Desk, call: Call): Promise<Response> {
  return await askChange(desk, call, { kind: "INVITE", person: await readShape(personShape, call.request) });
} // prettier-ignore

/** Gives a person a new one-time code, such as for one who lost every device. */
export async function postPersonCode(desk: Desk, call: Call): Promise<Response> {
  return await askChange(desk, call, { kind: "CODE", id: idOf(call) });
}

/** Changes what a person may do. */
export async function putPersonRights(desk: Desk, call: Call): Promise<Response> {
  const rights = await readShape(rightsShape, call.request);
  return await askChange(desk, call, { kind: "RIGHTS", id: idOf(call), rights });
}

/** Suspends a person, takes the suspension back, or says that she left. */
export async function putPersonState(desk: Desk, call: Call): Promise<Response> {
  const { state } = await readShape(stateShape, call.request);
  return await askChange(desk, call, { kind: "STATE", id: idOf(call), state });
}

/** Removes a passkey of a person, such as one on a lost device. */
export async function deletePersonPasskey(desk: Desk, call: Call): Promise<Response> {
  const passkey = (call.params["passkey"] ?? "").slice(0, 1_400);
  return await askChange(desk, call, { kind: "PASSKEY", id: idOf(call), passkey });
}

/** The open sessions of a person. */
export function getPersonSessions(desk: Desk, call: Call): Response {
  const people = peopleOf(desk);
  const { id } = people.person(idOf(call));
  return renderAnswer({ items: renderSessions(people.sessionsOf(id)) });
}
