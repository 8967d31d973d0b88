import { describe, expect, it } from "vitest";

import type { Agreement, Mandate } from "../../schemas/index.ts";
import {
  type BareRegister,
  type BareState,
  openRule,
  viewOf,
} from "../../test/kit/register-draw.ts";
import {
  agency,
  answerOf,
  mandate,
  publish,
  read,
  stateWith,
  withState,
} from "../../test/kit/small-region.ts";
import { decide, hasRight } from "./decide.ts";
import type { Question } from "./question.ts";

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
