import { X509Certificate } from "node:crypto";

import { generalVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decodeMessage, encodeMessage } from "../../schemas/index.ts";
import { utf8 } from "../../schemas/ground/index.ts";
import { makeApiWorld } from "../../test/kit/api-world.ts";
import { type AuditWorld, makeAuditWorld } from "../../test/kit/audit-world.ts";
import { alert, bulletin } from "../../test/kit/gateway-office.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
let world: AuditWorld;
let id: string;

beforeAll(async () => {
  world = await makeAuditWorld(now);
  id = await world.receive(bulletin);
});

afterAll(() => world.close());

const get = (accept: string, one = id) =>
  world.ask(`/v1/messages/${one}`, undefined, { headers: { accept } });

function keyOf(agency: string) {
  const { certificates } = world.world.agency(agency);
  const { certificate } = certificates.find(({ kind }) => kind === "SIGNING")!;
  return new X509Certificate(certificate).publicKey;
}

interface Jose {
  readonly signatures: { readonly protected: string; readonly signature: string }[];
  readonly envelope: string;
}

describe("the signatures of a message", () => {
  it("are a JWS that anybody's library verifies, with the sender's key alone", async () => {
    for (const one of [id, await world.receive(alert)]) {
      const { status, text } = await get("application/jose+json", one);
      expect(status).toBe(200);
      const { signatures, envelope } = JSON.parse(text) as Jose;
      const payload = Buffer.from(envelope, "base64url");
      const verified = await generalVerify({ signatures, payload }, keyOf("ng/tcu"));
      expect(verified.protectedHeader).toMatchObject({
        b64: false,
        kid: "ng/tcu",
        typ: "atumpan-envelope",
      });
      await expect(generalVerify({ signatures, payload }, keyOf("gh/tcu"))).rejects.toThrow();
      payload[5]! ^= 1;
      await expect(generalVerify({ signatures, payload }, keyOf("ng/tcu"))).rejects.toThrow();
    }
  });

  it("are over the envelope that the carried message holds", async () => {
    const carried = decodeMessage(world.exchange.original(id)!);
    const { signatures, envelope } = JSON.parse((await get("application/jose+json")).text) as Jose;
    expect(Buffer.from(envelope, "base64url").equals(carried.envelope)).toBe(true);
    expect(signatures.map((one) => `${one.protected}..${one.signature}`)).toEqual(
      carried.signatures,
    );
  });
});

describe("a message in the form that is wanted", () => {
  it("as it was carried is the very bytes that came", async () => {
    const memory = makeApiWorld();
    const { id: one } = memory.exchange.receive({ body: {} });
    const bytes = encodeMessage({ envelope: utf8("e"), signatures: ["a..b"], open: utf8("parts") });
    memory.exchange.original = () => bytes;
    const accept = "application/vnd.atumpan+protobuf";
    const answer = await memory.ask(`/v1/messages/${one}`, { headers: { accept } });
    expect(answer.headers.get("content-type")).toBe(accept);
    expect(answer.headers.get("vary")).toBe("accept, accept-language");
    expect(Buffer.from(answer.bytes).equals(bytes)).toBe(true);
    const held = { accept, "if-none-match": answer.headers.get("etag") ?? "" };
    expect((await memory.ask(`/v1/messages/${one}`, { headers: held })).status).toBe(304);
  });

  it("one that nobody proved is not had as it was carried, and says how it is", async () => {
    const memory = makeApiWorld();
    const { id: one } = memory.exchange.receive({ state: "QUARANTINED", code: "CERT_UNKNOWN" });
    for (const accept of ["application/vnd.atumpan+protobuf", "application/jose+json"]) {
      const answer = await memory.ask(`/v1/messages/${one}`, { headers: { accept } });
      expect(answer).toMatchObject({ status: 406, json: { code: "ANSWER_TYPE_UNAVAILABLE" } });
    }
    expect(
      (await memory.ask(`/v1/messages/${one}`, { headers: { accept: "text/plain" } })).status,
    ).toBe(200);
  });

  it("a form there is not is refused, and nobody is told that it was read", async () => {
    const before = world.audit.head().position;
    expect((await get("image/png")).json["code"]).toBe("ANSWER_TYPE_UNAVAILABLE");
    expect(world.audit.head().position).toBe(before);
  });

  it("without Accept, and with a browser's, is what it was", async () => {
    expect((await get("*/*")).json["id"]).toBe(id);
    expect((await get("text/html,application/xhtml+xml,*/*;q=0.8")).text).toContain("<");
  });
});

describe("fields of a list", () => {
  const memory = makeApiWorld();
  for (let n = 0; n < 3; n += 1) memory.exchange.receive({});

  it("are those that are asked for, on every page", async () => {
    const { json, headers } = await memory.ask("/v1/messages?limit=2&fields=id,state");
    const items = json["items"] as object[];
    expect(items.map((item) => Object.keys(item))).toEqual([["id", "state"], ["id", "state"]]);
    const next = /^<([^>]+)>; rel="next"$/.exec(headers.get("link") ?? "")?.[1] ?? "";
    const more = await memory.ask(next);
    expect((more.json["items"] as object[]).map((item) => Object.keys(item))).toEqual([["id", "state"]]);
  }); // prettier-ignore

  it.each(["", "body", "id,", "id,__proto__", "id&fields=state", `id${",id".repeat(200)}`])(
    "fields=%s is refused",
    async (fields) => {
      const answer = await memory.ask(`/v1/messages?fields=${fields}`);
      expect(answer).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
    },
  );
});
