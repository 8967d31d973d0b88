import { describe, expect, it } from "vitest";

import type { RegisterView } from "../../certs/trust/index.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { makeDirectory } from "./directory.ts";

const start = Date.UTC(2026, 0, 1);
const agency = { languages: ["en"], certificates: [], keys: [] };

function makeView(more: Partial<RegisterView> = {}): RegisterView {
  return {
    key: "1",
    epoch: 1,
    expiresAt: start + 1,
    digest: new Uint8Array(32),
    numbers: new Map(),
    recs: ["ecowas", "gog", "censad"],
    hubs: [
      { hub: "ecowas/hub", urls: ["tls://a"], recs: ["gog", "ecowas"] },
      { hub: "gog/hub", urls: ["tls://b"], recs: ["gog"] },
    ],
    mailboxKeys: [],
    relays: [],
    algorithms: [],
    staleness: [],
    deadlines: [],
    agencies: [
      { ...agency, agency: "ng/moc", authority: "ng", kind: "MOC" },
      { ...agency, agency: "ne/tcu", authority: "ne", kind: "TCU" },
      { ...agency, agency: "gh/moc", authority: "gh", kind: "MOC", suspendedFrom: start + 1000 },
    ],
    agency: () => undefined,
    authority: () => undefined,
    mandates: () => [],
    nominations: () => [],
    agreements: () => [],
    releaseTo: () => [],
    clocks: () => undefined,
    logKeys: () => [],
    witnesses: () => [],
    witnessQuorum: 0,
    witnessPolicy: () => ({ witnesses: [], groups: [], quorum: undefined }),
    membership: (rec, authority) => {
      if (authority === "ne") return rec === "ecowas" ? "suspended" : "none";
      return rec === "censad" ? "none" : "member";
    },
    ...more,
  };
}

describe("makeDirectory", () => {
  const clock = makeStillClock(start);

  it("gives each agency the communities its state is a member of; one that is suspended has none", () => {
    expect(makeDirectory(() => makeView(), clock).agencies()).toEqual([
      { agency: "ng/moc", kind: "MOC", authority: "ng", recs: ["ecowas", "gog"] },
      { agency: "ne/tcu", kind: "TCU", authority: "ne", recs: [] },
      { agency: "gh/moc", kind: "MOC", authority: "gh", recs: ["ecowas", "gog"] },
    ]);
  });

  it("an agency has no communities from the moment it is suspended", () => {
    const later = makeStillClock(start + 1000);
    const [, , ghana] = makeDirectory(() => makeView(), later).agencies();
    expect(ghana?.recs).toEqual([]);
  });

  it("a community is served when a hub serves it, once", () => {
    expect(makeDirectory(() => makeView(), clock).servedRecs()).toEqual(["ecowas", "gog"]);
  });

  it("answers from the register that is held at that moment", () => {
    let view = makeView();
    const directory = makeDirectory(() => view, clock);
    view = makeView({ hubs: [], agencies: [] });
    expect([directory.servedRecs(), directory.agencies()]).toEqual([[], []]);
  });
});
