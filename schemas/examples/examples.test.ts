import { readdirSync } from "node:fs";

import { describe, expect, it } from "vitest";

import {
  bodyMessageName,
  checkHeaders,
  checkWhole,
  messageTypes,
  parseBody,
  parseInnerHeader,
  parseJsonText,
  renderJson,
  typeOptions,
} from "../body/index.ts";
import { exampleInstant, exampleOf, shiftInstants } from "./index.ts";

const dayMs = 86_400_000;

describe("examples", () => {
  it("every type has one, and nothing else does", () => {
    const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".json"));
    expect(files.map((file) => file.replace(".json", "")).toSorted()).toEqual(
      [...messageTypes].toSorted(),
    );
  });

  it.each(messageTypes)("%s passes every check there is", (type) => {
    const { inner, body, handling, urgency, originator, recipients = [] } = exampleOf(type);
    const options = typeOptions(type)!;
    const parsed = parseBody(type, body);
    const header = {
      type,
      handling,
      urgency: urgency ?? options.urgency,
      inner: parseInnerHeader({ ...inner, recipients }),
    };
    checkHeaders(header);
    checkWhole({
      ...header,
      body: parsed,
      originator,
      scope: options.scope,
      createdAt: exampleInstant,
      expiresAt: exampleInstant + options.retentionDays * dayMs,
    });
  });

  it.each(messageTypes)("%s comes back from its in-memory form as it was written", (type) => {
    const { body } = exampleOf(type);
    const again = renderJson(bodyMessageName(type), parseBody(type, body));
    expect(parseBody(type, again)).toEqual(parseBody(type, body));
    expect(parseJsonText(JSON.stringify(again), 100_000)).toEqual(again);
  });

  it("moves moments and leaves everything else", () => {
    const json = {
      at: "2026-11-21T12:00:00.000Z",
      list: [{ text: "2026", n: 1 }],
      until: "2026-11-22T00:00:00+01:00",
    };
    expect(shiftInstants(json, dayMs)).toEqual({
      at: "2026-11-22T12:00:00.000Z",
      list: [{ text: "2026", n: 1 }],
      until: "2026-11-22T23:00:00.000Z",
    });
  });
});
