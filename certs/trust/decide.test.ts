import { describe, expect, it } from "vitest";

import type { Agreement, Mandate } from "../../schemas/index.ts";
import {
  type BareAgency,
  type BareRegister,
  type BareState,
  nominateAll,
  openRule,
  silentState,
  viewOf,
} from "../../test/kit/register-draw.ts";
import { audienceOf, previewAudience } from "./audience.ts";
import { decide, hasRight } from "./decide.ts";
import type { Question } from "./question.ts";

const rule = openRule({ authorities: ["gh", "ecowas"] });

function mandate(holder: string, action: string, more: Partial<Mandate> = {}): Mandate {
  const line = { agency: holder, action, scope: "ecowas", types: ["alert.*"], crimes: ["drugs"] };
  return { ...line, handlingUpTo: "H1", from: 100, until: 200, ...more };
}

const kinds: Readonly<Record<string, string>> = { tcu: "TCU", moc: "MOC", fiu: "FIU", centre: "REGIONAL_CENTRE" }; // prettier-ignore

function agency(name: string, more: Partial<BareAgency> = {}): BareAgency {
  return { agency: name, kind: kinds[name.split("/")[1] ?? ""] ?? "", ...more };
}

const names = ["ng/tcu", "ng/moc", "gh/tcu", "sn/tcu", "ecowas/centre"];
const mandates = [mandate("ng/tcu", "PUBLISH"), ...names.map((name) => mandate(name, "READ"))];

function stateWith(...own: readonly BareAgency[]): BareState {
  return { ...silentState, agencies: own, release: [rule] };
}

const region: BareRegister = nominateAll({
  recs: ["ecowas"],
  memberships: ["ng", "gh", "sn"].map((authority) => ({ rec: "ecowas", authority, from: 0 })),
  mandates,
  states: {
    ng: stateWith(agency("ng/tcu"), agency("ng/moc")),
    gh: stateWith(agency("gh/tcu")),
    sn: stateWith(agency("sn/tcu")),
    ecowas: stateWith(agency("ecowas/centre")),
  },
});

/** The region with one state's part changed. */
function withState(
  name: string,
  change: Partial<BareState>,
  register: BareRegister = region,
): BareRegister {
  const state = { ...(register.states[name] ?? silentState), ...change };
  return { ...register, states: { ...register.states, [name]: state } };
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

/** Why not, in order; "allowed" when nothing is missing. */
function answerOf(register: BareRegister, question: Question, at = 150): string {
  const decision = decide(viewOf(register), question, at);
  return decision.allow ? "allowed" : decision.reasons.join(" ");
}

describe("the region's side", () => {
  it("a mandate allows what it names, from its first moment until just before its last", () => {
    const open = nominateAll({ ...region, mandates: mandates.map((one) => ({ ...one, from: 0, until: undefined })) }); // prettier-ignore
    const dated = { ...open, mandates };
    expect(answerOf(dated, publish, 100)).toBe("allowed");
    expect(answerOf(dated, publish, 199)).toBe("allowed");
    expect(answerOf(dated, publish, 99)).toBe("NO_MANDATE");
    expect(answerOf(dated, publish, 200)).toBe("NO_MANDATE");
  });

  it("what no mandate names is denied", () => {
    const others: Partial<Question>[] = [{ type: "bulletin.red_flag" }, { crime: "arms" }, { handling: "H2" }]; // prettier-ignore
    const wide = { types: ["*"], crimes: ["*"], handlingUpTo: "H3" };
    const nominated = withState("ng", { nominations: [mandate("ng/tcu", "PUBLISH", wide)] });
    for (const other of others) expect(answerOf(nominated, { ...publish, ...other })).toBe("NO_MANDATE"); // prettier-ignore
    expect(answerOf(region, { ...publish, scope: "sadc" })).toBe(
      "STATE_NOT_MEMBER NO_MANDATE NOT_NOMINATED",
    );
  });

  it("a mandate for every crime is not one for a crime in no list", () => {
    const all = nominateAll({ ...region, mandates: [mandate("ng/tcu", "PUBLISH", { crimes: ["*"] })] }); // prettier-ignore
    expect(answerOf(all, { ...publish, crime: "arms" })).toBe("allowed");
    expect(answerOf(all, { ...publish, crime: "sorcery" })).toBe("NO_MANDATE NOT_NOMINATED");
  });

  it("an unknown agency may nothing, and nothing is read of one", () => {
    expect(answerOf(region, { ...publish, agency: "tg/tcu" })).toBe("AGENCY_UNKNOWN");
    expect(answerOf(region, { ...read, originator: "tg/tcu" })).toBe("NOT_RELEASED");
  });

  it("a kind of agency that may not send a type is denied whatever its mandate", () => {
    const fiu = withState("ng", { agencies: [agency("ng/tcu", { kind: "FIU" })] });
    expect(answerOf(fiu, publish)).toBe("KIND_MAY_NOT_SEND");
    expect(answerOf(fiu, { ...publish, type: undefined })).toBe("allowed");
    // a type of a later edition: who may send it is not known here, so the mandate alone speaks
    expect(answerOf(fiu, { ...publish, type: "alert.later" })).toBe("allowed");
  });
});

describe("the state's side", () => {
  it("a mandate without a nomination by its own state allows nothing", () => {
    expect(answerOf(withState("ng", { nominations: [] }), publish)).toBe("NOT_NOMINATED");
    expect(answerOf(withState("gh", { nominations: [] }), read)).toBe("NOT_NOMINATED");
    const [line] = mandates;
    const ended = withState("ng", { nominations: [{ ...line!, until: 150 }] });
    expect(answerOf(ended, publish, 149)).toBe("allowed");
    expect(answerOf(ended, publish, 150)).toBe("NOT_NOMINATED");
  });

  it("a nomination narrows a mandate and never widens it", () => {
    const narrow = withState("ng", { nominations: [mandate("ng/tcu", "PUBLISH", { types: ["alert.cancel"] })] }); // prettier-ignore
    expect(answerOf(narrow, publish)).toBe("NOT_NOMINATED");
    expect(answerOf(narrow, { ...publish, type: "alert.cancel" })).toBe("allowed");
    const wide = withState("ng", {
      nominations: [mandate("ng/tcu", "PUBLISH", { crimes: ["*"] })],
    });
    expect(answerOf(wide, { ...publish, crime: "arms" })).toBe("NO_MANDATE");
  });

  it("a state cannot nominate another's agency", () => {
    const foreign = withState("gh", { nominations: [] });
    const by = withState("ng", { nominations: [mandate("gh/tcu", "READ")] }, foreign);
    expect(answerOf(by, read)).toBe("NOT_NOMINATED");
  });

  it("a centre's own authority nominates it", () => {
    const centre = { ...read, agency: "ecowas/centre" };
    expect(answerOf(region, centre)).toBe("allowed");
    expect(answerOf(withState("ecowas", { nominations: [] }), centre)).toBe("NOT_NOMINATED");
  });
});

describe("the originator's side", () => {
  it("a reader that the originator's state does not admit is denied", () => {
    expect(answerOf(region, { ...read, agency: "sn/tcu" })).toBe("NOT_RELEASED");
    expect(answerOf(region, read)).toBe("allowed");
  });

  it("agencies of one state read each other without release; nobody reads his own", () => {
    const closed = withState("ng", { release: [] });
    expect(answerOf(closed, { ...read, agency: "ng/moc" })).toBe("allowed");
    expect(answerOf(closed, { ...read, agency: "ng/tcu" })).toBe("OWN_MESSAGE");
  });

  it("a line that asks for promises admits only while the reader's own state gives each of them", () => {
    const asked = { ...rule, askedAssurances: ["DEATH_PENALTY", "TORTURE"] };
    const asking = withState("ng", { release: [asked] });
    const one = { assurance: "DEATH_PENALTY", from: 0 };
    const both = [one, { assurance: "TORTURE", from: 120, until: 160 }];
    expect(answerOf(asking, read)).toBe("ASSURANCE_MISSING");
    expect(answerOf(withState("gh", { givenAssurances: [one] }, asking), read)).toBe("ASSURANCE_MISSING"); // prettier-ignore
    const given = withState("gh", { givenAssurances: both }, asking);
    expect([119, 120, 159, 160].map((at) => answerOf(given, read, at))).toEqual([
      "ASSURANCE_MISSING",
      "allowed",
      "allowed",
      "ASSURANCE_MISSING",
    ]);
    const unknown = { ...viewOf(given), authority: () => undefined };
    expect(decide(unknown, read, 150)).toMatchObject({ reason: "ASSURANCE_MISSING" });
    // the promise of another state is none
    expect(answerOf(withState("sn", { givenAssurances: both }, asking), read)).toBe("ASSURANCE_MISSING"); // prettier-ignore
  });
});

describe("suspension and membership", () => {
  const suspended: BareRegister = {
    ...region,
    memberships: ["ng", "gh", "sn"].map((authority) => ({
      rec: "ecowas",
      authority,
      from: 0,
      suspendedFrom: 120,
    })),
  };

  it("a suspended agency may nothing, from the moment it is suspended, not even what goes on", () => {
    const out = withState("ng", { agencies: [agency("ng/tcu", { suspendedFrom: 150 })] });
    expect(answerOf(out, publish, 149)).toBe("allowed");
    expect(answerOf(out, publish, 150)).toBe("AGENCY_SUSPENDED");
    expect(answerOf(out, { ...publish, type: "alert.cancel" })).toBe("AGENCY_SUSPENDED");
  });

  it("a suspended state's feeds stop, and its agencies read no others", () => {
    expect(answerOf(suspended, publish, 119)).toBe("allowed");
    expect(answerOf(suspended, publish)).toBe("STATE_SUSPENDED");
    expect(answerOf(suspended, read)).toBe("STATE_SUSPENDED");
    expect(answerOf(suspended, { ...read, type: undefined })).toBe("STATE_SUSPENDED");
    // the community itself is no state
    expect(answerOf(suspended, { ...read, agency: "ecowas/centre" })).toBe("allowed");
  });

  it("what may never stop goes on both ways: recalls, victims, lives at risk", () => {
    const wide = { types: ["*"], handlingUpTo: "H3" };
    const all = nominateAll({
      ...suspended,
      mandates: mandates.map((one) => ({ ...one, ...wide })),
    });
    const allowed = (type: string): readonly string[] =>
      [publish, read].map((question) => answerOf(all, { ...question, type }));
    for (const type of ["alert.cancel", "notice.threat"]) {
      expect(allowed(type)).toEqual(["allowed", "allowed"]);
    }
    expect(answerOf(all, { ...read, type: "notice.missing" })).toBe("allowed");
    expect(answerOf(all, { ...read, type: "tip.victim" })).toBe("allowed");
    for (const type of ["notice.wanted", "tip.perpetrator", "record.person", "alert.update"]) {
      expect(answerOf(all, { ...read, type })).toBe("STATE_SUSPENDED");
    }
  });

  it("what is written by name is no community's, and goes on", () => {
    const direct = { scope: "direct", types: ["*"], crimes: ["*"] };
    const all = nominateAll({
      ...suspended,
      mandates: mandates.map((one) => ({ ...one, ...direct })),
    });
    expect(answerOf(all, { ...read, scope: "direct", type: "data.purge" })).toBe("allowed");
  });

  it("a state outside a community publishes nothing in it, and reads only by a mandate of its own", () => {
    const outside = { ...region, memberships: [] };
    expect(answerOf(outside, publish)).toBe("STATE_NOT_MEMBER");
    expect(answerOf(outside, read)).toBe("allowed");
  });

  it("T3: a guest state reads one community's feed by a dated agreement, and is no member by it", () => {
    const lines = [...mandates, mandate("mr/tcu", "READ", { from: 120, until: 160 })];
    const release = [{ ...rule, authorities: ["mr"] }];
    const mr = { ...silentState, agencies: [agency("mr/tcu")], nominations: [mandate("mr/tcu", "READ")] }; // prettier-ignore
    const guest = withState("mr", mr, withState("ng", { release }, { ...region, mandates: lines }));
    const asGuest = { ...read, agency: "mr/tcu" };
    expect(answerOf(guest, asGuest, 119)).toBe("NO_MANDATE");
    expect(answerOf(guest, asGuest, 120)).toBe("allowed");
    expect(answerOf(guest, asGuest, 160)).toBe("NO_MANDATE");
    expect(answerOf(guest, { ...asGuest, scope: "sadc" })).toContain("NO_MANDATE");
    const asMember = { ...publish, agency: "mr/tcu", originator: "mr/tcu" };
    expect(answerOf(guest, asMember)).toContain("STATE_NOT_MEMBER");
    // and the originators decide whether they want it to read them
    expect(answerOf(withState("ng", { release: [] }, guest), asGuest)).toBe("NOT_RELEASED");
  });
});

describe("agreements", () => {
  const terms: Agreement = {
    agreementRef: "MoU 1",
    parties: ["ng", "gh"],
    partyAgencies: [],
    types: ["request.*"],
    crimes: ["*"],
    allowedPurposes: [],
    handlingUpTo: "H2",
    from: 100,
    until: 200,
  };
  const nominations = (name: string): readonly Mandate[] =>
    ["PUBLISH", "READ"].map((action) =>
      mandate(name, action, { scope: "direct", types: ["*"], crimes: ["*"], handlingUpTo: "H3" }),
    );
  const party = (name: string, agreements: readonly Agreement[]): BareState => ({
    ...stateWith(agency(`${name}/tcu`), agency(`${name}/fiu`)),
    nominations: [...nominations(`${name}/tcu`), ...nominations(`${name}/fiu`)],
    release: [openRule()],
    agreements,
  });
  /** Three states and no regional act: no community, no mandate. */
  function between(mine: readonly Agreement[], theirs: readonly Agreement[]): BareRegister {
    const states = { ng: party("ng", mine), gh: party("gh", theirs), sn: party("sn", []) };
    return { recs: [], memberships: [], mandates: [], states };
  }
  const send = { ...publish, scope: "direct", type: "request.information", recipient: "gh/tcu" };
  const receive = { ...read, scope: "direct", type: "request.information" };
  const both = between([terms], [terms]);

  it("two agencies and one agreement are enough, before any regional act exists", () => {
    expect(answerOf(both, send)).toBe("allowed");
    expect(answerOf(both, receive)).toBe("allowed");
    expect(hasRight(viewOf(both), send)).toBe(true);
    const decision = decide(viewOf(both), receive, 150);
    expect(decision).toMatchObject({
      allow: true,
      basis: { agreement: { agreementRef: "MoU 1" } },
    });
  });

  it("the reader is still nominated by his state and admitted by the originator's", () => {
    expect(answerOf(withState("gh", { nominations: [] }, both), receive)).toBe("NOT_NOMINATED");
    expect(answerOf(withState("ng", { release: [] }, both), receive)).toBe("NOT_RELEASED");
    expect(hasRight(viewOf(withState("gh", { nominations: [] }, both)), receive)).toBe(false);
    const gone = withState("gh", { agencies: [] }, both);
    expect(hasRight(viewOf(gone), receive)).toBe(false);
  });

  it("one that not every party's own part holds, word for word, binds nobody", () => {
    const longer = { ...terms, until: 300 };
    for (const parts of [
      [[terms], []],
      [[], [terms]],
      [[terms], [longer]],
    ] as const) {
      const [mine, theirs] = parts;
      expect(answerOf(between(mine, theirs), send)).toBe("NO_MANDATE");
      expect(answerOf(between(mine, theirs), receive)).toBe("NO_MANDATE");
      expect(hasRight(viewOf(between(mine, theirs)), send)).toBe(false);
    }
    // beside another edition, the one that both hold counts
    expect(answerOf(between([terms, longer], [terms]), send)).toBe("allowed");
    expect(answerOf(between([terms, longer], [terms]), send, 250)).toContain("NO_MANDATE");
    // a third party that is silent keeps it from counting between the two
    const three = { ...terms, parties: ["ng", "gh", "sn"] };
    expect(answerOf(between([three], [three]), send)).toBe("NO_MANDATE");
    const other = { agreements: [{ ...three, handlingUpTo: "H0" }] };
    expect(answerOf(withState("sn", other, between([three], [three])), send)).toBe("NO_MANDATE");
    expect(answerOf(withState("sn", { agreements: [three] }, between([three], [three])), send)).toBe("allowed"); // prettier-ignore
    const unknown = { ...terms, parties: ["ng", "gh", "tg"] };
    expect(answerOf(between([unknown], [unknown]), send)).toBe("NO_MANDATE");
  });

  it("who is no party gains nothing by writing it down, and nobody agrees with himself", () => {
    const stranger = withState("sn", { agreements: [terms] }, both);
    expect(answerOf(stranger, { ...receive, agency: "sn/tcu" })).toBe("NO_MANDATE");
    expect(answerOf(stranger, { ...send, recipient: "sn/tcu" })).toBe("NO_MANDATE");
    const alone = { ...terms, parties: ["ng", "ng"] };
    const inner = { ...send, recipient: "ng/fiu" };
    expect(answerOf(between([alone], []), inner)).toBe("NO_MANDATE");
    const hidden = { ...inner, recipient: undefined, type: undefined };
    expect(answerOf(between([alone], []), hidden)).toBe("NO_MANDATE");
    expect(answerOf(both, inner)).toBe("NO_MANDATE");
    expect(answerOf(both, { ...send, recipient: "tg/tcu" })).toBe("NO_MANDATE");
  });

  it("it allows what its terms name and nothing else, while they are in force", () => {
    const others: Partial<Question>[] = [{ type: "asset.trace_request" }, { handling: "H3" }, { crime: "sorcery" }, { scope: "ecowas" }]; // prettier-ignore
    for (const other of others) expect(answerOf(both, { ...send, ...other })).toContain("NO_MANDATE"); // prettier-ignore
    expect(
      [99, 100, 199, 200].map((at) => answerOf(both, send, at).includes("NO_MANDATE")),
    ).toEqual([true, false, false, true]);
  });

  it("one for named agencies is for those on both sides", () => {
    const named = { ...terms, partyAgencies: ["ng/tcu", "gh/tcu"] };
    const some = between([named], [named]);
    expect(answerOf(some, send)).toBe("allowed");
    expect(answerOf(some, { ...send, recipient: "gh/fiu" })).toBe("NO_MANDATE");
    expect(answerOf(some, { ...receive, agency: "gh/fiu" })).toBe("NO_MANDATE");
    const unasked = {
      recipient: undefined,
      type: undefined,
      agency: "ng/fiu",
      originator: "ng/fiu",
    };
    expect(answerOf(some, { ...send, ...unasked })).toBe("NO_MANDATE");
  });

  it("one for certain purposes is for a message that says them and no other; sealed ones are asked again", () => {
    const bound = { ...terms, allowedPurposes: ["INVESTIGATION"] };
    const some = between([bound], [bound]);
    const asked = (purposes: readonly string[] | undefined): string =>
      answerOf(some, { ...send, purposes });
    expect(asked(["INVESTIGATION"])).toBe("allowed");
    expect(asked(undefined)).toBe("allowed");
    expect(asked([])).toBe("NO_MANDATE");
    expect(asked(["INVESTIGATION", "ADMINISTRATION"])).toBe("NO_MANDATE");
  });

  it("where the other side is sealed from whoever asks, any agreement of the sender will do", () => {
    const hidden = { ...send, recipient: undefined, type: undefined, crime: undefined };
    expect(answerOf(both, hidden)).toBe("allowed");
    expect(answerOf(both, { ...hidden, agency: "sn/tcu", originator: "sn/tcu" })).toBe(
      "NO_MANDATE",
    );
  });
});

describe("whom the sender keeps it from", () => {
  const keptFrom = (states: readonly string[], agencies: readonly string[] = []): Question => ({
    ...read,
    kept: { states, agencies },
  });

  it("a protected person's message is denied to the state, and an excluded agency its own", () => {
    expect(answerOf(region, keptFrom(["SN"], ["sn/tcu"]))).toBe("allowed");
    expect(answerOf(region, keptFrom(["SN", "GH"]))).toBe("PROTECTED_FROM");
    expect(answerOf(region, keptFrom([], ["gh/tcu"]))).toBe("EXCLUDED_BY_ORIGINATOR");
    expect(answerOf(region, { ...keptFrom(["NG"]), agency: "ng/moc" })).toBe("PROTECTED_FROM");
  });

  it("it is not written to him either", () => {
    const kept = { states: ["GH"], agencies: [] };
    expect(answerOf(region, { ...publish, kept })).toBe("allowed");
    expect(answerOf(region, { ...publish, kept, recipient: "gh/tcu" })).toBe("PROTECTED_FROM");
    expect(answerOf(region, { ...publish, kept, recipient: "tg/tcu" })).toBe("allowed");
  });

  it("everything that is missing is said, the first first", () => {
    const poor = withState("gh", { nominations: [] }, { ...region, mandates: [] });
    expect(answerOf(withState("ng", { release: [] }, poor), keptFrom(["GH"], ["gh/tcu"]))).toBe(
      "NO_MANDATE NOT_NOMINATED PROTECTED_FROM EXCLUDED_BY_ORIGINATOR NOT_RELEASED",
    );
  });
});

describe("the audience", () => {
  const header = {
    originator: "ng/tcu",
    type: "alert.incident",
    recs: ["ecowas"],
    crimes: ["drugs"],
    handling: "H1",
  };

  it("is exactly those for whom reading is allowed", () => {
    expect(audienceOf(viewOf(region), header, 150)).toEqual(["ng/moc", "gh/tcu", "ecowas/centre"]);
    const closed = viewOf(withState("ng", { release: [] }));
    expect(audienceOf(closed, header, 150)).toEqual(["ng/moc"]);
  });

  it("one channel that may be read is enough; without any there is nobody", () => {
    const crimes = ["arms", "drugs"];
    expect(audienceOf(viewOf(region), { ...header, crimes }, 150)).toContain("gh/tcu");
    const [nobody] = previewAudience(viewOf(region), { ...header, recs: [] }, 150);
    expect(nobody?.decision).toMatchObject({ allow: false, reason: "NO_MANDATE" });
  });

  it("leaves out whom the sender keeps it from, and says so", () => {
    const kept = { states: ["GH"], agencies: ["ng/moc"] };
    expect(audienceOf(viewOf(region), { ...header, kept }, 150)).toEqual(["ecowas/centre"]);
    const preview = previewAudience(viewOf(region), { ...header, kept }, 150);
    const reasons = preview.map(({ decision }) => (decision.allow ? "" : decision.reason));
    expect(reasons).toEqual(["OWN_MESSAGE", "EXCLUDED_BY_ORIGINATOR", "PROTECTED_FROM", "NOT_RELEASED", ""]); // prettier-ignore
  });

  it("holds no hub, whatever the register says", () => {
    const hub = withState("ng", { agencies: [agency("ng/moc", { kind: "HUB" })] });
    expect(audienceOf(viewOf(hub), { ...header, originator: "gh/tcu" }, 150)).not.toContain("ng/moc"); // prettier-ignore
  });
});
