import { describe, expect, it } from "vitest";

import { makeSeededChance } from "../../../schemas/ground/index.ts";
import {
  type Language,
  languages,
  type RegionalPart,
  type StatePart,
} from "../../../schemas/index.ts";
import { makeCosigner, makeNoteSigner, renderVerifierKey } from "../../log/index.ts";
import { noteKey } from "../../../test/kit/note-key.ts";
import { codeOf } from "../../../test/kit/code-of.ts";
import { bareRegion, bareState } from "../../../test/kit/repository.ts";
import { openRule } from "../../../test/kit/register-draw.ts";
import { makeHeldKey, makeKeyPair } from "../../keys/index.ts";
import { makeRoot } from "../make-ca.ts";
import type { RegisterContent } from "./content.ts";
import { describeChange } from "./describe.ts";

const at = 1_780_272_000_000;
const day = 86_400_000;
const line = {
  action: "READ",
  scope: "ecowas",
  types: ["alert.*"],
  crimes: ["drugs"],
  handlingUpTo: "H2",
  from: 0,
};
const key = new Uint8Array(91).fill(7);

const region: RegionalPart = {
  ...bareRegion,
  recs: [{ rec: "ecowas", names: [], languages: [] }],
  memberships: ["ng", "gh"].map((authority) => ({ rec: "ecowas", authority, from: 0 })),
  mandates: ["ng/tcu", "gh/tcu"].flatMap((agency) => [
    { ...line, agency },
    { ...line, agency, action: "PUBLISH" },
  ]),
};
const gh: StatePart = { ...bareState("gh"), nominations: [{ ...line, agency: "gh/tcu" }] };
const ng: StatePart = {
  ...bareState("ng"),
  nominations: [{ ...line, agency: "ng/tcu", action: "PUBLISH" }],
  release: [openRule()],
};

function content(
  change: {
    region?: Partial<RegionalPart>;
    gh?: Partial<StatePart>;
    ng?: Partial<StatePart>;
    delegations?: ReadonlyMap<string, { keys: Uint8Array[]; threshold: number }>;
  } = {},
): RegisterContent {
  return {
    region: {
      region: { ...region, ...change.region },
      delegations: change.delegations ?? new Map(),
    },
    states: new Map([
      ["ng", { ...ng, ...change.ng }],
      ["gh", { ...gh, ...change.gh }],
    ]),
  };
}

function told(
  after: Parameters<typeof content>[0],
  lang: Language = "en",
  before: Parameters<typeof content>[0] = {},
): readonly string[] {
  return describeChange({ before: content(before), after: content(after) }, at, lang).lines;
}

const gained = "gh/tcu may now read alert.* about drugs, up to H2, of ng, in ecowas";
const lost = gained.replace("may now", "may no longer");
const none = "Nobody gains or loses a right to send or to read";
const one = "Agencies whose rights change: 1 (0 gain, 1 lose)";
const agency = gh.agencies[0]!;

describe("a change in plain words", () => {
  it("says nothing of what stays as it was", () => {
    expect(told({})).toEqual([none]);
  });

  it("says who loses what when a state closes its release policy, and who gains when it opens it", () => {
    expect(told({ ng: { release: [] } })).toEqual(["Release policy: 0 lines added, 1 taken out", lost, one]);
    expect(told({}, "en", { ng: { release: [] } })).toContain(gained);
  });

  it("says when a right begins that nobody has today", () => {
    const release = [openRule({ from: at + day })];
    const lines = told({ ng: { release } }, "en", { ng: { release: [] } });
    const moment = lines.findIndex((text) => text.startsWith("From 2026-06-02 00:00 UTC on"));
    expect(lines[moment + 1]).toBe(gained);
  });

  it("says that a right which is taken now comes back later", () => {
    const from = at - day;
    const lines = told({ region: { memberships: region.memberships.map((member) => (member.authority === "gh" ? { ...member, suspendedFrom: from, suspendedUntil: at + day } : member)) } });
    expect(lines[0]).toMatch(/^gh is suspended in ecowas from 2026-05-31 00:00 UTC until 2026-06-02 00:00 UTC/);
    expect(lines.some((text) => text.startsWith("gh/tcu may no longer read alert."))).toBe(true);
    expect(lines.slice(-3)).toEqual(["From 2026-06-02 00:00 UTC on, compared with the register as it is:", none, one]);
  });

  it("names certificates by kind, end and fingerprint, and says whether anybody endorses a new sealing key", async () => {
    const root = await makeRoot(makeHeldKey(makeKeyPair("P-384")), { authority: "gh", now: at, chance: makeSeededChance("describe") });
    const certificate = (kind: string, endorsers: readonly string[] = []) => ({ kind, certificate: root.der, endorsements: endorsers.map((endorser) => ({ endorser, signature: "e30..AA" })) });
    const old = { kind: "SEALING", certificate: new Uint8Array([0x30, 0]), endorsements: [] };
    const withCertificates = (...certificates: (typeof agency.certificates)[number][]) => ({ gh: { agencies: [{ ...agency, certificates }] } });
    const first = told(withCertificates(certificate("SEALING")));
    expect(first[0]).toMatch(/^gh\/tcu gets a certificate SEALING, good until \d{4}-\d\d-\d\d \d\d:\d\d UTC, fingerprint (?:[0-9a-f]{4} ?){10}$/);
    expect(first.join()).not.toContain("sealing key");
    const renewed = told(withCertificates(old, certificate("SEALING")), "en", withCertificates(old));
    expect(renewed).toContain("The sealing key of gh/tcu changes and nobody endorses it: whoever writes to it has to confirm it first");
    const endorsed = told(withCertificates(certificate("SEALING", ["gh/tcu", "ng"])), "en", withCertificates(old));
    expect(endorsed).toContain("The sealing key of gh/tcu changes, endorsed by gh/tcu, ng");
    expect(endorsed[1]).toMatch(/^gh\/tcu loses its certificate SEALING that was good until \?, fingerprint/);
    const rooted = told({ region: { authorities: [{ authority: "gh", roots: [root.der] }, ...region.authorities.filter(({ authority }) => authority !== "gh")] } });
    expect(rooted.some((text) => text.startsWith("gh gets a root certificate"))).toBe(true);
    expect(rooted.some((text) => text.startsWith("gh loses a root certificate, and all that hangs on it"))).toBe(true);
  });

  it("tells agreements, assurances, algorithms, suspensions, hubs and keys with their times", () => {
    const agreement = { agreementRef: "MoU 7", parties: ["ng", "gh"], partyAgencies: [], types: ["*"], crimes: ["*"], allowedPurposes: [], handlingUpTo: "H1", from: 0, until: at + day };
    const lines = told({
      gh: {
        agreements: [agreement],
        givenAssurances: [{ assurance: "DEATH_PENALTY", from: 0 }],
        agencies: [{ ...agency, suspendedFrom: at + day, kind: "FIU", keys: [{ algorithm: "ML-DSA-65", spki: key, from: 0 }] }],
      },
      region: {
        algorithms: [{ use: "SIGNATURE", name: "EdDSA", from: 0, until: at }, { use: "CONTENT", name: "A256GCM", isRequired: true, from: 0 }],
        hubs: [{ hub: "ng/hub-one", urls: ["tls://hub.example:4222"], recs: ["ecowas"] }],
        staleness: [{ handling: "H3", minutes: 60 }],
        mailboxKeys: [{ key: new Uint8Array(16), from: 0 }],
      },
    });
    for (const start of [
      "The agreement MoU 7 of ng, gh is added, from 1970-01-01 00:00 UTC until 2026-06-02 00:00 UTC",
      "gh gives the assurance DEATH_PENALTY from 1970-01-01 00:00 UTC on",
      "gh/tcu: kind, names or languages change; its kind is FIU",
      "gh/tcu is suspended from 2026-06-02 00:00 UTC on",
      "gh/tcu gets a key for ML-DSA-65, from 1970-01-01 00:00 UTC on, fingerprint",
      "The line that let ES256 be used for SIGNATURE is taken out",
      "EdDSA may be used for SIGNATURE from 1970-01-01 00:00 UTC until 2026-06-01 00:00 UTC",
      "A256GCM is required for CONTENT",
      "The hub ng/hub-one serves ecowas at tls://hub.example:4222",
      "H3: judged for up to 60 minutes",
      "Keys that name mailboxes: 1 added, 0 taken out",
    ]) expect(lines.some((text) => text.startsWith(start)), start).toBe(true);
  });

  it("tells deadlines, working weeks, holidays and rosters, and what of them is taken out", () => {
    const week = { offsetMinutes: 60, daysOff: ["FRIDAY", "SATURDAY"], from: 0 };
    const duty = { agency: "gh/tcu", days: [], fromMinute: 480, untilMinute: 1020, from: 0 };
    const clocks = { workingWeeks: [week], holidays: ["2026-12-25"], rosters: [duty, { ...duty, days: ["SUNDAY"], isHolidaysToo: true }] };
    const deadline = { urgency: "FLASH", acknowledgeMinutes: 45, replyMinutes: 180, counts: "ON_DUTY", from: 0 };
    const deadlines = { clocks: { deadlines: [deadline] } };
    const lines = told({ gh: { clocks }, region: deadlines });
    expect(lines).toContain("FLASH: acknowledgement within 45 min, reply within 3 h, feedback within the built-in time; counted: while somebody is on duty; for what begins from 1970-01-01 00:00 UTC on");
    expect(lines).toContain("gh: its time is UTC+01:00, days off: Friday, Saturday, from 1970-01-01 00:00 UTC on");
    expect(lines).toContain("gh: public holidays, on which working days do not count: 2026-12-25");
    expect(lines).toContain("gh/tcu: on duty every day, 08:00–17:00 by its state's time, not on holidays, from 1970-01-01 00:00 UTC on");
    expect(lines).toContain("gh/tcu: on duty Sunday, 08:00–17:00 by its state's time, on holidays too, from 1970-01-01 00:00 UTC on");
    const gone = told({}, "fr", { gh: { clocks }, region: deadlines }).join();
    for (const start of ["FLASH : les délais", "gh : la ligne", "gh : ne sont plus fériés", "gh/tcu : n'est plus de permanence"]) expect(gone).toContain(start);
    expect(gone).not.toMatch(/[{}]/);
  });

  it("tells keys of logs and of witnesses by their fingerprints, and how many states' witnesses are needed", () => {
    const lineOf = (name: string, until?: number) => ({ verifierKey: renderVerifierKey(makeCosigner(name, noteKey("ed25519")).verifierKey), from: 0, ...(until === undefined ? {} : { until }) });
    const logKey = { verifierKey: renderVerifierKey(makeNoteSigner("atumpan/au/hub-one", noteKey("ed25519")).verifierKey), from: 0 };
    const hub = { hub: "au/hub-one", urls: ["tls://127.0.0.1:4222"], recs: ["ecowas"] };
    const [first, second] = [{ name: "w1", agency: "ng/tcu", keys: [lineOf("w1")] }, { name: "w2", agency: "gh/tcu", keys: [lineOf("w2")] }];
    const withLogs = (keys: readonly { verifierKey: string; from: number; until?: number }[], witnesses: readonly (typeof first)[], quorum: number) =>
      ({ region: { hubs: [{ ...hub, log: { keys } }], witnessing: { witnesses, quorum } } });
    const lines = told(withLogs([logKey], [first, second], 2), "en", { region: { hubs: [hub] } });
    expect(lines.slice(0, 6).map((text) => text.replace(/[0-9a-f]{4}(?: [0-9a-f]{4}){9}/, "…"))).toEqual([
      "The log of au/hub-one gets a key, from 1970-01-01 00:00 UTC on, fingerprint …",
      "The witness w1, run by ng/tcu, is added",
      "The witness w1 gets a key, from 1970-01-01 00:00 UTC on, fingerprint …",
      "The witness w2, run by gh/tcu, is added",
      "The witness w2 gets a key, from 1970-01-01 00:00 UTC on, fingerprint …",
      "Witnesses of 2 of 2 authorities must have seen a log before it is relied on",
    ]);
    const moved = { ...first, agency: "ng/fiu", keys: [{ ...first.keys[0]!, until: at }, lineOf("w1")] };
    const later = told(withLogs([{ ...logKey, verifierKey: renderVerifierKey(makeNoteSigner("atumpan/au/hub-one", noteKey("ed25519")).verifierKey) }], [moved], 0), "en", withLogs([logKey], [first, second], 2)).join("\n");
    for (const start of [
      "The log of au/hub-one gets a key",
      "The log of au/hub-one loses a key, and what it signed with it is believed no more",
      "The witness w2, run by gh/tcu, is taken out",
      "The witness w1 is run by ng/fiu from now on",
      "The witness w1 gets a key, from 1970-01-01 00:00 UTC until 2026-06-01 00:00 UTC",
      "Nobody's word about the logs is asked any more",
    ]) expect(later).toContain(start);
    expect(later).not.toContain("The hub au/hub-one serves");
    expect(told(withLogs([logKey], [first, second], 2), "ar").join()).not.toMatch(/[{}]|change\./);
  });

  it("says that an agency leaves, and what everybody loses by it", () => {
    expect(told({ gh: { agencies: [] } })).toEqual(["gh/tcu leaves the register", lost, one]);
  });

  it("reads in every language, with no slot left open", () => {
    for (const lang of languages) {
      const lines = told({ ng: { release: [], agencies: [] } }, lang);
      expect(lines.length).toBeGreaterThan(3);
      for (const text of lines) expect(text).not.toMatch(/[{}]|change\./);
    }
  });

  it("is refused of a register that readers would refuse", () => {
    const stranger = new Map([["tg", { keys: [key], threshold: 1 }]]);
    expect(codeOf(() => told({ delegations: stranger }))).toBe("CHANGE_INVALID");
    expect(codeOf(() => told({ gh: { agencies: [agency, agency] } }))).toBe("CHANGE_INVALID");
  });
}); // prettier-ignore
