import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleOf } from "../../schemas/examples/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import type { MlaDesk, MlaWish } from "../drafts/index.ts";
import type { WorkDesk } from "../work/index.ts";

let world: CliWorld;
let opening: string;
let wishes: MlaWish[];
let given: unknown[];

const { originator: _originator, ...request } = exampleOf("mla.request");
const missing = [{ path: "/body/assistance", code: "SCHEMA_FIELD_MISSING", message: "assistance is missing" }] as const; // prettier-ignore

const mla: MlaDesk = {
  agency: "gh/tcu",
  draft: (messages, wish) => {
    wishes.push(wish);
    const leftOut = [{ message: opening, type: "reply.final", owner: "ng/tcu", use: "COURT_USE", askWith: "dissemination.consent_request" }]; // prettier-ignore
    const { type, crimes, handling } = request;
    const message = { type, crimes, handling, recipients: ["tg/central"], inner: {}, body: {} };
    return { message, missing, used: messages.map(({ id }) => id), leftOut };
  },
  give: async ({ message }) => {
    given.push(message);
    const { body } = message as { body: { assistance?: unknown } };
    if (body.assistance === undefined) throw new Fault("SCHEMA_INVALID", "assistance is missing");
    return await Promise.resolve();
  },
};

function workOf(): WorkDesk {
  const nothing: WorkDesk = {
    thread: (id) => ({ id, matters: [], missing: [], beside: [opening] }),
    catchUp: async () => undefined,
    awaited: () => [],
    breaches: () => [],
  };
  return nothing;
}

beforeEach(() => {
  [wishes, given] = [[], []];
  world = makeCliWorld(["gh/tcu"], makeCoastDirectory(["ecowas"]), () => ({ mla, work: workOf() }));
  opening = world.exchanges.get("gh/tcu")!.receive({ originator: "ng/tcu", body: {} }).id;
});

function save(message: unknown): string {
  writeFileSync(join(world.dir, "request.json"), JSON.stringify(message));
  return "request.json";
}

describe("atumpan mla", () => {
  it("draft prints a request to go on with, says what it lacks, what was left out and whom to ask", async () => {
    const { code, out, err } = await world.run("mla", "draft", opening, "--country", "NG");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ type: "mla.request" });
    expect(err).toContain("Missing: /body/assistance");
    expect(err).toContain(`Left out: reply.final ${opening} of ng/tcu (COURT_USE). Ask ng/tcu with dissemination.consent_request.`);
    expect(wishes[0]?.sides).toEqual({ requesting: { country: "GH" }, requested: { country: "NG" } });
  });

  it("draft is refused where it is said to go to no country", async () => {
    const { code, err } = await world.run("mla", "draft", opening, "--country", "Nigeria");
    expect([code === 0, wishes]).toEqual([false, []]);
    expect(err).toContain("country=");
  });

  it("document is in the language of the command; an incomplete request is none", async () => {
    const whole = await world.run("mla", "document", save(request), "--lang", "fr");
    expect(whole.code).toBe(0);
    expect(whole.out).toContain("entraide");
    const html = await world.run("mla", "document", save({ message: request, leftOut: [] }), "--form", "html", "--lang", "ar");
    expect(html.out).toContain('dir="rtl"');
    const part = await world.run("mla", "document", save({ ...request, body: {} }));
    expect(part.code).not.toBe(0);
    expect([part.out, given.length]).toEqual(["", 3]);
  });
}); // prettier-ignore
