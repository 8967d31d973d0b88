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
import { decide, type RegisteredAgency, type RegisterView } from "../../certs/trust/index.ts";
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

/** A register view of these lines alone; filters need no certificates. */
function makeView(
  kinds: Readonly<Record<string, string>>,
  mandates: readonly Mandate[],
  release: Readonly<Record<string, readonly ReleaseRule[]>>,
): RegisterView {
  const agencies = Object.entries(kinds).map(([agency, kind]): RegisteredAgency => ({
    agency,
    kind,
    authority: agency.split("/")[0] ?? "",
    languages: [],
    certificates: [],
  }));
  const empty = { roots: [], intermediates: [], crls: [] };
  return {
    epoch: 1,
    key: "1",
    expiresAt: now + 1,
    digest: new Uint8Array(32),
    numbers: new Map(),
    recs: [rec],
    hubs: [],
    mailboxKeys: [
      { key: Buffer.alloc(32, 1), from: 0, until: now - hubLimits.directRetentionMs },
      { key: Buffer.alloc(32, 2), from: 0, until: now - 1 },
      { key: Buffer.alloc(32, 3), from: 0 },
    ],
    algorithms: [],
    agencies,
    agency: (name) => agencies.find(({ agency }) => agency === name),
    authority: (authority) => ({ authority, ...empty, release: release[authority] ?? [] }),
    mandates: (agency, action, scope) =>
      mandates.filter(
        (one) => one.agency === agency && one.action === action && one.scope === scope,
      ),
    membership: () => "member",
  };
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
const agencies = Object.keys(kinds);
const crimes = fc.oneof(
  fc.constant(["*"]),
  fc.subarray(["drugs", "arms", "tip"], { minLength: 1 }),
);
const types = fc.oneof(
  fc.constant(["*"]),
  fc.subarray(["alert.*", "bulletin.red_flag", "maritime.incident"], { minLength: 1 }),
);
const handling = fc.constantFrom("H0", "H1", "H2", "H3");
const mandateOf: fc.Arbitrary<Mandate> = fc.record({
  agency: fc.constantFrom(...agencies),
  action: fc.constantFrom("PUBLISH", "READ"),
  scope: fc.constant(rec),
  types,
  crimes,
  handlingUpTo: handling,
  from: fc.constantFrom(0, now + 1),
});
const ruleOf: fc.Arbitrary<ReleaseRule> = fc.record({
  effect: fc.constantFrom("ALLOW", "DENY"),
  originators: fc.subarray(agencies, { maxLength: 1 }),
  authorities: fc.constant([]),
  kinds: fc.subarray(["TCU", "FIU"], { maxLength: 1 }),
  agencies: fc.constant([]),
  askedAssurances: fc.constant([]),
  types: fc.subarray(["alert.*", "bulletin.red_flag"], { maxLength: 1 }),
  crimes: fc.subarray(["drugs", "arms"], { maxLength: 1 }),
  handlingUpTo: fc.option(handling, { nil: undefined }),
  from: fc.constant(0),
});
const viewOf = fc
  .tuple(
    fc.array(mandateOf, { maxLength: 12 }),
    fc.dictionary(fc.constantFrom("ng", "gh", "sn"), fc.array(ruleOf, { maxLength: 4 })),
  )
  .map(([mandates, release]) => makeView(kinds, mandates, release));

describe("feedFilters", () => {
  it("match exactly what the one decision function lets a reader read, and none overlaps another", () => {
    fc.assert(
      fc.property(viewOf, fc.constantFrom(...agencies), (view, agency) => {
        const stored = makeStoredCells();
        // Stored under an earlier register, by one who may publish nothing now.
        stored.note(`${rec}.cyber.h1.alert.incident`, "ml/gone");
        const universe = feedUniverse(view, rec, stored.of(rec));
        const filters = feedFilters(view, { agency, grid: makeFeedGrid(rec, universe) }, now);
        for (const { crime, handling: code, type, originator } of universe) {
          const channel = renderFeedChannel({ rec, crime, handling: code, type });
          const subject = storedSubject(channel, originator, "id");
          const question = { agency, originator, scope: rec, type, crime, handling: code };
          const { allow } = decide(view, { action: "READ", ...question }, now);
          expect(filters.filter((filter) => matches(filter, subject)).length).toBe(allow ? 1 : 0);
        }
        for (const [i, filter] of filters.entries()) {
          expect(filters.slice(i + 1).filter((other) => overlap(filter, other))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("who reads everything of everyone else has one filter an originator, or fewer", () => {
    const all = { types: ["*"], crimes: ["*"], handlingUpTo: "H3", from: 0, scope: rec };
    const any = {
      originators: [],
      authorities: [],
      kinds: [],
      agencies: [],
      types: [],
      crimes: [],
      askedAssurances: [],
      from: 0,
    };
    const view = makeView(
      kinds,
      [
        { ...all, agency: "ng/tcu", action: "PUBLISH" },
        { ...all, agency: "gh/tcu", action: "PUBLISH" },
        { ...all, agency: "sn/tcu", action: "READ" },
        { ...all, agency: "ng/tcu", action: "READ" },
      ],
      { ng: [{ effect: "ALLOW", ...any }], gh: [{ effect: "ALLOW", ...any }] },
    );
    const grid = makeFeedGrid(rec, feedUniverse(view, rec, []));
    const crimeCount = codeList("CRIME")?.codes.length ?? 0;
    expect(grid.universe.length).toBe(
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

  it("a sender who is gone from the register is read by nobody, wildcards or not", () => {
    const all = { types: ["*"], crimes: ["*"], handlingUpTo: "H3", from: 0, scope: rec };
    const any = {
      originators: [],
      authorities: [],
      kinds: [],
      agencies: [],
      types: [],
      crimes: [],
      askedAssurances: [],
      from: 0,
    };
    const view = makeView(
      kinds,
      [
        { ...all, agency: "ng/tcu", action: "PUBLISH" },
        { ...all, agency: "sn/tcu", action: "READ" },
      ],
      { ng: [{ effect: "ALLOW", ...any }] },
    );
    const stored = makeStoredCells();
    stored.note(`${rec}.drugs.h0.alert.incident`, "ml/gone");
    const grid = makeFeedGrid(rec, feedUniverse(view, rec, stored.of(rec)));
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
