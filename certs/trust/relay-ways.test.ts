import { describe, expect, it } from "vitest";

import type { Hub, Mandate, RelayAgreement } from "../../schemas/index.ts";
import { agency } from "../../test/kit/small-region.ts";
import { type BareState, nominateAll, silentState, viewOf } from "../../test/kit/register-draw.ts";
import { findMailHub, hubsOf } from "./linked-hubs.ts";
import type { RegisterView } from "./register.ts";
import { findReceiptWays, findRelayWay, isRelayAt, relayedFrom } from "./relay-ways.ts";
import { findRelays } from "./relays.ts";

const west: Hub = { hub: "au/hub-west", urls: [], recs: ["ecowas"] };
const south: Hub = { hub: "au/hub-south", urls: [], recs: ["sadc"] };
const east: Hub = { hub: "au/hub-east", urls: [], recs: ["eac"] };
const now = 1_000;

function mandate(holder: string, scope: string): Mandate {
  return { agency: holder, action: "READ", scope, types: ["*"], crimes: ["*"], handlingUpTo: "H1", from: 0 };
} // prettier-ignore

function stateOf(name: string): BareState {
  return { ...silentState, agencies: [agency(`${name}/tcu`)] };
}

function line(differs: Partial<RelayAgreement> = {}): RelayAgreement {
  const hubs = [west.hub, south.hub];
  return { agreementRef: "R1", relay: "ao/tcu", hubs, parties: [], types: ["request.*"], handlingUpTo: "H1", from: 0, ...differs };
} // prettier-ignore

function viewWith(...relays: readonly RelayAgreement[]): RegisterView {
  const states = { ng: stateOf("ng"), za: stateOf("za"), ao: stateOf("ao"), ke: stateOf("ke") };
  const mandates = [mandate("ng/tcu", "ecowas"), mandate("za/tcu", "sadc"), mandate("ke/tcu", "eac"), mandate("ao/tcu", "sadc")];
  const bare = { recs: ["ecowas", "sadc", "eac"], memberships: [], mandates, states };
  return { ...viewOf(nominateAll(bare)), hubs: [west, south, east], relays };
} // prettier-ignore

const mail = { sender: "ng/tcu", recipient: "za/tcu", handling: "H1", type: "request.information" };

describe("the way by a relay", () => {
  it("leads from the sender's hub to the reader's, both ways", () => {
    const view = viewWith(line());
    expect(findRelayWay(view, mail, now)).toMatchObject({ fromHub: west.hub, toHub: south.hub });
    const back = { ...mail, sender: mail.recipient, recipient: mail.sender };
    expect(findRelayWay(view, back, now)).toMatchObject({ fromHub: south.hub, toHub: west.hub });
    expect(hubsOf(view, "ao/tcu").map(({ hub }) => hub)).toEqual([west.hub, south.hub]);
    expect(isRelayAt(view, "ao/tcu", west.hub)).toBe(true);
  });

  it.each<[string, Partial<RelayAgreement>]>([
    ["has not begun", { from: now + 1 }],
    ["has ended", { until: now }],
    ["is suspended", { suspendedFrom: now }],
    ["names other types", { types: ["alert.*"] }],
    ["ends below the handling", { handlingUpTo: "H0" }],
    ["is of other states", { parties: ["ng", "ke"] }],
    ["is between other hubs", { hubs: [west.hub, east.hub] }],
    ["names a relay that is not there", { relay: "xx/tcu" }],
    ["names the reader himself", { relay: "za/tcu" }],
  ])("is none where the agreement %s", (_what, differs) => {
    expect(findRelayWay(viewWith(line(differs)), mail, now)).toBeUndefined();
  });

  it("is none for those who share a hub, whatever is agreed", () => {
    const view = viewWith(line());
    expect(findMailHub(view, "ao/tcu", "za/tcu")).toBe(south.hub);
    expect(findRelayWay(view, { ...mail, sender: "ao/tcu" }, now)).toBeUndefined();
  });

  it("has one relay: two agreements one after the other are no way", () => {
    const view = viewWith(line({ hubs: [west.hub, south.hub] }), line({ agreementRef: "R2", hubs: [south.hub, east.hub], relay: "za/tcu" }));
    expect(findRelayWay(view, { ...mail, recipient: "ke/tcu" }, now)).toBeUndefined();
  }); // prettier-ignore

  it("is the first that covers it, and again after a suspension", () => {
    const view = viewWith(line({ suspendedFrom: 1, suspendedUntil: now + 5 }), line({ agreementRef: "R2", until: now + 5 }));
    const ref = (at: number): string | undefined => findRelayWay(view, mail, at)?.agreement.agreementRef;
    expect([ref(now), ref(now + 5)]).toEqual(["R2", "R1"]);
  }); // prettier-ignore

  it("lets receipts back for thirty days after it ended or was suspended, and nothing new", () => {
    const day = 86_400_000;
    const back = (differs: Partial<RelayAgreement>, at: number): readonly string[] => {
      const view = viewWith(line(differs));
      expect(findRelayWay(view, mail, at)).toBeUndefined();
      return findReceiptWays(view, { sender: "za/tcu", recipient: "ng/tcu" }, at).map(({ fromHub, toHub }) => `${fromHub} ${toHub}`);
    };
    const found = [`${south.hub} ${west.hub}`];
    for (const differs of [{ until: 5 }, { suspendedFrom: 5 }]) {
      expect([back(differs, 5), back(differs, 4 + 30 * day)]).toEqual([found, found]);
      expect(back(differs, 5 + 30 * day)).toEqual([]);
    }
    // one that never began, one that ended before it began, other states, and a relay that is not there
    expect(back({ from: 9 }, 5)).toEqual([]);
    expect(back({ from: 9, until: 5 }, 7)).toEqual([]);
    expect(back({ until: 5, parties: ["ng", "ke"] }, 7)).toEqual([]);
    expect(back({ until: 5, relay: "xx/tcu" }, 7)).toEqual([]);
  }); // prettier-ignore

  it("for receipts is first what is in force, then what ended", () => {
    const view = viewWith(line({ until: 5 }), line({ agreementRef: "R2" }));
    const ways = findReceiptWays(view, mail, now).map(({ agreement }) => agreement.agreementRef);
    expect(ways).toEqual(["R2", "R1"]);
  });

  it("a relay is handed the mail of those beyond, and of nobody who reads at that hub", () => {
    const view = viewWith(line({ until: 1 }));
    expect(relayedFrom(view, { relay: "ao/tcu", hub: west.hub })).toEqual(["za/tcu"]);
    expect(relayedFrom(view, { relay: "ao/tcu", hub: south.hub })).toEqual(["ng/tcu"]);
    expect(relayedFrom(view, { relay: "za/tcu", hub: south.hub })).toEqual([]);
  });
});

describe("a relay agreement counts", () => {
  const part = { authority: "ao", names: [], agencies: [], intermediates: [], crls: [], release: [], nominations: [], agreements: [], givenAssurances: [] }; // prettier-ignore
  const region = { recs: [], memberships: [], authorities: [], mandates: [], hubs: [], mailboxKeys: [], algorithms: [], staleness: [] }; // prettier-ignore
  const count = (theirs: readonly RelayAgreement[], own: readonly RelayAgreement[]): number => {
    const states = new Map([["ao", { ...part, relaying: { agreements: own } }]]);
    return findRelays({ ...region, relaying: { agreements: theirs } }, states).length;
  };

  it("when the region and the relay's own authority hold it word for word", () => {
    expect(count([line()], [line()])).toBe(1);
    expect(count([line()], [])).toBe(0);
    expect(count([], [line()])).toBe(0);
    expect(count([line()], [line({ handlingUpTo: "H2" })])).toBe(0);
    expect(count([line({ relay: "ng/tcu" })], [line({ relay: "ng/tcu" })])).toBe(0);
    expect(count([line({ hubs: [west.hub, west.hub] })], [line({ hubs: [west.hub, west.hub] })])).toBe(0);
  }); // prettier-ignore
});
