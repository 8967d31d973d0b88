import { beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import type { Matter, WorkDesk } from "../work/index.ts";

let world: CliWorld;
let opening: string;
let missing: readonly string[];

let isEscalated: boolean;
const late = {
  closing: "RESULT",
  of: "ng/tcu",
  by: "2026-03-05T14:05:00Z",
  isOverdue: true,
  isBarred: true,
};

function matter(): Matter {
  return {
    workflow: "REQUEST",
    state: "ACKNOWLEDGED",
    opening,
    opener: "gh/tcu",
    other: "ng/tcu",
    isEnded: false,
    waitingOn: ["COURT"],
    next: [
      { agency: "ng/tcu", type: "reply.final" },
      { agency: "gh/tcu", type: "request.withdraw" },
    ],
    barred: [
      { agency: "ng/tcu", type: "outcome.judicial", reasons: ["NO_MANDATE", "NOT_NOMINATED"] },
      { agency: "ng/tcu", type: "mla.status", reasons: ["NO_MANDATE", "NOT_NOMINATED"] },
    ],
    awaited: [late],
    leads: [{ message: opening, agency: "ci/tcu" }],
    messages: [],
    refused: [],
  };
}

const work: WorkDesk = {
  thread: (id) => ({ id, matters: [matter()], missing, beside: [] }),
  catchUp: async () => undefined,
  awaited: ({ overdue }) => {
    const { workflow, state, opener, other } = matter();
    const line = { thread: opening, workflow, state, opening, opener, other, isEscalated };
    const open = {
      ...line,
      closing: "FEEDBACK",
      of: "gh/tcu",
      isOverdue: false,
      isEscalated: false,
      isBarred: false,
    };
    return overdue ? [{ ...line, ...late }] : [{ ...line, ...late }, open];
  },
  breaches: () => [],
};

beforeEach(() => {
  world = makeCliWorld(["gh/tcu"], makeCoastDirectory(["ecowas"]), () => ({ work }));
  opening = world.exchanges.get("gh/tcu")!.receive({ originator: "gh/tcu" }).id;
  missing = [];
  isEscalated = false;
});

const run = (line: string): ReturnType<CliWorld["run"]> => world.run(...line.split(" "));

describe("atumpan thread show", () => {
  it("tells the state and what is awaited by name in the reader's language, and the API in what is accepted", async () => {
    const { out } = await run(`thread show ${opening} --lang fr`);
    expect(out).toContain("accusé de réception donné");
    expect(out).toContain("ng/tcu: résultat, ");
    expect((await run("awaited --lang es")).out).toContain("resultado");
  });

  it("tells the state, what is late of whom, whom it waits for, and who may say what next", async () => {
    const { code, out } = await run(`thread show ${opening}`);
    expect(code).toBe(0);
    expect(out).toContain("REQUEST  ACKNOWLEDGED  gh/tcu → ng/tcu");
    expect(out).toContain("awaited of ng/tcu: RESULT, 2026-03-05 14:05 UTC  LATE  NO MANDATE");
    expect(out).toContain(
      "ng/tcu may not by the register (NO_MANDATE, NOT_NOMINATED): outcome.judicial, mla.status",
    );
    expect(out).toContain("waits for another authority: COURT");
    expect(out).toContain("ng/tcu may send reply.final");
    expect(out).toContain(`tell ci/tcu what came of ${opening}`);
    expect(out).not.toContain("are not here");
  });

  it("says when a message that somebody followed is not here", async () => {
    missing = ["ab".repeat(32)];
    expect((await run(`thread show ${opening}`)).out).toContain("1 messages that others followed are not here.");
  });

  it("a thread whose opening the caller may not see is not there", async () => {
    opening = "01a1f7f9-1a60-71ee-8ffe-64ffed560e87";
    expect(await run(`thread show ${opening}`)).toMatchObject({ out: "", err: expect.stringContaining("NOT_FOUND") as string });
  });
}); // prettier-ignore

describe("atumpan awaited", () => {
  it("lists what is awaited of whom; with --overdue what is late; with --of what is awaited of one", async () => {
    const all = await run("awaited");
    expect(all.out.split("\n").filter((line) => line.includes("REQUEST"))).toHaveLength(2);
    const overdue = await run("awaited --overdue");
    expect(overdue.out).toContain("LATE");
    expect(overdue.out).not.toContain("FEEDBACK");
    expect((await run("awaited --of gh/tcu")).out).not.toContain("RESULT");
    // a name that is none would be told that nothing is awaited
    expect(await run("awaited --of nonsense")).toMatchObject({ code: 2, out: "" });
    expect((await run("awaited --of sn/tcu")).out).toContain("Nothing is awaited.");
  });

  it("marks what is overdue twice, and no other", async () => {
    expect((await run("awaited")).out).not.toContain("LATE TWICE");
    isEscalated = true;
    expect((await run("awaited")).out.match(/LATE TWICE/g)).toHaveLength(1);
  });

  it("is told to programs as it came", async () => {
    const { out } = await run("awaited --overdue --json");
    expect(JSON.parse(out)).toMatchObject({ items: [{ thread: opening, of: "ng/tcu", isOverdue: true }] });
  });
}); // prettier-ignore
