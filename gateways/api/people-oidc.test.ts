import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { OidcChoice } from "../people/index.ts";
import {
  type OidcProviderServer,
  type OidcTwist,
  startOidcProvider,
} from "../../test/kit/oidc-provider.ts";
import {
  cookieOf,
  type HttpAnswer,
  ownPage,
  type PeopleWorld,
  startPeopleWorld,
} from "../../test/kit/people-world.ts";

let provider: OidcProviderServer;
let world: PeopleWorld;

async function open(change: Partial<OidcChoice> = {}): Promise<void> {
  const { issuer, clientId, clientSecret } = provider;
  const oidc = { issuer, clientId, clientSecret, insecure: true, ...change };
  world = await startPeopleWorld({ choice: { oidc }, start: Date.now() });
}

beforeEach(async () => {
  provider = await startOidcProvider();
  await open();
});

afterEach(async () => {
  await world.stop();
  await provider.stop();
});

interface Sent {
  readonly url: string;
  readonly cookie: string;
}

async function send(body: object = {}, headers: Record<string, string> = {}): Promise<Sent> {
  const answer = await world.ask("POST", "/v1/oidc:begin", { body, headers: { ...ownPage, ...headers } });
  expect(answer.status).toBe(200);
  return { url: String(answer.json["url"]), cookie: cookieOf(answer) };
} // prettier-ignore

async function comeBack(sent: Sent, change: (back: URL) => void = () => undefined): Promise<HttpAnswer> {
  const back = await provider.visit(sent.url);
  change(back);
  return await world.ask("GET", `${back.pathname}${back.search}`, { headers: { cookie: sent.cookie } });
} // prettier-ignore

async function invite(roles: readonly string[] = ["officer"]): Promise<string> {
  const { json } = await world.own("POST", "/v1/people", { name: "K. Boateng", roles, handlingUpTo: "H1" });
  return String(json["code"]);
} // prettier-ignore

async function me(cookie: string): Promise<HttpAnswer> {
  return await world.ask("GET", "/v1/session", { headers: { cookie } });
}

describe("signing in by the identity provider", () => {
  it("is said to be a way, to whoever is not known yet, and only where it is one", async () => {
    expect((await world.ask("GET", "/v1/session:ways")).json).toEqual({
      passkey: true,
      oidc: true,
    });
    const without = await startPeopleWorld({ start: Date.now() });
    const { json } = await without.ask("GET", "/v1/session:ways");
    await without.stop();
    expect(json).toEqual({ passkey: true, oidc: false });
  });

  it("links the account of who was invited, and signs in by it from then on", async () => {
    const linked = await comeBack(await send({ code: await invite() }));
    expect(linked.status).toBe(303);
    expect(linked.headers.get("location")).toBe("/");
    expect((await me(cookieOf(linked))).json).toMatchObject({
      name: "K. Boateng",
      roles: ["officer"],
    });
    const again = await comeBack(await send());
    expect(again.status).toBe(303);
    expect((await me(cookieOf(again))).status).toBe(200);
    expect(provider.asked().get("code_challenge_method")).toBe("S256");
    expect((await send()).cookie).toMatch(/^atumpan-oidc=/);
  });

  it("who signs out is told where to sign out at the provider too", async () => {
    const cookie = cookieOf(await comeBack(await send({ code: await invite() })));
    const { json } = await world.ask("DELETE", "/v1/session", { headers: { cookie, ...ownPage } });
    const url = new URL(String(json["leaveUrl"]));
    expect(url.origin).toBe(provider.issuer);
    expect(url.searchParams.get("post_logout_redirect_uri")).toBe(`${world.origin}/`);
    expect((await me(cookie)).status).toBe(401);
  });

  it("an account that nobody invited is refused", async () => {
    expect((await comeBack(await send())).json["code"]).toBe("SIGN_IN_REFUSED");
    expect(world.people.people()).toEqual([]);
  });

  it("one account is one person", async () => {
    await comeBack(await send({ code: await invite() }));
    const second = await comeBack(await send({ code: await invite() }));
    expect(second.json["code"]).toBe("SIGN_IN_REFUSED");
  });

  it.each<[string, OidcTwist]>([
    ["another nonce", { nonce: "other" }],
    ["another issuer", { issuer: "http://127.0.0.1:1" }],
    ["another audience", { audience: "other-client" }],
    ["alg none", { alg: "none" }],
    ["HS256 by the public key", { alg: "HS256" }],
    ["another key", { alg: "other-key" }],
    ["a token that ended", { endsIn: -120 }],
    ["no subject", { subject: "" }],
  ])("%s is refused", async (_, twist) => {
    await comeBack(await send({ code: await invite() }));
    Object.assign(provider.twist, twist);
    const answer = await comeBack(await send());
    expect(answer).toMatchObject({ status: 401, json: { code: "SIGN_IN_REFUSED" } });
    expect(cookieOf(answer)).toBe("");
  });

  it("what comes back twice is refused", async () => {
    const sent = await send({ code: await invite() });
    const back = await provider.visit(sent.url);
    const headers = { cookie: sent.cookie };
    expect((await world.ask("GET", `${back.pathname}${back.search}`, { headers })).status).toBe(
      303,
    );
    expect((await world.ask("GET", `${back.pathname}${back.search}`, { headers })).status).toBe(
      401,
    );
    expect(provider.exchanges()).toBe(1);
  });

  it.each<[string, (back: URL) => void]>([
    ["another state", (back) => back.searchParams.set("state", "x")],
    ["no state", (back) => back.searchParams.delete("state")],
    ["another code", (back) => back.searchParams.set("code", "x")],
    ["an error", (back) => back.searchParams.set("error", "access_denied")],
  ])("an answer with %s is refused", async (_, change) => {
    expect((await comeBack(await send({ code: await invite() }), change)).status).toBe(401);
  });

  it("another browser's answer is refused: nobody is signed in as somebody else", async () => {
    const code = await invite();
    const [attacker, victim] = [await send({ code }), await send()];
    const back = await provider.visit(attacker.url);
    const headers = { cookie: victim.cookie };
    expect((await world.ask("GET", `${back.pathname}${back.search}`, { headers })).status).toBe(
      401,
    );
    expect((await world.ask("GET", `${back.pathname}${back.search}`)).status).toBe(401);
  });

  it("a provider that is down is said so, and found again later", async () => {
    provider.twist.down = true;
    const down = await world.ask("POST", "/v1/oidc:begin", { body: {}, headers: ownPage });
    expect(down.json["code"]).toBe("SIGN_IN_REFUSED");
    provider.twist.down = false;
    expect((await send()).url).toContain(provider.issuer);
  });
});

describe("proving to be there by the identity provider", () => {
  async function signedIn(): Promise<string> {
    return cookieOf(await comeBack(await send({ code: await invite(["administrator"]) })));
  }

  async function prove(cookie: string, twist: OidcTwist = {}): Promise<HttpAnswer> {
    const sent = await send({ prove: true }, { cookie });
    Object.assign(provider.twist, twist);
    return await comeBack(sent);
  }

  it("asks the provider to ask anew, and counts from its time", async () => {
    const cookie = await signedIn();
    world.clock.move(6 * 60_000);
    expect((await prove(cookie, { authTime: Math.floor(world.clock.now() / 1_000) })).status).toBe(
      303,
    );
    expect(provider.asked().get("prompt")).toBe("login");
    expect(provider.asked().get("max_age")).toBe("0");
    const { json } = await me(cookie);
    expect(Date.parse(String(json["provedAt"]))).toBeGreaterThan(world.clock.now() - 1_001);
  });

  it.each<[string, (now: number) => OidcTwist]>([
    ["a proof of before the question", (now) => ({ authTime: now - 300 })],
    ["another account", () => ({ subject: "somebody-else" })],
  ])("%s proves nothing", async (_, twist) => {
    const cookie = await signedIn();
    const answer = await prove(cookie, twist(Math.floor(world.clock.now() / 1_000)));
    expect(answer.json["code"]).toBe("SIGN_IN_REFUSED");
  });

  it("where the operator names strong ways, a weaker one proves nothing", async () => {
    await world.stop();
    await open({ stepUpAcr: ["phr"] });
    const cookie = await signedIn();
    expect((await me(cookie)).json["provedAt"]).toBeNull();
    expect((await prove(cookie, { acr: "pwd" })).status).toBe(401);
    expect((await prove(cookie, { acr: "phr" })).status).toBe(303);
    expect((await me(cookie)).json["provedAt"]).not.toBeNull();
  });
});

describe("roles by a claim", () => {
  const roles = {
    claim: "groups",
    map: { tcu: ["officer"], chiefs: ["administrator"], labs: ["analyst"] },
  } as const;

  it("only take from what a person has here", async () => {
    await world.stop();
    await open({ roles });
    provider.twist.claims = { groups: ["tcu", "chiefs"] };
    const linked = await comeBack(await send({ code: await invite(["officer", "analyst"]) }));
    expect((await me(cookieOf(linked))).json["roles"]).toEqual(["officer"]);
  });

  it("make nobody a person unless the operator says so, and nobody an administrator ever", async () => {
    await world.stop();
    await open({ roles, provision: true });
    provider.twist.claims = { groups: ["labs", "chiefs", "constructor"] };
    const made = await comeBack(await send());
    expect((await me(cookieOf(made))).json).toMatchObject({
      roles: ["analyst"],
      handlingUpTo: "H0",
    });
    provider.twist.claims = { groups: ["chiefs"] };
    provider.twist.subject = "chief";
    expect((await comeBack(await send())).json["code"]).toBe("SIGN_IN_REFUSED");
  });
});
