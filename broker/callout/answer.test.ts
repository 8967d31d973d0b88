import { createServer, fromCurveSeed, createCurve, type KeyPair } from "@nats-io/nkeys";
import { describe, expect, it } from "vitest";

import {
  type Bytes,
  Fault,
  renderBase64url,
  systemChance,
  utf8,
} from "../../schemas/ground/index.ts";
import { fixtureHub, fixtureNow, makeRegion, mandate } from "../../test/kit/hub-region.ts";
import { importAccountSeed, makeHubKeys } from "../nats/index.ts";
import { answerClaims, checkLink, decideLogin, loginClaims } from "./answer.ts";
import { renderJwt, verifyServerJwt } from "./jwt.ts";
import { parseLoginRequest } from "./request.ts";
import { makeXkeyBox } from "./xkey.ts";

const day = 86_400_000;
/** The fixture issues its lists for a week, in whole seconds. */
const listsEnd = Math.floor(fixtureNow / 1000) * 1000 + 7 * day;
const region = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
    { agency: "ng/gone", kind: "TCU", suspendedFrom: fixtureNow - 1 },
    { agency: "ng/going", kind: "TCU", suspendedFrom: fixtureNow + 600_000 },
    { agency: "gh/tcu", kind: "TCU" },
  ],
  mandates: [mandate("ng/tcu", ["READ", "ecowas"])],
});
const keys = makeHubKeys();
const server = createServer();
const userNkey = `U${"A".repeat(55)}`;
type Claims = Record<string, unknown>;

function signAs(
  pair: KeyPair,
  claims: Claims,
  header: Claims = { typ: "JWT", alg: "ed25519-nkey" },
): Bytes {
  const input = [header, claims]
    .map((part) => renderBase64url(utf8(JSON.stringify(part))))
    .join(".");
  return utf8(`${input}.${renderBase64url(pair.sign(utf8(input)))}`);
}

function chainOf(agency: string): string[] {
  const { certificatePem } = region.leaf(agency, "LINK");
  return certificatePem.split(/(?<=-----END CERTIFICATE-----\n)/);
}

function claimsOf(agency: string, change: Claims = {}, nats: Claims = {}): Claims {
  return {
    aud: "nats-authorization-request",
    iss: server.getPublicKey(),
    iat: fixtureNow / 1000,
    exp: fixtureNow / 1000 + 5,
    nats: {
      server_id: { id: server.getPublicKey(), name: "hub" },
      user_nkey: userNkey,
      client_info: { host: "10.0.0.7", id: 19, kind: "Client", type: "nats" },
      connect_opts: { name: "whatever the client says", user: "gh/tcu" },
      client_tls: { verified_chains: [chainOf(agency)] },
      ...nats,
    },
    ...change,
  };
}

function decided(
  agency: string,
  nats: Claims = {},
  at: number | { readonly own: number; readonly servers: number } = fixtureNow,
): ReturnType<typeof decideLogin> {
  const [now, serverNow] = typeof at === "number" ? [at, at] : [at.own, at.servers];
  const times = { iat: Math.floor(serverNow / 1000), exp: Math.floor(serverNow / 1000) + 5 };
  const claims = claimsOf(agency, times, nats);
  const request = parseLoginRequest(signAs(server, claims));
  return decideLogin(region.view, { hub: fixtureHub, request }, now);
}

function codeOf(act: () => unknown): string {
  try {
    act();
    return "passed";
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
}

function refusal(decision: ReturnType<typeof decideLogin>): string {
  return decision.allow ? "allowed" : decision.fault.code;
}

describe("parseLoginRequest", () => {
  it("a request that its server signed is read, and nothing that the client claims", () => {
    const request = parseLoginRequest(signAs(server, claimsOf("ng/tcu")));
    expect(request).toMatchObject({
      connection: 19,
      host: "10.0.0.7",
      kind: "Client",
      protocol: "nats",
    });
    expect(request.certificate?.thumbprint).toEqual(region.leaf("ng/tcu", "LINK").leaf.thumbprint);
    expect(JSON.stringify(request)).not.toContain("gh/tcu");
  });

  it.each<[string, Bytes]>([
    ["signed by another key", signAs(createServer(), claimsOf("ng/tcu"))],
    ["for another audience", signAs(server, claimsOf("ng/tcu", { aud: "elsewhere" }))],
    [
      "past its time",
      signAs(server, claimsOf("ng/tcu", { exp: fixtureNow / 1000, iat: fixtureNow / 1000 })),
    ],
    [
      "of another server than its signer",
      signAs(server, claimsOf("ng/tcu", {}, { server_id: { id: createServer().getPublicKey() } })),
    ],
    ["that says not when it was made", signAs(server, claimsOf("ng/tcu", { iat: undefined }))],
    ["with another algorithm", signAs(server, claimsOf("ng/tcu"), { typ: "JWT", alg: "none" })],
    ["without a user key", signAs(server, claimsOf("ng/tcu", {}, { user_nkey: "" }))],
    ["that is no JWT", utf8("a.b")],
    ["with a fourth part", Buffer.concat([signAs(server, claimsOf("ng/tcu")), utf8(".x")])],
  ])("a request %s is refused", (_what, bytes) => {
    expect(codeOf(() => parseLoginRequest(bytes))).toBe("CALLOUT_REQUEST_INVALID");
  });

  it("a certificate shown again is what it was, after a bad one too", () => {
    const bad = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    const read = (chain: readonly string[]): unknown =>
      parseLoginRequest(
        signAs(server, claimsOf("ng/tcu", {}, { client_tls: { verified_chains: [chain] } })),
      ).certificate;
    const [first, broken] = [read(chainOf("ng/tcu")), read([bad])];
    expect(read(chainOf("ng/tcu"))).toEqual(first);
    expect(read([bad])).toEqual(broken);
    expect(broken).toMatchObject({ uris: [], fault: { code: "CERT_MALFORMED" } });
    expect(read(chainOf("gh/tcu"))).not.toEqual(first);
  });

  it("an account's signature is not a server's", () => {
    const issuer = { name: keys.issuer.publicKey, key: importAccountSeed(keys.issuer.seed) };
    const jwt = renderJwt({ aud: "x" }, issuer, fixtureNow);
    expect(codeOf(() => verifyServerJwt(utf8(jwt)))).toBe("CALLOUT_REQUEST_INVALID");
  });
});

describe("decideLogin", () => {
  it("an agency is placed in its own account for at most an hour", () => {
    const decision = decided("ng/tcu");
    expect(decision).toMatchObject({
      allow: true,
      login: { agency: "ng/tcu", account: "AG_ng_tcu", until: fixtureNow + 60 * 60_000 },
    });
  });

  it("a login ends with its certificate", () => {
    const { notAfter } = region.leaf("ng/tcu", "LINK").leaf;
    // Lists of the fixture hold for a week; a view without them is enough to see the bound.
    expect(notAfter).toBeGreaterThan(fixtureNow + 80 * day);
    expect(refusal(decided("ng/tcu", {}, notAfter + 1000))).toBe("CERT_EXPIRED");
  });

  it.each([0, 1, 6, 6.99, 6.9999])(
    "T-4 a login counts an hour at most, and no longer than the lists of its issuers, %d days on",
    (days) => {
      const now = fixtureNow + days * day;
      const decision = decided("ng/tcu", {}, now);
      if (!decision.allow) throw decision.fault;
      const { until } = decision.login;
      expect([until > now, until <= now + 3_600_000]).toEqual([true, true]);
      expect(until).toBeLessThanOrEqual(listsEnd);
      expect(loginClaims(decision.login, userNkey)).toMatchObject({
        exp: Math.floor(until / 1000),
      });
      expect(refusal(decided("ng/tcu", {}, until))).toBe("allowed");
    },
  );

  it("T-4 a login ends when its issuers' lists do", () => {
    const soon = decided("ng/tcu", {}, listsEnd - 60_000);
    expect(soon).toMatchObject({ login: { until: listsEnd } });
    expect(refusal(decided("ng/tcu", {}, listsEnd + 1000))).toBe("CERT_STATUS_UNKNOWN");
  });

  it("T-4 a login ends when a suspension begins that is announced", () => {
    expect(decided("ng/going")).toMatchObject({ login: { until: fixtureNow + 600_000 } });
    const then = fixtureNow + 600_000;
    expect(refusal(decided("ng/going", {}, then))).toBe("MANDATE_SUSPENDED");
  });

  it("certificates that were sent but not verified are nobody's", () => {
    const client_tls = { certs: chainOf("ng/tcu") };
    expect(refusal(decided("ng/tcu", { client_tls }))).toBe("CERT_UNKNOWN");
    expect(refusal(decided("ng/tcu", { client_tls: null }))).toBe("CERT_UNKNOWN");
  });

  it("only plain clients may log in", () => {
    for (const change of [{ kind: "Leafnode" }, { type: "websocket" }, { type: "mqtt" }]) {
      const client_info = { host: "h", id: 1, kind: "Client", type: "nats", ...change };
      expect(refusal(decided("ng/tcu", { client_info }))).toBe("CALLOUT_REQUEST_INVALID");
    }
  });

  it("a hub, a suspended agency and a certificate of another kind are refused", () => {
    expect(refusal(decided(fixtureHub))).toBe("AGENCY_UNKNOWN");
    expect(refusal(decided("ng/gone"))).toBe("MANDATE_SUSPENDED");
    const { certificatePem } = region.leaf("ng/tcu", "SIGNING");
    const client_tls = {
      verified_chains: [[certificatePem.split(/(?<=-----END CERTIFICATE-----\n)/)[0]]],
    };
    expect(refusal(decided("ng/tcu", { client_tls }))).toBe("CERT_UNKNOWN");
  });

  it.each([
    ["ours is a day behind", fixtureNow, fixtureNow + day],
    ["ours is a day ahead", fixtureNow + day, fixtureNow],
    ["they agree to two minutes", fixtureNow + 120_000, fixtureNow],
  ])("a login stands an hour by the server's clock, when %s", (_name, own, servers) => {
    const decision = decided("ng/tcu", {}, { own, servers });
    const until = decision.allow ? decision.login.until : 0;
    const apart = Math.abs(own - servers) > 120_000;
    expect(until - (apart ? servers : own)).toBe(60 * 60_000);
  });

  it.each([
    ["the list has ended by our clock", listsEnd + 1000, fixtureNow, "CERT_STATUS_UNKNOWN"],
    ["the list has ended by the server's", fixtureNow, listsEnd + 1000, "CERT_STATUS_UNKNOWN"],
    ["it began by neither", fixtureNow - 400 * day, fixtureNow - 500 * day, "CERT_NOT_YET_VALID"],
  ])("a login that is not good by both clocks is refused: %s", (...[, own, servers, code]) => {
    expect(refusal(decided("ng/tcu", {}, { own, servers }))).toBe(code);
  });

  it("a suspension that was announced counts by whichever clock comes there first", () => {
    const then = fixtureNow + 600_000;
    expect(refusal(decided("ng/going", {}, { own: then, servers: fixtureNow }))).toBe(
      "MANDATE_SUSPENDED",
    );
    expect(refusal(decided("ng/going", {}, { own: fixtureNow, servers: then }))).toBe(
      "MANDATE_SUSPENDED",
    );
    const decision = decided("ng/going", {}, { own: then - 10_000, servers: fixtureNow });
    expect(decision).toMatchObject({ login: { until: fixtureNow + 10_000 } });
  });

  it("one agency's certificate does not prove another", () => {
    const { thumbprint } = region.leaf("ng/tcu", "LINK").leaf;
    const act = (): unknown => checkLink(region.view, { agency: "gh/tcu", thumbprint }, fixtureNow);
    expect(codeOf(act)).toBe("CERT_UNKNOWN");
  });

  it("a certificate our reader does not take is refused by its code", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    expect(refusal(decided("ng/tcu", { client_tls: { verified_chains: [[pem]] } }))).toBe(
      "CERT_MALFORMED",
    );
  });
});

describe("the answer", () => {
  it("a login bears no name, and allow-lists only", () => {
    const decision = decided("ng/tcu");
    if (!decision.allow) throw decision.fault;
    const claims = loginClaims(decision.login, userNkey);
    expect(claims).toMatchObject({
      sub: userNkey,
      aud: "AG_ng_tcu",
      exp: fixtureNow / 1000 + 3600,
      nats: {
        type: "user",
        pub: { deny: [] },
        sub: { allow: ["_INBOX_ng_tcu.>"], deny: [] },
        subs: -1,
      },
    });
    expect(claims).not.toHaveProperty("name");
    expect(answerClaims({ server: "N", userNkey }, { error: "no" })).toMatchObject({
      sub: userNkey,
      aud: "N",
      nats: { type: "authorization_response", error: "no" },
    });
  });

  it("what is too short to be sealed is refused like what is not sealed to us", () => {
    const box = makeXkeyBox(keys.curve.seed, systemChance);
    for (const length of [0, 4, 27, 28, 43]) {
      const short = Buffer.concat([utf8("xkv1"), Buffer.alloc(40)]).subarray(0, length);
      expect(codeOf(() => box.open(short, createCurve().getPublicKey()))).toBe(
        "CALLOUT_REQUEST_INVALID",
      );
    }
  });

  it("a request whose certificate is no PEM is refused as no request of the server's", () => {
    const claims = claimsOf("ng/tcu", {}, { client_tls: { verified_chains: [["none"]] } });
    expect(codeOf(() => parseLoginRequest(signAs(server, claims)))).toBe("CALLOUT_REQUEST_INVALID");
  });

  it("what is sealed to one side is opened by the library on the other, and back", () => {
    const box = makeXkeyBox(keys.curve.seed, systemChance);
    const theirs = createCurve();
    const sealed = box.seal(utf8("answer"), theirs.getPublicKey());
    const opened = fromCurveSeed(theirs.getSeed()).open(sealed, keys.curve.publicKey);
    expect(Buffer.from(opened ?? []).toString()).toBe("answer");
    const asked = theirs.seal(utf8("question"), keys.curve.publicKey);
    expect(Buffer.from(box.open(asked, theirs.getPublicKey())).toString()).toBe("question");
    const other = createCurve().getPublicKey();
    for (const [bytes, from] of [
      [asked, other],
      [utf8("plain"), theirs.getPublicKey()],
    ] as const) {
      expect(codeOf(() => box.open(bytes, from))).toBe("CALLOUT_REQUEST_INVALID");
    }
  });
});
