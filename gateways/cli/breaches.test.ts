import { beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { languages, parseBody } from "../../schemas/index.ts";
import type { DirectoryDesk } from "../directory/index.ts";
import type { ShownBreach, WorkDesk } from "../work/index.ts";

let world: CliWorld;
let all: readonly ShownBreach[];
let asked: unknown[];
let contacts: DirectoryDesk["contactPoint"];

const work: WorkDesk = {
  thread: (id) => ({ id, matters: [], missing: [], beside: [] }),
  catchUp: async () => undefined,
  awaited: () => [],
  breaches: (wish) => {
    asked.push(wish);
    return all;
  },
};

const none: DirectoryDesk["contactPoint"] = (agency) => {
  return { country: agency.slice(0, 2).toUpperCase(), function: "POLICE_SPOC", entries: [] };
};

/** What NG itself published of its contact point, with these flags. */
function known(flags: ReturnType<DirectoryDesk["find"]>[number]["flags"]): typeof none {
  const body = { ...parseBody("directory.authority", exampleOf("directory.authority").body), country: "NG" };
  const held = { id: "entry-7", box: "in", originator: "ng/ncb", audience: [], crimes: ["drugs"], handling: "H0", at: 1, body } as const;
  return (agency, crimes) => ({ ...none(agency, crimes), entries: agency === "ng/tcu" ? [{ held, verifiedAt: 1, isSignedByState: true, flags }] : [] });
} // prettier-ignore

const directory: DirectoryDesk = {
  find: () => [],
  contactPoint: (agency, crimes) => contacts(agency, crimes),
  counts: () => new Map(),
  isOnDuty: () => undefined,
  ping: () => ({}),
  tend: () => Promise.resolve(),
  stop: () => undefined,
};

beforeEach(() => {
  asked = [];
  contacts = none;
  world = makeCliWorld(["gh/tcu"], makeCoastDirectory(["ecowas"]), () => ({ work, directory }));
  const opening = world.exchanges.get("gh/tcu")!.receive({ originator: "gh/tcu" }).id;
  const line = {
    thread: opening,
    opening,
    opener: "gh/tcu",
    other: "ng/tcu",
    workflow: "REQUEST",
    closing: "RESULT",
    of: "ng/tcu",
    by: "2026-03-05T14:05:00Z",
    isOpen: true,
    stands: true,
  };
  const at = "2026-03-07T10:00:00Z";
  all = [
    line,
    { ...line, escalatedAt: at },
    { ...line, isOpen: false, endedAt: at },
    { ...line, stands: false },
  ];
});

const run = (line: string): ReturnType<CliWorld["run"]> => world.run(...line.split(" "));

describe("atumpan breaches", () => {
  it("lists deadlines that passed: of whom, by when, and when it came after all", async () => {
    const { code, out } = await run("breaches");
    const [heads = "", ...lines] = out.trimEnd().split("\n");
    expect([code, heads]).toEqual([
      0,
      expect.stringMatching(/^THREAD +AWAITED +OF +BY +MATTER +CAME$/),
    ]);
    expect(lines.slice(0, 4).map((one) => /RESULT {3}ng\/tcu {2}2026-03-05 14:05 UTC {2}REQUEST {2}(.*)$/.exec(one)?.[1])).toEqual([
      "still awaited", "still awaited, late twice", "2026-03-07 10:00 UTC", "had been sent in time",
    ]);
  }); // prettier-ignore

  it("says whom to call on both sides of what is late twice, and where nobody is known", async () => {
    const { out } = await run("breaches");
    expect(out.match(/is late twice/g)).toHaveLength(1);
    expect(out).toContain("other side, ng/tcu: of NG no contact point is known here");
    contacts = known(["STALE"]);
    const told = (await run("breaches")).out;
    expect(told).toMatch(/other side, ng\/tcu: NG, single point of contact for police cooperation: [^]*CARE {2}nobody verified it within twelve months \(STALE\)[^]*our side, gh\/tcu: of GH no contact point is known/);
    expect(told).toContain("published by ng/ncb; entry entry-7");
    all = all.filter(({ escalatedAt }) => escalatedAt === undefined);
    expect((await run("breaches")).out).not.toContain("late twice");
  }); // prettier-ignore

  it("asks for those that are open, or of one agency; a name that is none is refused before", async () => {
    await run("breaches --open --of ng/tcu");
    expect(asked).toEqual([{ open: true, of: "ng/tcu" }]);
    expect(await run("breaches --of nonsense")).toMatchObject({ code: 2, out: "" });
    expect(asked).toHaveLength(1);
  });

  it("speaks six languages, and to programs one", async () => {
    const told = await Promise.all(
      languages.map(async (lang) => (await run(`breaches --lang ${lang}`)).out),
    );
    expect(told.map((one) => /contact\.|\{[a-z]+\}|other side,/.test(one))).toEqual(
      languages.map((lang) => lang === "en"),
    );
    expect(new Set(told).size).toBe(languages.length);
    const lines = (await run("breaches --json=lines")).out.trimEnd().split("\n");
    expect(lines.map((one) => (JSON.parse(one) as ShownBreach).isOpen)).toEqual([
      true,
      true,
      false,
      true,
    ]);
    all = [];
    expect((await run("breaches")).out).toBe("No deadline passed.\n");
  });
});
