import { beforeEach, describe, expect, it } from "vitest";

import { fieldLabel, labelOf, limits, wordLabel } from "../../schemas/index.ts";
import { readCopy } from "../../schemas/copies/index.ts";
import { type Answer, type ApiWorld, exampleOf, makeApiWorld } from "../../test/kit/api-world.ts";

let world: ApiWorld;
let id: string;

beforeEach(() => {
  world = makeApiWorld();
  const { body } = exampleOf("alert.incident");
  ({ id } = world.exchange.receive({ type: "alert.incident", body }));
});

const copyType = "application/vnd.atumpan.copy";

async function fetchCopy(kind: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await world.ask(`/v1/messages/${id}/copies/${kind}`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, copyType]);
  return answer.bytes;
}

function check(body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Answer> {
  const sent = { "content-type": copyType, ...headers };
  return world.ask("/v1/copies:verify", { method: "POST", body, headers: sent });
} // prettier-ignore

describe("GET /v1/messages/{id}/copies/{kind}", () => {
  it.each(["nominal", "regional", "court", "defence", "COURT"])("%s: a copy as bytes", async (kind) => {
    const copy = readCopy(await fetchCopy(kind));
    expect(copy.type).toBe("alert.incident");
    expect(copy.withheld.length > 0).toBe(kind !== "nominal");
  }); // prettier-ignore

  it("a kind that is none is refused, and the kinds are named", async () => {
    for (const kind of ["all", "court%20", "__proto__", "courts"]) {
      const { status, json } = await world.ask(`/v1/messages/${id}/copies/${kind}`);
      expect([status, json["code"]]).toEqual([400, "REQUEST_INVALID"]);
      expect(json["detail"]).toContain("nominal, regional, court, defence");
    }
  });

  it("a message that is not here, or has no content here, is not copied", async () => {
    const none = "01890a5d-ac96-774b-bcce-b302099a8057";
    const { id: hidden } = world.exchange.receive({ state: "QUARANTINED" });
    for (const one of [none, hidden]) {
      const answer = await world.ask(`/v1/messages/${one}/copies/court`);
      expect(answer).toMatchObject({ status: 404, json: { code: "NOT_FOUND" } });
    }
  });

  it("a direct message has no copy that would hide its type", async () => {
    const { body, recipients } = exampleOf("fiu.request");
    const direct = { type: "fiu.request", body, recipients: recipients!, recs: [] };
    const { id: asked } = world.exchange.receive(direct);
    const answer = await world.ask(`/v1/messages/${asked}/copies/regional`);
    expect(answer).toMatchObject({ status: 422, json: { code: "COPY_NOT_POSSIBLE" } });
  });

  it("for an agency that it is kept from there is none; for another there is", async () => {
    const path = `/v1/messages/${id}/copies/court`;
    const refused = await world.ask(`${path}?to=sn/tcu`);
    expect(refused).toMatchObject({ status: 422, json: { code: "RULE_RECIPIENT_KEPT_FROM" } });
    expect((await world.ask(`${path}?to=ng%2Ftcu`)).status).toBe(200);
  });

  it("a receiver that is no agency's name, twice, or something else is refused", async () => {
    const wrong = ["to=", "to=sn", "to=SN/tcu", `to=sn/${"x".repeat(41)}`, "to=sn/tcu&to=gh/tcu", "for=gh/tcu"];
    for (const query of wrong) {
      const answer = await world.ask(`/v1/messages/${id}/copies/court?${query}`);
      expect(answer).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
    }
  }); // prettier-ignore

  it("nothing is given without the token", async () => {
    const headers = { authorization: "" };
    for (const path of [`/v1/messages/${id}/copies/court`, "/v1/copies:verify"]) {
      const method = path.endsWith("verify") ? "POST" : "GET";
      expect((await world.ask(path, { headers, method })).json["code"]).toBe("NOT_AUTHENTICATED");
    }
  });
});

describe("POST /v1/copies:verify", () => {
  it("says whose words it is, what it shows and what it withholds; moments are RFC 3339", async () => {
    const { status, json } = await check(await fetchCopy("regional"));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id,
      originator: "gh/tcu",
      type: "alert.incident",
      createdAt: "2026-11-21T12:00:00.000Z",
      body: { kind: "drugs" },
    });
    expect(json["withheld"]).toEqual(expect.arrayContaining(["inner", "persons", "narrative"]));
    expect(json).not.toHaveProperty("inner");
    expect(JSON.stringify(json)).not.toContain("Mensah-Example");
    const nominal = await check(await fetchCopy("nominal"));
    expect(nominal.json).toMatchObject({ inner: { caseRef: "EX-GH-TCU-2026-0117" } });
  });

  it("says it as text for people in their language, with the names of what is withheld", async () => {
    const accept = "text/plain;lang=fr;zone=Africa/Tunis";
    const { text, headers } = await check(await fetchCopy("regional"), { accept });
    expect(headers.get("content-language")).toBe("fr");
    expect(text).toContain(`: ${labelOf("CRIME", "drugs", "fr")}\n`);
    const persons = fieldLabel("persons", "fr", "AlertIncident");
    expect(text).toContain(`${persons}\u00a0: ${wordLabel("withheld", "fr")}\n`);
    expect(text).toContain("12:00 UTC, 13:00 Africa/Tunis");
    expect(text).not.toContain("Mensah-Example");
    const html = await check(await fetchCopy("court"), { accept: "text/html;lang=ar" });
    expect(html.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(html.text).toContain('dir="rtl"');
  });

  it("a copy that was altered is refused by its code, as text or as JSON", async () => {
    const copy = await fetchCopy("court");
    const at = Buffer.from(copy).indexOf("COCAINE");
    copy[at] = copy[at]! ^ 1;
    for (const accept of ["application/json", "text/plain;lang=fr"]) {
      const answer = await check(copy, { accept });
      expect(answer).toMatchObject({ status: 422, json: { code: "BODY_ROOT_MISMATCH" } });
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  it("a signature that fits nothing is refused", async () => {
    const copy = Buffer.from(await fetchCopy("court"));
    const at = copy.indexOf("a..b");
    copy.write("c", at);
    const answer = await check(Uint8Array.from(copy));
    expect(answer.json["code"]).toBe("ENVELOPE_SIGNATURE_INVALID");
  });

  it.each<[string, number, Uint8Array<ArrayBuffer>, Record<string, string>]>([
    ["SCHEMA_FIELD_MISSING", 422, new Uint8Array(), {}],
    ["CODEC_MALFORMED", 422, Uint8Array.from(Buffer.from("not a copy")), {}],
    ["REQUEST_TYPE_UNSUPPORTED", 415, new Uint8Array(8), { "content-type": "application/json" }],
    ["REQUEST_TYPE_UNSUPPORTED", 415, new Uint8Array(8), { "content-encoding": "gzip" }],
    ["REQUEST_TOO_LARGE", 413, new Uint8Array(limits.maxPublicationBytes + 1), {}],
  ])("%s is refused with %i", async (...[code, status, body, headers]) => {
    expect(await check(body, headers)).toMatchObject({ status, json: { code } });
  });

  it("a request without a body is refused", async () => {
    const headers = { "content-type": copyType };
    const answer = await world.ask("/v1/copies:verify", { method: "POST", headers });
    expect(answer).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
  });
});
