import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Mandate, ReleaseRule } from "../../schemas/index.ts";
import { audienceOf } from "./audience.ts";
import { decide, type Question } from "./decide.ts";
import type { RegisteredAgency, RegisterView } from "./register.ts";

const rule: ReleaseRule = {
  effect: "ALLOW",
  originators: [],
  authorities: ["gh", "ecowas"],
  kinds: [],
  agencies: [],
  types: [],
  crimes: [],
  askedAssurances: [],
  from: 0,
};

function agency(
  name: string,
  kind: string,
  more: Partial<RegisteredAgency> = {},
): RegisteredAgency {
  const authority = name.split("/")[0] ?? "";
  return { agency: name, authority, kind, languages: [], certificates: [], ...more };
}

function mandate(holder: string, action: string, more: Partial<Mandate> = {}): Mandate {
  const line = { agency: holder, action, scope: "ecowas", types: ["alert.*"], crimes: ["drugs"] };
  return { ...line, handlingUpTo: "H1", from: 100, until: 200, ...more };
}

interface World {
  readonly agencies?: readonly RegisteredAgency[];
  readonly mandates?: readonly Mandate[];
  readonly release?: readonly ReleaseRule[];
  readonly standing?: "member" | "suspended" | "none";
}

const agencies = [
  agency("ng/tcu", "TCU"),
  agency("ng/moc", "MOC"),
  agency("gh/tcu", "TCU"),
  agency("sn/tcu", "TCU"),
  agency("ecowas/centre", "REGIONAL_CENTRE"),
];
const mandates = [
  mandate("ng/tcu", "PUBLISH"),
  ...["ng/tcu", "ng/moc", "gh/tcu", "sn/tcu", "ecowas/centre"].map((name) => mandate(name, "READ")),
];

function world(changes: World = {}): RegisterView {
  const all = changes.agencies ?? agencies;
  const lines = changes.mandates ?? mandates;
  const release = changes.release ?? [rule];
  return {
    epoch: 1,
    expiresAt: 1000,
    digest: new Uint8Array(32),
    key: "",
    numbers: new Map(),
    recs: ["ecowas"],
    hubs: [],
    mailboxKeys: [],
    algorithms: [],
    agencies: all,
    agency: (name) => all.find((one) => one.agency === name),
    authority: (authority) => ({ authority, roots: [], intermediates: [], crls: [], release }),
    mandates: (name, action, scope) =>
      lines.filter((one) => one.agency === name && one.action === action && one.scope === scope),
    membership: () => changes.standing ?? "member",
  };
}

const publish: Question = {
  action: "PUBLISH",
  agency: "ng/tcu",
  originator: "ng/tcu",
  scope: "ecowas",
  type: "alert.incident",
  crime: "drugs",
  handling: "H1",
};
const read: Question = { ...publish, action: "READ", agency: "gh/tcu" };

function reasonOf(changes: World, question: Question, at = 150): string {
  const decision = decide(world(changes), question, at);
  return decision.allow ? "allowed" : decision.reason;
}

describe("decide", () => {
  it("a mandate allows what it names, from its first moment until just before its last", () => {
    expect(reasonOf({}, publish, 100)).toBe("allowed");
    expect(reasonOf({}, publish, 199)).toBe("allowed");
    expect(reasonOf({}, publish, 99)).toBe("NO_MANDATE");
    expect(reasonOf({}, publish, 200)).toBe("NO_MANDATE");
  });

  it("what no mandate names is denied", () => {
    const others: Partial<Question>[] = [{ type: "bulletin.red_flag" }, { crime: "arms" }, { handling: "H2" }, { scope: "sadc" }]; // prettier-ignore
    for (const other of others) expect(reasonOf({}, { ...publish, ...other })).toBe("NO_MANDATE");
  });

  it("a mandate for every crime is not one for a crime in no list", () => {
    const all = { mandates: [mandate("ng/tcu", "PUBLISH", { crimes: ["*"] })] };
    expect(reasonOf(all, { ...publish, crime: "arms" })).toBe("allowed");
    expect(reasonOf(all, { ...publish, crime: "sorcery" })).toBe("NO_MANDATE");
  });

  it("an unknown agency may nothing", () => {
    expect(reasonOf({}, { ...publish, agency: "tg/tcu" })).toBe("AGENCY_UNKNOWN");
  });

  it("a suspended agency may nothing, from the moment it is suspended", () => {
    const suspended = { agencies: [agency("ng/tcu", "TCU", { suspendedFrom: 150 })] };
    expect(reasonOf(suspended, publish, 150)).toBe("AGENCY_SUSPENDED");
    expect(reasonOf(suspended, publish, 149)).toBe("allowed");
  });

  it("a suspended state neither publishes nor reads", () => {
    expect(reasonOf({ standing: "suspended" }, publish)).toBe("STATE_SUSPENDED");
    expect(reasonOf({ standing: "suspended" }, read)).toBe("STATE_SUSPENDED");
  });

  it("a state outside a community publishes nothing in it, and reads only by a mandate of its own", () => {
    expect(reasonOf({ standing: "none" }, publish)).toBe("STATE_NOT_MEMBER");
    expect(reasonOf({ standing: "none" }, read)).toBe("allowed");
  });

  it("T3: a guest state reads one community's feed by a dated agreement, and is no member by it", () => {
    const guest = {
      standing: "none",
      agencies: [...agencies, agency("mr/tcu", "TCU")],
      mandates: [...mandates, mandate("mr/tcu", "READ", { from: 120, until: 160 })],
      release: [{ ...rule, authorities: ["mr"] }],
    } as const;
    const asGuest = { ...read, agency: "mr/tcu" };
    expect(reasonOf(guest, asGuest, 119)).toBe("NO_MANDATE");
    expect(reasonOf(guest, asGuest, 120)).toBe("allowed");
    expect(reasonOf(guest, asGuest, 160)).toBe("NO_MANDATE");
    expect(reasonOf(guest, { ...asGuest, scope: "sadc" })).toBe("NO_MANDATE");
    const asMember = { ...publish, agency: "mr/tcu", originator: "mr/tcu" };
    expect(reasonOf(guest, asMember)).toBe("STATE_NOT_MEMBER");
    // and the originators decide whether they want it to read them
    expect(reasonOf({ ...guest, release: [] }, asGuest)).toBe("NOT_RELEASED");
  });

  it("a kind of agency that may not send a type is denied whatever its mandate", () => {
    const fiu = { agencies: [agency("ng/tcu", "FIU")] };
    expect(reasonOf(fiu, publish)).toBe("KIND_MAY_NOT_SEND");
  });

  it("a reader that the originator's state does not admit is denied", () => {
    expect(reasonOf({}, { ...read, agency: "sn/tcu" })).toBe("NOT_RELEASED");
    expect(reasonOf({}, read)).toBe("allowed");
  });

  it("agencies of one state read each other by mandate alone; nobody reads his own", () => {
    expect(reasonOf({ release: [] }, { ...read, agency: "ng/moc" })).toBe("allowed");
    expect(reasonOf({}, { ...read, agency: "ng/tcu" })).toBe("OWN_MESSAGE");
  });

  it("the audience is exactly those for whom reading is allowed", () => {
    const header = {
      originator: "ng/tcu",
      type: "alert.incident",
      recs: ["ecowas"],
      crimes: ["drugs"],
      handling: "H1",
    };
    expect(audienceOf(world(), header, 150)).toEqual(["ng/moc", "gh/tcu", "ecowas/centre"]);
    expect(audienceOf(world({ release: [] }), header, 150)).toEqual(["ng/moc"]);
  });

  it("taking a line away never allows more, and a denial never admits", () => {
    const pick = fc.subarray([...mandates]);
    fc.assert(
      fc.property(pick, fc.subarray([...mandates]), fc.boolean(), (some, less, denied) => {
        const fewer = some.filter((line) => less.includes(line));
        const release = denied ? [rule, { ...rule, effect: "DENY" }] : [rule];
        return agencies.every(({ agency: name }) => {
          const question = { ...read, agency: name };
          const narrow = decide(world({ mandates: fewer, release }), question, 150).allow;
          const wide = decide(world({ mandates: some }), question, 150).allow;
          return wide || !narrow;
        });
      }),
    );
  });
});
