import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";

import { codeListNames, languages, messageTypes } from "../../schemas/index.ts";
import { faults } from "../../schemas/ground/index.ts";
import { makeApiWorld } from "../../test/kit/api-world.ts";
import { checkAnswered } from "../../test/kit/checked-answer.ts";
import { docsWords } from "./docs-words.ts";
import { escapeHtml } from "./page.ts";
import { renderOpenApi } from "./openapi.ts";
import { routes } from "./routes.ts";

type Json = Record<string, unknown>;

function memberOf(json: Json, ...names: readonly string[]): Json {
  return names.reduce((at, name) => at[name] as Json, json);
}

const document = JSON.parse(JSON.stringify(renderOpenApi(routes))) as Json;
const world = makeApiWorld();
const open = { headers: { authorization: "" } };

const operations = Object.entries(document["paths"] as Json).flatMap(([path, methods]) =>
  Object.entries(methods as Json).map(([method, operation]) => ({
    path,
    method,
    operation: operation as Json,
  })),
);

/** Every object below that stands where OpenAPI wants a schema. */
function schemasIn(value: unknown, found: Json[] = []): Json[] {
  if (typeof value !== "object" || value === null) return found;
  for (const [name, member] of Object.entries(value)) {
    if (name === "schema" && !Array.isArray(member)) found.push(member as Json);
    schemasIn(member, found);
  }
  return found;
}

describe("/openapi.json", () => {
  it("is open, of version 3.1, and what the table of routes says", async () => {
    const { json } = await world.ask("/openapi.json", open);
    expect(json).toEqual(document);
    expect(json["openapi"]).toBe("3.1.0");
  });

  it("has every route of the table, once, under a name of its own", () => {
    expect(operations).toHaveLength(routes.length);
    const names = operations.map(({ operation }) => operation["operationId"] as string);
    expect(new Set(names).size).toBe(routes.length);
    expect(names.filter((name) => !/^[a-z]+[A-Za-z0-9]*$/.test(name))).toEqual([]);
  });

  it("names every parameter of a path, and no other", () => {
    for (const { path, operation } of operations) {
      const inPath = ((operation["parameters"] ?? []) as Json[]).filter(
        (one) => one["in"] === "path",
      );
      const wanted = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect([path, inPath.map((one) => one["name"])]).toEqual([path, wanted]);
      expect(path).not.toMatch(/\/:/);
    }
  });

  it("every operation tells a success, and every no in one way", () => {
    for (const { path, operation } of operations) {
      const { default: no, ...answers } = operation["responses"] as Json;
      expect(no).toEqual({ $ref: "#/components/responses/Problem" });
      expect([path, Object.keys(answers).some((status) => /^[123]\d\d$/.test(status))]).toEqual([
        path,
        true,
      ]);
      for (const one of Object.values(answers)) expect((one as Json)["description"]).toMatch(/\S/);
    }
  });

  it("every schema in it is one of JSON Schema 2020-12, and every reference leads somewhere", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: "http://api.test/", components: document["components"] });
    const all = [
      ...schemasIn(document["paths"]),
      ...Object.values(memberOf(document, "components", "schemas")),
    ];
    expect(all.length).toBeGreaterThan(100);
    for (const schema of all) {
      const text = JSON.stringify(schema).replaceAll(
        '"#/components',
        '"http://api.test/#/components',
      );
      expect(() => ajv.compile(JSON.parse(text) as Json)).not.toThrow();
    }
  });

  it("is a description that a strict reader of OpenAPI 3.1 takes, and one with a wrong member it does not", async () => {
    const rules = {
      struct: "error",
      "no-unresolved-refs": "error",
      "operation-operationId-unique": "error",
    } as const;
    const config = await createConfig({ rules });
    const found = async (json: Json): Promise<readonly string[]> =>
      (await lintFromString({ source: JSON.stringify(json), config })).map(
        ({ message }) => message,
      );
    expect(await found(document)).toEqual([]);
    expect(await found({ ...document, pathes: {} })).not.toEqual([]);
    expect(await found({ ...document, components: {} })).not.toEqual([]);
  });

  it("says who may ask, and that whoever asks for what is open needs no proof", () => {
    for (const { path, method } of routes) {
      const route = routes.find((one) => one.path === path && one.method === method)!;
      const { operation } = operations.find(
        (one) => one.method === method.toLowerCase() && one.operation["summary"] === route.summary,
      )!;
      expect(operation["security"]).toHaveLength(route.open === true ? 0 : 3);
      if (route.open !== true) expect(operation["x-roles"]).toEqual(route.for);
    }
  });

  it("an answer that the table does not tell is found", () => {
    const good = {
      method: "GET",
      path: "/livez",
      status: 200,
      type: "application/json",
      text: '{"live":true}',
    };
    expect(() => checkAnswered(good)).not.toThrow();
    for (const bad of [
      { status: 202 },
      { type: "text/html" },
      { text: '{"live":true,"more":1}' },
      { path: "/nowhere" },
    ]) {
      expect(() => checkAnswered({ ...good, ...bad })).toThrow();
    }
  });
});

describe("what describes the messages", () => {
  it.each(["form", "example"])("every type has its %s", async (part) => {
    for (const type of messageTypes) {
      const { status, json } = await world.ask(`/v1/schemas/${type}/${part}`, open);
      expect([type, status, json["type"]]).toEqual([type, 200, type]);
    }
    expect((await world.ask(`/v1/schemas/..%2fx/${part}`, open)).json["code"]).toBe("NOT_FOUND");
  });

  it("every code list is had with labels in the language that is asked for", async () => {
    const { json } = await world.ask("/v1/codelists", open);
    expect(json["items"]).toHaveLength(codeListNames.length);
    const french = await world.ask("/v1/codelists/CRIME?lang=fr", open);
    const english = await world.ask("/v1/codelists/CRIME", open);
    expect(french.json).toMatchObject({ list: "CRIME", lang: "fr" });
    expect(french.json["codes"]).not.toEqual(english.json["codes"]);
    expect((await world.ask("/v1/codelists/CRIME?lang=de", open)).json["code"]).toBe(
      "REQUEST_INVALID",
    );
    expect((await world.ask("/v1/codelists/__proto__", open)).json["code"]).toBe("NOT_FOUND");
  });

  it("labels and protobuf sources are had by their names, and by no others", async () => {
    expect((await world.ask("/v1/labels/sw", open)).json["lang"]).toBe("sw");
    expect((await world.ask("/v1/protos/envelope.proto", open)).text).toContain("message Envelope");
    expect((await world.ask("/asyncapi.json", open)).json["asyncapi"]).toMatch(/^3\./);
    for (const path of ["/v1/labels/de", "/v1/protos/buf.yaml", "/v1/protos/..%2findex.ts"])
      expect((await world.ask(path, open)).json["code"]).toBe("NOT_FOUND");
  });
});

describe("what is tagged", () => {
  it("is told short to whoever holds it, packed or not, and in full to whoever holds another", async () => {
    const first = await world.ask("/v1/codelists", open);
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^W\/"[A-Za-z0-9_-]{22}"$/);
    for (const held of [tag, tag.slice(2), `"x", ${tag}`, "*"]) {
      const again = await world.ask("/v1/codelists", {
        headers: { authorization: "", "if-none-match": held },
      });
      expect([held, again.status, again.text]).toEqual([held, 304, ""]);
    }
    const other = await world.ask("/v1/codelists", {
      headers: { authorization: "", "if-none-match": 'W/"x"' },
    });
    expect(other.status).toBe(200);
  });

  it("a message is never kept by anybody, whatever tag it bears", async () => {
    const { id } = world.exchange.receive({ body: {} });
    const { headers } = await world.ask(`/v1/messages/${id}`);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.has("etag")).toBe(true);
  });
});

describe("what may be packed", () => {
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync } as const;

  it.each(["br", "gzip"] as const)(
    "%s gives the very same bytes, and says what it depends on",
    async (packing) => {
      const plain = await world.ask("/v1/codelists", open);
      const packed = await world.ask("/v1/codelists", {
        headers: { authorization: "", "accept-encoding": packing },
      });
      expect(packed.headers.get("content-encoding")).toBe(packing);
      expect(packed.headers.get("vary")).toContain("accept-encoding");
      expect(unpack[packing](packed.bytes).equals(plain.bytes)).toBe(true);
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2);
    },
  );

  it("a page of fifty messages is less than 3 kB", async () => {
    const busy = makeApiWorld();
    for (let n = 0; n < 60; n += 1) {
      busy.clock.move(37_111 * n);
      busy.exchange.receive({
        originator: n % 3 === 0 ? "gh/tcu" : "ng/tcu",
        type: n % 2 === 0 ? "alert.incident" : "maritime.incident",
      });
    }
    for (const packing of ["br", "gzip"]) {
      const { bytes } = await busy.ask("/v1/messages?limit=50", {
        headers: { "accept-encoding": packing },
      });
      expect(bytes.length).toBeLessThan(3_000);
    }
  });

  it("who asks is packed, for nobody else's words stand in it: neither those of the address nor those of a header", async () => {
    const steered = "steered-from-elsewhere";
    const headers = {
      "accept-encoding": "gzip",
      "x-purpose": steered,
      referer: `https://${steered}/`,
    };
    const own = await world.ask("/v1/session", { headers });
    expect(own.headers.get("content-encoding")).toBe("gzip");
    expect(unpack.gzip(own.bytes).toString("utf8")).not.toContain(steered);
    const asked = await world.ask(`/v1/session?x=${steered}`);
    expect([asked.status, asked.text.includes(steered)]).toEqual([400, false]);
  });

  it("one message and a problem are never packed: another's words stand beside what he must not learn", async () => {
    const { id } = world.exchange.receive({ body: { text: "x".repeat(2_000) } });
    for (const path of [`/v1/messages/${id}`, "/v1/messages/7"]) {
      const { headers } = await world.ask(path, { headers: { "accept-encoding": "br, gzip" } });
      expect(headers.has("content-encoding")).toBe(false);
    }
    const packed = routes.filter((route) => route.packed === true);
    expect(packed.filter((route) => route.reads !== undefined || route.method !== "GET")).toEqual(
      [],
    );
  });
});

describe("/docs", () => {
  it("is pages without script, image or anything from elsewhere, one a chapter, every route in them", async () => {
    const index = await world.ask("/docs", open);
    const chapters = [...index.text.matchAll(/href="\/docs\/([a-z-]+)"/g)].map(
      ([, name = ""]) => name,
    );
    let text = "";
    for (const chapter of chapters) {
      const page = await world.ask(`/docs/${chapter}`, open);
      expect([chapter, page.status]).toEqual([chapter, 200]);
      expect(page.headers.get("content-security-policy")).toBe(
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      text += page.text;
    }
    for (const { method, path } of routes) expect(text).toContain(`<code>${method} ${path}</code>`);
    expect(text).not.toMatch(
      /<(?:script|img|iframe|form|object)|<[^>]*\s(?:style|on[a-z]+)=|(?:href|src)="(?!\/)/i,
    );
    expect((await world.ask("/docs/style.css", open)).headers.get("content-type")).toContain(
      "text/css",
    );
    expect((await world.ask("/docs/nothing", open)).json["code"]).toBe("NOT_FOUND");
  });

  it.each(languages)("has its headings in %s", async (lang) => {
    const page = await world.ask("/docs", {
      headers: { authorization: "", "accept-language": `${lang}-XX, en;q=0.1` },
    });
    expect(page.text).toContain(escapeHtml(docsWords[lang].title));
    expect(page.text).toContain(`<html lang="${lang}" dir="${lang === "ar" ? "rtl" : "ltr"}">`);
    expect(page.headers.get("content-language")).toBe(lang);
  });

  it("every code has its page, and its answer for programs", async () => {
    for (const code of Object.keys(faults)) {
      const page = await world.ask(`/faults/${code}`, {
        headers: { authorization: "", accept: "text/html" },
      });
      expect(page.headers.get("content-type")).toContain("text/html");
      expect(page.text).toContain(code);
    }
    const french = await world.ask("/faults/NOT_FOUND", {
      headers: { authorization: "", "accept-language": "fr" },
    });
    const english = await world.ask("/faults/NOT_FOUND", open);
    expect(french.json["title"]).not.toBe(english.json["title"]);
  });
});
