import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  codeList,
  type Mandate,
  messageTypes,
  typeOptions,
  type ReleaseRule,
  renderFeedChannel,
  storedSubject,
} from "../../schemas/index.ts";
import { decide, type RegisterView } from "../../certs/trust/index.ts";
import {
  type BareRegister,
  drawQuestion,
  drawRegister,
  nominateAll,
  openRule,
  silentState,
  viewOf,
} from "../../test/kit/register-draw.ts";
import { feedUniverse, makeStoredCells } from "./feed-grid.ts";
import {
  directFilters,
  feedFilters,
  mailboxOwners,
  makeFeedGrid,
  receiptFilters,
} from "./filters.ts";
import { hubLimits } from "./limits.ts";

const now = 1_780_272_000_000;
const rec = "ecowas";

/** A register of these lines alone, in which every agency is nominated for what it is granted. */
function makeView(
  kinds: Readonly<Record<string, string>>,
  mandates: readonly Mandate[],
  release: Readonly<Record<string, readonly ReleaseRule[]>>,
): RegisterView {
  const names = [...new Set(Object.keys(kinds).map((agency) => agency.split("/")[0] ?? ""))];
  const view = viewOf(
    nominateAll({
      recs: [rec],
      memberships: names.map((authority) => ({ rec, authority, from: 0 })),
      mandates,
      states: Object.fromEntries(
        names.map((authority) => [
          authority,
          {
            ...silentState,
            agencies: Object.entries(kinds)
              .filter(([agency]) => agency.startsWith(`${authority}/`))
              .map(([agency, kind]) => ({ agency, kind })),
            release: release[authority] ?? [],
          },
        ]),
      ),
    }),
  );
  const mailboxKeys = [
    { key: Buffer.alloc(32, 1), from: 0, until: now - hubLimits.directRetentionMs },
    { key: Buffer.alloc(32, 2), from: 0, until: now - 1 },
    { key: Buffer.alloc(32, 3), from: 0 },
  ];
  return { ...view, mailboxKeys };
}

function matches(filter: string, subject: string): boolean {
  const tokens = subject.split(".");
  const pattern = filter.split(".");
  return (
    pattern.length === tokens.length && pattern.every((one, i) => one === "*" || one === tokens[i])
  );
}

function overlap(a: string, b: string): boolean {
  const other = b.split(".");
  return a.split(".").every((one, i) => one === "*" || other[i] === "*" || one === other[i]);
}

const kinds = {
  "ng/tcu": "TCU",
  "ng/moc": "MOC",
  "gh/tcu": "TCU",
  "gh/fiu": "FIU",
  "sn/tcu": "TCU",
};

/** Whether filters say of every cell what the one decision function says, and none overlaps another. */
function expectExact(view: RegisterView, agency: string): number {
  const stored = makeStoredCells();
  // Stored under an earlier register, by one who may publish nothing now.
  stored.note(`${rec}.cyber.h1.alert.incident`, "ml/gone");
  const universe = feedUniverse(view, rec, stored.of(rec));
  const filters = feedFilters(view, { agency, grid: makeFeedGrid(view, rec, universe) }, now);
  let readable = 0;
  for (const { crime, handling: code, type, originator } of universe) {
    const channel = renderFeedChannel({ rec, crime, handling: code, type });
    const subject = storedSubject(channel, originator, "id");
    const question = { agency, originator, scope: rec, type, crime, handling: code };
    const { allow } = decide(view, { action: "READ", ...question }, now);
    readable += allow ? 1 : 0;
    expect(filters.filter((filter) => matches(filter, subject)).length).toBe(allow ? 1 : 0);
  }
  for (const [i, filter] of filters.entries()) {
    expect(filters.slice(i + 1).filter((other) => overlap(filter, other))).toEqual([]);
  }
  return readable;
}

describe("feedFilters", () => {
  it("match exactly what the one decision function lets a reader read, and none overlaps another", () => {
    const expectAll = (register: BareRegister): number => {
      const view = viewOf(register);
      return view.agencies.reduce(
        (readable, { agency }) => readable + expectExact(view, agency),
        0,
      );
    };
    fc.assert(
      fc.property(drawRegister, (register) => void expectAll(register)),
      { numRuns: 25 },
    );
    // among registers drawn by chance may be none in which anybody reads anything; among these there is one
    const always = fc.sample(drawRegister, { seed: 4, numRuns: 3 });
    expect(
      always.reduce((readable, register) => readable + expectAll(register), 0),
    ).toBeGreaterThan(0);
  });

  it("leave nothing out that may come to be published", () => {
    fc.assert(
      fc.property(drawRegister, fc.array(drawQuestion, { minLength: 20 }), (register, asked) => {
        const view = viewOf(register);
        const known = new Set(
          feedUniverse(view, rec, []).map((cell) => Object.values(cell).join()),
        );
        for (const question of asked) {
          const { scope, type = "", crime = "", handling: code, originator } = question;
          if (scope !== rec) continue;
          const own = { ...question, action: "PUBLISH", agency: originator } as const;
          if (!decide(view, own, now).allow) continue;
          expect(known.has([crime, code, type, originator].join())).toBe(true);
        }
      }),
    );
  });

  it("a suspended state's agencies read nothing but what goes on", () => {
    const all = { types: ["*"], crimes: ["drugs"], handlingUpTo: "H3", from: 0, scope: rec };
    const register: BareRegister = nominateAll({
      recs: [rec],
      memberships: [
        { rec, authority: "ng", from: 0 },
        { rec, authority: "gh", from: 0, suspendedFrom: now },
      ],
      mandates: [
        { ...all, agency: "ng/tcu", action: "PUBLISH" },
        { ...all, agency: "gh/tcu", action: "READ" },
      ],
      states: {
        ng: {
          ...silentState,
          agencies: [{ agency: "ng/tcu", kind: "TCU" }],
          release: [openRule()],
        },
        gh: { ...silentState, agencies: [{ agency: "gh/tcu", kind: "TCU" }] },
      },
    });
    const filtersAt = (at: number): readonly string[] => {
      const view = viewOf(register);
      const grid = makeFeedGrid(view, rec, feedUniverse(view, rec, []));
      return feedFilters(view, { agency: "gh/tcu", grid }, at);
    };
    expect(filtersAt(now - 1)).toEqual(["feed.ecowas.*.*.*.*.*.*.*"]);
    const goingOn = ["alert.cancel", "notice.missing", "notice.threat", "tip.victim"];
    expect(filtersAt(now)).toEqual(goingOn.map((type) => `feed.ecowas.drugs.*.${type}.*.*.*`));
    expect(expectExact(viewOf(register), "gh/tcu")).toBe(goingOn.length * 4);
  });

  it("who reads everything of everyone else has one filter an originator, or fewer", () => {
    const all = { types: ["*"], crimes: ["*"], handlingUpTo: "H3", from: 0, scope: rec };
    const view = makeView(
      kinds,
      [
        { ...all, agency: "ng/tcu", action: "PUBLISH" },
        { ...all, agency: "gh/tcu", action: "PUBLISH" },
        { ...all, agency: "sn/tcu", action: "READ" },
        { ...all, agency: "ng/tcu", action: "READ" },
      ],
      { ng: [openRule()], gh: [openRule()] },
    );
    const universe = feedUniverse(view, rec, []);
    const grid = makeFeedGrid(view, rec, universe);
    const crimeCount = codeList("CRIME")?.codes.length ?? 0;
    // no line tells types or crimes apart but by what goes on: so few are decided
    expect(grid.universe.length).toBe(2 * 4 * 2);
    expect(universe.length).toBe(
      crimeCount *
        4 *
        messageTypes.filter((type) => typeOptions(type)?.scope === "FEED").length *
        2,
    );
    expect(feedFilters(view, { agency: "sn/tcu", grid }, now)).toEqual([
      "feed.ecowas.*.*.*.*.*.*.*",
    ]);
    expect(feedFilters(view, { agency: "ng/tcu", grid }, now)).toEqual([
      "feed.ecowas.*.*.*.*.gh.tcu.*",
    ]);
    expect(feedFilters(view, { agency: "gh/fiu", grid }, now)).toEqual([]);
  });

  it("with his own among them match all that he may read and besides nothing but his own, by no more filters", () => {
    const expectOwn = (view: RegisterView, agency: string): void => {
      const universe = feedUniverse(view, rec, []);
      const grid = makeFeedGrid(view, rec, universe);
      const filters = feedFilters(view, { agency, grid, withOwn: true }, now);
      for (const { crime, handling: code, type, originator } of universe) {
        const subject = storedSubject(renderFeedChannel({ rec, crime, handling: code, type }), originator, "id");
        const question = { action: "READ", agency, originator, scope: rec, type, crime, handling: code } as const;
        const { allow } = decide(view, question, now);
        const found = filters.filter((filter) => matches(filter, subject)).length;
        if (originator === agency) expect(found).toBeLessThanOrEqual(1);
        else expect(found).toBe(allow ? 1 : 0);
      }
      expect(filters.length).toBeLessThanOrEqual(feedFilters(view, { agency, grid }, now).length);
    };
    fc.assert(
      fc.property(drawRegister, (register) => {
        const view = viewOf(register);
        for (const { agency } of view.agencies) expectOwn(view, agency);
      }),
      { numRuns: 15 },
    );
    const all = { types: ["*"], crimes: ["*"], handlingUpTo: "H3", from: 0, scope: rec };
    const both = ["ng/tcu", "gh/tcu", "sn/tcu"].flatMap((agency) => ["PUBLISH", "READ"].map((action) => ({ ...all, agency, action })));
    const view = makeView(kinds, both, { ng: [openRule()], gh: [openRule()], sn: [openRule()] });
    const grid = makeFeedGrid(view, rec, feedUniverse(view, rec, []));
    expect(feedFilters(view, { agency: "ng/tcu", grid, withOwn: true }, now)).toEqual(["feed.ecowas.*.*.*.*.*.*.*"]);
    expect(feedFilters(view, { agency: "ng/tcu", grid }, now)).toHaveLength(2);
    expect(feedFilters(view, { agency: "gh/fiu", grid, withOwn: true }, now)).toEqual([]);
  }); // prettier-ignore

  it("a sender who is gone from the register is read by nobody, wildcards or not", () => {
    const all = { types: ["*"], crimes: ["*"], handlingUpTo: "H3", from: 0, scope: rec };
    const view = makeView(
      kinds,
      [
        { ...all, agency: "ng/tcu", action: "PUBLISH" },
        { ...all, agency: "sn/tcu", action: "READ" },
      ],
      { ng: [openRule()] },
    );
    const stored = makeStoredCells();
    stored.note(`${rec}.drugs.h0.alert.incident`, "ml/gone");
    const grid = makeFeedGrid(view, rec, feedUniverse(view, rec, stored.of(rec)));
    expect(feedFilters(view, { agency: "sn/tcu", grid }, now)).toEqual([
      "feed.ecowas.*.*.*.*.ng.tcu.*",
    ]);
  });
});

describe("direct and receipt filters", () => {
  const view = makeView(kinds, [], {});

  it("an agency reads its mailboxes of every key whose messages may still be kept, and no other's", () => {
    const owners = mailboxOwners(view, now);
    const mine = directFilters(owners, "gh/fiu");
    expect(mine).toHaveLength(2);
    expect(mine.every((filter) => /^direct\.[a-z2-7]{26}\.\*\.\*$/.test(filter))).toBe(true);
    expect(directFilters(owners, "ng/tcu").some((filter) => mine.includes(filter))).toBe(false);
  });

  it("an agency reads its own receipts", () => {
    expect(receiptFilters("gh/fiu")).toEqual(["receipt.gh.fiu"]);
  });
});
