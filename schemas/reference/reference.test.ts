import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

import { type MessageType, messageTypes, typeOptions } from "../body/index.ts";
import { languages } from "../codes/index.ts";
import { renderAsyncApi } from "./asyncapi.ts";
import { renderCodesPage, renderIndexPage } from "./index-page.ts";
import { renderPage } from "./page.ts";

function readPage(file: string): string {
  return readFileSync(join(import.meta.dirname, file), "utf8");
}

describe("reference pages", () => {
  it.each(messageTypes)(
    "%s: fields, rules and golden renderings in six languages are current",
    (type) => {
      expect(renderPage(type)).toBe(readPage(`pages/${type}.md`));
    },
  );

  it("there are at least 60 golden messages in each of six languages, one of every type", () => {
    expect(messageTypes.length).toBeGreaterThanOrEqual(60);
    for (const type of messageTypes) {
      const page = readPage(`pages/${type}.md`);
      const renderings = languages.map((lang) => page.split(`### ${lang}\n\n\`\`\`text\n`)[1]);
      expect([type, new Set(renderings).size, renderings.includes(undefined)]).toEqual([
        type,
        languages.length,
        false,
      ]);
    }
  });

  it("the index names every type, the codes page every list", () => {
    expect(renderIndexPage()).toBe(readPage("index.md"));
    expect(renderCodesPage()).toBe(readPage("codes.md"));
  });
});

describe("the AsyncAPI document", () => {
  const document: {
    channels: Record<string, { address: string; parameters?: Record<string, unknown> }>;
    operations: Record<string, { channel: { $ref: string } }>;
  } = JSON.parse(renderAsyncApi());

  it("is current, and valid by the schema that the AsyncAPI initiative publishes for 3.0.0", () => {
    expect(renderAsyncApi()).toBe(readPage("asyncapi.json"));
    const require = createRequire(import.meta.url);
    const schema: object = require("@asyncapi/specs/schemas/3.0.0-without-$id.json");
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    const isValid = ajv.compile(schema);
    expect([isValid(document), isValid.errors]).toEqual([true, null]);
    expect(isValid({ ...document, asyncapi: "2.6.0" })).toBe(false);
  });

  it("has one channel for each feed type, and no operation without its channel", () => {
    const feeds = messageTypes.filter((type: MessageType) => typeOptions(type)?.scope === "FEED");
    const addresses = Object.values(document.channels).map(({ address }) => address);
    for (const type of feeds) {
      expect(addresses).toContain(`out.msg.{rec}.{crime}.{handling}.${type}`);
    }
    for (const { channel } of Object.values(document.operations)) {
      expect(document.channels).toHaveProperty([channel.$ref.replace("#/channels/", "")]);
    }
  });

  it("every parameter of an address is described, and none beside", () => {
    for (const { address, parameters = {} } of Object.values(document.channels)) {
      const named = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(parameters)).toEqual(named);
    }
  });
});
