import { z } from "zod";

import { enrolShape, signInShape } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { peopleOf, readShape, visitOf } from "./people-body.ts";

/** A one-time code an administrator gave. */
export const codeShape = z.strictObject({ code: z.string().max(100) });
/** The same with a new passkey. */
export const enrolmentShape = enrolShape.extend(codeShape.shape);
function renderSigned(cookie: string, status = 201): Response {
  return renderAnswer({ signedIn: true }, { status, headers: { "set-cookie": cookie } });
}

/** Begins a sign-in; nobody is named, so nobody can be asked after. */
export async function postSessionBegin(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  people.checkOwnPage(visit);
  people.gate.begin(visit);
  return renderAnswer(await people.passkeys.beginSignIn(visit));
}

/** Signs a person in by the answer of a passkey. */
export async function postSession(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  people.checkOwnPage(visit);
  const given = await readShape(signInShape, call.request);
  const signIn = async (): Promise<{ readonly cookie: string }> =>
    await people.passkeys.signIn(visit, given);
  const { cookie } = await people.gate.attempt(visit, given.answer.id, signIn);
  return renderSigned(cookie);
}

/** Begins the enrolment of a person who was given a code. */
export async function postEnrolmentBegin(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  people.checkOwnPage(visit);
  people.gate.begin(visit);
  const { code } = await readShape(codeShape, call.request);
  const begin = async (): Promise<unknown> => await people.passkeys.beginEnrolment(visit, code);
  return renderAnswer(await people.gate.attempt(visit, "code", begin));
}

/** Enrols a person with her first passkey, or a new one, and signs her in. */
export async function postEnrolment(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  people.checkOwnPage(visit);
  const { code, ...given } = await readShape(enrolmentShape, call.request);
  const enrol = async (): Promise<{ readonly cookie: string }> =>
    await people.passkeys.enrol(visit, code, given);
  const { cookie } = await people.gate.attempt(visit, "code", enrol);
  return renderSigned(cookie);
}
