import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import type { LookupDesk, LookupMatch, LookupSubject } from "../lookups/index.ts";
import { parseUuid } from "../../schemas/ground/index.ts";

let world: CliWorld;
let asked: LookupSubject[];
let found: readonly LookupMatch[];

/** A message of the exchange, as the store would show it to the desk. */
function matchOf(id: string): LookupMatch {
  const stored = { id: parseUuid(id), originator: "ng/tcu" } as LookupMatch["stored"];
  return { stored, basis: "PLATE", corrections: [] };
}

const desk: LookupDesk = {
  agency: "gh/tcu",
  age: () => ({ dataAsOf: Date.UTC(2026, 2, 5, 14, 5), ageMs: 96 * 3_600_000, isOld: true }),
  find: (subject) => {
    asked.push(subject);
    return found;
  },
  tell: () => ({ recordKind: "STOLEN_VEHICLE", onFinding: "SEIZE" }),
  stop: () => undefined,
};

beforeEach(() => {
  [asked, found] = [[], []];
  world = makeCliWorld(["gh/tcu"], makeCoastDirectory(["ecowas"]), () => ({ lookups: desk }));
});

const run = (line: string): ReturnType<CliWorld["run"]> => world.run(...line.split(" "));

function receive(): string {
  const { id } = world.exchanges.get("gh/tcu")!.receive({ originator: "ng/tcu" });
  found = [matchOf(id)];
  return id;
}

describe("atumpan lookup", () => {
  it("tells a hit as a lead, who confirms it, and how old the copy is", async () => {
    const id = receive();
    const { code, out } = await run("lookup vehicle EXA-552-LA --country NG");
    expect(code).toBe(0);
    expect(out).toContain(`HIT  STOLEN_VEHICLE  by PLATE  of ng/tcu`);
    expect(out).toContain(id);
    expect(out).toContain("a lead only: ng/tcu confirms before anybody acts");
    expect(out).toContain("By what was here at 2026-03-05 14:05 UTC, 96 hours ago.  OLD");
    expect(asked).toEqual([{ kind: "VEHICLE", identifier: "EXA-552-LA", issuerCountry: "NG" }]);
  });

  it("says when there is no hit, and how old that knowledge is", async () => {
    const { code, out } = await run("lookup document A0123456 --type PASSPORT");
    expect([code, out.split("\n")[0]]).toEqual([0, "No hit."]);
    expect(out).toContain("96 hours ago");
  });

  it("a person is asked about by name and birth, as far as it is known", async () => {
    await world.run("lookup", "person", "Mussa Traoré Exemplo", "--born", "1979-02");
    expect(asked).toEqual([{ kind: "PERSON", name: "Mussa Traoré Exemplo", birth: { year: 1979, month: 2 } }]);
  }); // prettier-ignore

  it("puts the begun notice to the owner into a file, and never overwrites by guessing", async () => {
    receive();
    expect((await run("lookup vehicle EXA552LA --draft hit.json")).code).toBe(0);
    const draft: unknown = JSON.parse(readFileSync(join(world.dir, "hit.json"), "utf8"));
    expect(draft).toMatchObject({ type: "hit.notice", recipients: ["ng/tcu"], body: { matchBasis: ["PLATE"], vehicle: { plate: "EXA552LA" } } });
    found = [...found, ...found];
    expect((await run("lookup vehicle EXA552LA --draft two.json")).code).toBe(2);
  }); // prettier-ignore

  it.each([
    ["a kind that is none", "lookup pet A1"],
    ["a person without birth", "lookup person Mussa"],
    ["a birth that is none", "lookup person Mussa --born yesterday"],
  ])("%s is refused, and nothing is asked", async (...[, line]) => {
    const { code, out } = await run(line);
    expect([code, out, asked]).toEqual([2, "", []]);
  });
});
