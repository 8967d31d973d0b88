import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { peopleOf, readShape, visitOf } from "./people-body.ts";

/** What somebody goes to the identity provider for: to sign in, to link an account, to prove to be there. */
export const oidcShape = z.strictObject({
  code: z.string().max(100).optional(),
  prove: z.literal(true).optional(),
});

/** By which ways persons sign in here; for whoever is not known yet, and nothing of anybody. */
export const waysShape = z.strictObject({ passkey: z.literal(true), oidc: z.boolean() });

/** Says by which ways persons sign in. */
export function getWays(desk: Desk): Response {
  return renderAnswer({ passkey: true, oidc: peopleOf(desk).oidc !== undefined });
}

/** Sends the browser to the identity provider. */
export async function postOidcBegin(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  people.checkOwnPage(visit);
  people.gate.begin(visit);
  const { oidc } = people;
  if (oidc === undefined) throw new Fault("NOT_FOUND", "no identity provider is set up here");
  const { code, prove } = await readShape(oidcShape, call.request);
  const begin = async (): Promise<{ readonly url: string; readonly cookie: string }> => {
    if (prove === true) return await oidc.begin(visit, { kind: "PROVE", who: people.signedIn(visit) });
    if (code !== undefined) return await oidc.begin(visit, { kind: "LINK", code });
    return await oidc.begin(visit, { kind: "SIGN_IN" });
  };
  const { url, cookie } = await people.gate.attempt(visit, "code", begin);
  return renderAnswer({ url }, { headers: { "set-cookie": cookie } });
} // prettier-ignore

/** Takes what the identity provider sent back by the browser, and goes on to the first page. */
export async function getOidcReturn(desk: Desk, call: Call): Promise<Response> {
  const people = peopleOf(desk);
  const visit = visitOf(call);
  const { oidc } = people;
  if (oidc === undefined) throw new Fault("NOT_FOUND", "no identity provider is set up here");
  const finish = async (): Promise<readonly string[]> =>
    await oidc.finish(visit, call.url.searchParams);
  const cookies = await people.gate.attempt(visit, "oidc", finish);
  const headers = new Headers({ location: "/" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}
