import { describe, expect, it } from "vitest";

import { type BareRegister, nominateAll, silentState } from "../../test/kit/register-draw.ts";
import {
  agency,
  answerOf,
  mandate,
  mandates,
  publish,
  read,
  region,
  rule,
  withState,
} from "../../test/kit/small-region.ts";
import type { Question } from "./question.ts";

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
