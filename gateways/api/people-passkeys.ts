import { renderInstant } from "../../schemas/index.ts";
import { enrolShape, type ShownPerson } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { peopleOf, readShape, visitOf } from "./people-body.ts";

/** Passkeys as they are answered. */
export function renderPasskeys(passkeys: ShownPerson["passkeys"]): readonly Record<string, unknown>[] {
  return passkeys.map(({ id, name, addedAt, usedAt, isSuspect }) => ({
    id,
    name,
    addedAt: renderInstant(addedAt),
    usedAt: renderInstant(usedAt),
    isSuspect,
  }));
} // prettier-ignore

/** One's own passkeys. */
export function getPasskeys(desk: Desk, call: Call): Response {
  const people = peopleOf(desk);
  const { person } = people.signedIn(visitOf(call));
  return renderAnswer({ items: renderPasskeys(people.passkeysOf(person.id)) });
}

/** Begins another passkey of one's own. */
export async function postPasskeyBegin(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  return renderAnswer(await people.passkeys.beginAdding(visit, people.signedIn(visit)));
}

/** Adds another passkey of one's own. */
export async function postPasskey(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  const who = people.signedIn(visit);
  const given = await readShape(enrolShape, call.request);
  await people.gate.attempt(visit, "passkey", () => people.passkeys.add(visit, who, given));
  return renderAnswer({ items: renderPasskeys(people.passkeysOf(who.person.id)) }, { status: 201 });
}

/** Removes a passkey of one's own. */
export async function deletePasskey(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const who = people.signedIn(visitOf(call));
  await people.dropOwnPasskey(call.caller, who, call.params["id"] ?? "");
  return new Response(null, { status: 204 });
}
