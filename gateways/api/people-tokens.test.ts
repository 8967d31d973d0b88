import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import {
  type HttpAnswer,
  type PeopleWorld,
  startPeopleWorld,
} from "../../test/kit/people-world.ts";

let world: PeopleWorld;

beforeEach(async () => {
  world = await startPeopleWorld();
});

afterEach(async () => {
  await world.stop();
});

const formType = { "content-type": "application/x-www-form-urlencoded" };
const grant = "grant_type=client_credentials";
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

interface Client {
  readonly id: string;
  readonly secret: string;
}

async function machine(change: object = {}): Promise<Client> {
  const body = { name: "case system", roles: ["integrator"], ...change };
  const { json, status } = await world.own("POST", "/v1/machines", body);
  expect(status).toBe(201);
  const { secret = "" } = json["proof"] as { secret?: string };
  return { id: String(json["id"]), secret };
}

function basic({ id, secret }: Client): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`;
}

async function tokenOf(client: Client, body = grant): Promise<HttpAnswer> {
  const headers = { ...formType, authorization: basic(client) };
  return await world.ask("POST", "/v1/oauth/token", { body, headers });
}

async function use(token: unknown, path = "/v1/session"): Promise<HttpAnswer> {
  return await world.ask("GET", path, { headers: { authorization: `Bearer ${String(token)}` } });
}

describe("client credentials by secret", () => {
  it("give a token for ten minutes that is the machine and no more", async () => {
    const client = await machine({ handlingUpTo: "H1", purpose: "INVESTIGATION" });
    const { json, status, headers } = await tokenOf(client);
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(json).toMatchObject({ token_type: "Bearer", expires_in: 600 });
    const me = await use(json["access_token"]);
    expect(me.json).toMatchObject({ id: `machine:${client.id}`, kind: "machine", roles: ["integrator"], handlingUpTo: "H1" });
    expect((await use(json["access_token"], "/v1/people")).json["code"]).toBe("ROLE_MISSING");
    world.clock.move(10 * 60_000);
    expect((await use(json["access_token"])).json["code"]).toBe("NOT_AUTHENTICATED");
  }); // prettier-ignore

  it("an unknown machine and a wrong secret are answered alike, as OAuth says it", async () => {
    const client = await machine();
    const wrong = await tokenOf({ ...client, secret: "A".repeat(43) });
    const unknown = await tokenOf({
      id: "0190aaaa-0000-7000-8000-000000000000",
      secret: client.secret,
    });
    expect(wrong.status).toBe(401);
    expect(wrong.json).toEqual(unknown.json);
    expect(wrong.json).toMatchObject({ error: "invalid_client", code: "SIGN_IN_REFUSED" });
    expect(wrong.headers.get("www-authenticate")).toMatch(/^Basic/);
  });

  it.each([
    ["another grant", "grant_type=password", 400],
    ["no grant", "", 400],
    ["two grants", `${grant}&${grant}`, 400],
    ["a second proof beside the secret", `${grant}&client_assertion=a.b.c`, 401],
  ])("%s is refused", async (_, body, status) => {
    expect((await tokenOf(await machine(), body)).status).toBe(status);
  });

  it.each([
    "Basic",
    "Basic !!!!",
    "Basic YWJj",
    `Basic ${"A".repeat(500)}`,
    "Basic JTpi",
    "Bearer x",
  ])("Authorization: %s is refused", async (authorization) => {
    const headers = { ...formType, authorization };
    const answer = await world.ask("POST", "/v1/oauth/token", { body: grant, headers });
    expect(answer.status).toBe(401);
  });

  it("a storm against one machine is told to wait, and the machine itself is not locked out", async () => {
    const client = await machine();
    let last = 0;
    for (let i = 0; i < 25; i += 1)
      last = (await tokenOf({ ...client, secret: "B".repeat(43) })).status;
    expect(last).toBe(429);
    const other = await machine({ name: "other" });
    expect((await tokenOf(other)).status).toBe(200);
    expect((await tokenOf(client)).status).toBe(200);
  });

  it("a new secret and the one before both work for a week, then the new one alone", async () => {
    const client = await machine();
    const held = (await tokenOf(client)).json["access_token"];
    const { json } = await world.own("POST", `/v1/machines/${client.id}/proofs`, { proof: { kind: "SECRET" } });
    const { secret } = json["proof"] as { secret: string };
    const next = { ...client, secret };
    expect((await tokenOf(next)).status).toBe(200);
    expect((await tokenOf(client)).status).toBe(200);
    expect((await use(held)).status).toBe(200);
    world.clock.move(7 * 86_400_000);
    expect((await tokenOf(client)).status).toBe(401);
    expect((await tokenOf(next)).status).toBe(200);
  }); // prettier-ignore

  it("a machine that was removed is out at once, its tokens too", async () => {
    const client = await machine();
    const { json } = await tokenOf(client);
    await world.own("DELETE", `/v1/machines/${client.id}`);
    expect((await use(json["access_token"])).status).toBe(401);
    expect((await tokenOf(client)).status).toBe(401);
  });

  it("a machine with a list of addresses gets and uses tokens from these alone", async () => {
    const away = await machine({ addresses: ["203.0.113.0/24"] });
    expect((await tokenOf(away)).status).toBe(401);
    const here = await machine({ addresses: ["127.0.0.0/8", "::1"] });
    expect((await tokenOf(here)).status).toBe(200);
  });

  it.each([
    ["administer", { roles: ["administrator"] }],
    ["approve", { roles: ["approver"] }],
    ["do nothing", { roles: [] }],
    ["come from a name", { addresses: ["example.org"] }],
    ["have a weak key", { proof: { kind: "KEY", publicKey: generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "pem", type: "spki" }) } }],
    ["send us its private key", { proof: { kind: "KEY", publicKey: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "pem", type: "pkcs8" }) } }],
  ])("a machine does not %s", async (_, change) => {
    const body = { name: "m", roles: ["integrator"], ...change };
    expect((await world.own("POST", "/v1/machines", body)).json["code"]).toBe("REQUEST_INVALID");
  }); // prettier-ignore

  it("neither a secret nor a token stands in the store's file or any list", async () => {
    const client = await machine();
    const { json } = await tokenOf(client);
    const listed = await world.own("GET", "/v1/machines");
    expect(listed.text).not.toContain(client.secret);
    expect(world.store.machines.token(Buffer.from(String(json["access_token"])))).toBeUndefined();
  });
});

describe("client credentials by signed assertion", () => {
  let key: KeyObject;
  let id = "";
  let serial = 0;

  beforeEach(async () => {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    key = pair.privateKey;
    const publicKey = pair.publicKey.export({ format: "pem", type: "spki" });
    ({ id } = await machine({ proof: { kind: "KEY", publicKey } }));
  });

  interface Parts {
    readonly header?: object;
    readonly claims?: object;
    readonly key?: KeyObject;
    readonly cut?: (text: string) => string;
  }

  function assertion({ header = {}, claims = {}, key: by = key, cut = (text) => text }: Parts = {}): string {
    serial += 1;
    const now = Math.floor(world.clock.now() / 1_000);
    const said = { iss: id, sub: id, aud: `${world.origin}/v1/oauth/token`, jti: `jti-${serial}-0000`, exp: now + 60, iat: now };
    const pack = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${pack({ alg: "ES256", ...header })}.${pack({ ...said, ...claims })}`;
    const signature = sign("sha256", Buffer.from(text), { key: by, dsaEncoding: "ieee-p1363" });
    return cut(`${text}.${signature.toString("base64url")}`);
  } // prettier-ignore

  async function show(client_assertion: string, more: Record<string, string> = {}): Promise<number> {
    const form = { grant_type: "client_credentials", client_assertion_type: assertionType, client_assertion, ...more };
    const body = new URLSearchParams(form).toString();
    return (await world.ask("POST", "/v1/oauth/token", { body, headers: formType })).status;
  } // prettier-ignore

  it("a good one gives a token, once", async () => {
    const one = assertion();
    expect(await show(one, { client_id: id })).toBe(200);
    expect(await show(one)).toBe(401);
    expect(await show(assertion({ claims: { aud: world.origin } }))).toBe(200);
  });

  it("the same one in another spelling is the same one, or none", async () => {
    const one = assertion();
    expect(await show(one)).toBe(200);
    for (const cut of [`${one}=`, ` ${one}`, `${one}\n`, one.replace(".", ".\t")]) {
      expect(await show(cut)).toBe(401);
    }
  });

  it.each<[string, Parts]>([
    ["alg none", { header: { alg: "none" } }],
    ["alg HS256", { header: { alg: "HS256" } }],
    ["alg EdDSA for a P-256 key", { header: { alg: "EdDSA" } }],
    ["a crit header", { header: { crit: ["b64"] } }],
    ["another issuer", { claims: { iss: "other" } }],
    ["another audience", { claims: { aud: "https://elsewhere.example/v1/oauth/token" } }],
    ["no audience", { claims: { aud: [] } }],
    ["no jti", { claims: { jti: undefined } }],
    ["an end that passed", { claims: { exp: 1 } }],
    ["an end far away", { claims: { exp: 9_999_999_999 } }],
    ["another key", { key: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey }],
    ["no signature", { cut: (text) => `${text.split(".").slice(0, 2).join(".")}.` }],
    ["four parts", { cut: (text) => `${text}.a` }],
  ])("%s is refused", async (_, parts) => {
    expect(await show(assertion(parts))).toBe(401);
  });

  it("another machine's id beside it is refused", async () => {
    expect(await show(assertion(), { client_id: "0190aaaa-0000-7000-8000-000000000000" })).toBe(
      401,
    );
  });
});

it("requests of one caller are bounded; another's are not touched by it", async () => {
  const storm = await world.person(["officer"]);
  const calm = await world.person(["officer"]);
  let last = await storm.ask("GET", "/v1/sessions");
  for (let i = 0; i < 20 && last.status === 200; i += 1) {
    const answers = Array.from({ length: 40 }, () => storm.ask("GET", "/v1/sessions"));
    [last = last] = (await Promise.all(answers)).toReversed();
  }
  expect(last).toMatchObject({ status: 429, json: { code: "TOO_MANY_TRIES", retryAfter: 1 } });
  expect((await calm.ask("GET", "/v1/sessions")).status).toBe(200);
  expect((await world.own("GET", "/v1/people")).status).toBe(200);
});
