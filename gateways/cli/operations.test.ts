import { beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { OperationDesk } from "../operations/index.ts";
import type { ShownTable, StatisticsDesk } from "../statistics/index.ts";

const id = "01a1c3b0-7700-7e08-a2c4-55d1e8f9b023";
const from = "2026-03-01T00:00:00Z";
const until = "2026-03-20T00:00:00Z";

let world: CliWorld;
let opening: string;
let asked: object;

function line(): ReturnType<OperationDesk["list"]>[number] {
  return {
    id, opening, name: "Operation Harmattan", kind: "AIRPORTS", standing: "OPEN", opener: "cv/tcu", from, until,
    archivedAt: until, own: "TAKING_PART", members: 2, messages: 1,
  };
} // prettier-ignore

const operations: OperationDesk = {
  list: () => [line()],
  show: (wanted) => {
    if (wanted !== id) throw new Fault("NOT_FOUND", "no operation of this number was opened here");
    return {
      ...line(), commodities: [], measures: ["SEIZURES"], dataAtEnd: "DESTROY", dataKeeper: undefined,
      memberList: [{ agency: "cv/tcu", role: "COORDINATOR", standing: "TAKING_PART", since: from }],
      inside: [{ id: opening, type: "target.warning", agency: "gh/tcu", at: from }],
      outside: [{ id: opening, type: "target.warning", agency: "tg/pcu", reason: "AFTER" }],
      alsoOpenedBy: [],
    };
  },
  targets: () => ({ opening, items: [{ measure: "SEIZURES", goal: { measure: "SEIZURES", number: 20 }, number: 7, byMember: [{ agency: "gh/tcu", number: 7 }], messages: 7 }] }),
  statistics: () => ({ opening, smallest: 11, tables: [] }),
}; // prettier-ignore

const table: ShownTable = {
  type: "tip.statistics", period: "2026-Q1", from, until, madeAt: until, state: "DRAFT", draft: "d-1", smallestCell: 11, messages: 30,
  cells: [{ indicator: "VICTIMS_DETECTED", sex: "F", count: 26, treatment: "EXACT", messages: 33 }, { indicator: "VICTIMS_DETECTED", sex: "M", treatment: "SUPPRESSED" }],
}; // prettier-ignore

const exchange: ShownTable = {
  ...table, type: "statistics.exchange",
  cells: [{ indicator: "DEADLINES", side: "OWN", closing: "RESULT", standing: "LATE", count: 15, treatment: "ROUNDED" }, { indicator: "REFUSALS", side: "OTHERS", treatment: "SUPPRESSED" }],
}; // prettier-ignore

const statistics: StatisticsDesk = {
  list: (wish) => {
    asked = wish;
    if (wish.type === exchange.type) return [exchange];
    return wish.period === "1999" ? [] : [table];
  },
};

beforeEach(() => {
  world = makeCliWorld(["gh/tcu"], makeCoastDirectory(["ecowas"]), () => ({ operations, statistics })); // prettier-ignore
  opening = world.exchanges.get("gh/tcu")!.receive({ originator: "cv/tcu" }).id;
});

const run = (words: string): ReturnType<CliWorld["run"]> => world.run(...words.split(" "));

describe("atumpan operation", () => {
  it("lists operations and where they stand", async () => {
    const { code, out } = await run("operation list");
    expect(code).toBe(0);
    expect(out).toMatch(/Operation Harmattan +OPEN +2026-03-01 00:00 UTC +2026-03-20 00:00 UTC +TAKING_PART +1/);
  });

  it("shows who is of one, what is not of it, and what was reached of what was aimed at", async () => {
    const { out } = await run(`operation show ${id}`);
    expect(out).toContain("cv/tcu  COORDINATOR  TAKING_PART");
    expect(out).toContain(`not of it: ${opening} of tg/pcu (AFTER)`);
    expect(out).toMatch(/SEIZURES +7 +20 +- +gh\/tcu 7/);
  });

  it("one that is not there, or whose opening the caller may not see, is not there", async () => {
    const refused = { out: "", err: expect.stringContaining("NOT_FOUND") as string };
    expect(await run("operation show 01a1c3b0-7700-7e08-a2c4-55d1e8f9b024")).toMatchObject(refused);
    opening = "01a1f7f9-1a60-71ee-8ffe-64ffed560e87";
    expect(await run(`operation show ${id}`)).toMatchObject(refused);
    expect((await run("operation list")).out).toContain("No operation was opened here.");
  });
}); // prettier-ignore

describe("atumpan statistics show", () => {
  it("shows each figure with how many messages it was counted from, and says what is withheld", async () => {
    const { code, out } = await run("statistics show --type tip.statistics --period 2026-Q1");
    expect(code).toBe(0);
    expect(asked).toEqual({ type: "tip.statistics", period: "2026-Q1" });
    expect(out).toContain("tip.statistics  2026-Q1  DRAFT  draft d-1");
    expect(out).toMatch(/VICTIMS_DETECTED +F +26 +33/);
    expect(out).toMatch(/VICTIMS_DETECTED +M +withheld +-/);
  });

  it("shows figures of the exchange as what they are: about so many, whose and of what", async () => {
    const { code, out } = await run("statistics show --type statistics.exchange");
    expect(code).toBe(0);
    expect(out).toContain("figures below 11 are withheld");
    expect(out).toMatch(/DEADLINES +OWN RESULT LATE +about 15/);
    expect(out).toMatch(/REFUSALS +OTHERS +withheld/);
  });

  it("says when nothing was counted, and refuses a time or a type that is none", async () => {
    expect((await run("statistics show --period 1999")).out).toContain("No figures were counted yet");
    expect((await run("statistics show --period yesterday")).err).toContain("REQUEST_INVALID");
    expect((await run("statistics show --type alert.incident")).code).not.toBe(0);
  });
}); // prettier-ignore
