import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type Log, silentLog } from "../../schemas/ground/index.ts";
import { makeRenewalWorld, type RenewalWorld } from "../../test/kit/renewal-world.ts";
import { type CertificateEnd, findEnds, makeAlarms } from "./ends.ts";

const day = 86_400_000;
const start = Date.UTC(2026, 0, 5, 9);
let world: RenewalWorld;

// nothing here changes it
beforeAll(async () => {
  world = await makeRenewalWorld(start);
});

afterAll(() => world.stop());

function levelsAt(now: number): Readonly<Record<string, string>> {
  const { office, renewal } = world.party("ng/tcu");
  const links = renewal.links();
  const ends = findEnds({ agency: "ng/tcu", register: office.register(), pairs: links, now });
  return Object.fromEntries(
    ends.map(({ kind, level, daysLeft }) => [kind, `${level} ${daysLeft}`]),
  );
}

describe("the end of a certificate", () => {
  it.each([
    [59, "ok 31"],
    [61, "notice 29"],
    [75, "notice 15"],
    [76.5, "warning 13"],
    [86, "warning 4"],
    [87.5, "urgent 2"],
    [89.9, "urgent 0"],
    [90.1, "expired 0"],
  ])("after %d days of ninety is: %s", (days, level) => {
    expect(levelsAt(start + days * day)["LINK"]).toBe(level);
  });

  it("that the register does not name is there at once, however long it would hold", () => {
    const { office, renewal } = world.party("ng/tcu");
    const register = office.register();
    const known = { ...register.agency("ng/tcu")!, certificates: [] };
    const place = { agency: "ng/tcu", pairs: renewal.links(), now: start };
    const ends = findEnds({ ...place, register: { ...register, agency: () => known } });
    expect(ends[0]).toMatchObject({ kind: "LINK", level: "expired", daysLeft: 0 });
  });
});

describe("what lives short", () => {
  it("is not always near its end: lists and registers are measured by their own life", () => {
    expect(levelsAt(start + 0.5 * day)).toMatchObject({ LIST: "ok 6", REGISTER: "ok 2" });
    const late = levelsAt(start + 2.9 * day);
    expect(late["REGISTER"]).toBe("urgent 0");
    expect(levelsAt(start + 5 * day)["LIST"]).toMatch(/^notice/);
    expect(levelsAt(start + 7.1 * day)).toMatchObject({ LIST: "expired 0", REGISTER: "expired 0" });
  });
});

describe("alarms", () => {
  const told: string[] = [];
  const note = (event: string, { code = "", type = "" }: { code?: string; type?: string } = {}) =>
    told.push(`${event}: ${code} ${type}`);
  const log: Log = {
    ...silentLog,
    warn: (...one) => note(...one),
    error: (...one) => note(...one),
  };
  const end = (kind: CertificateEnd["kind"], level: CertificateEnd["level"]): CertificateEnd => ({ kind, level, notAfter: 0, daysLeft: 1 }); // prettier-ignore

  beforeEach(() => void told.splice(0));

  it("are told when an end comes nearer, and once a day; what is well is not mentioned", () => {
    const alarm = makeAlarms(log);
    alarm([end("LINK", "ok")], 0);
    expect(told).toEqual([]);
    for (const at of [0, 10, 20]) alarm([end("LINK", "notice")], at);
    expect(told).toEqual(["what we rest on ends: CERT_ENDS_SOON LINK"]);
    alarm([end("LINK", "warning")], 30);
    alarm([end("LINK", "warning")], 30 + day);
    expect(told).toHaveLength(3);
    alarm([end("LINK", "ok")], 40 + day);
    alarm([end("LINK", "notice")], 41 + day);
    expect(told).toHaveLength(4);
  });

  it.each([
    ["LINK", "CERT_EXPIRED"],
    ["LIST", "CERT_STATUS_UNKNOWN"],
    ["REGISTER", "REGISTER_STALE"],
  ] as const)("of what has ended bear the code of what follows: %s %s", (kind, code) => {
    makeAlarms(log)([end(kind, "expired")], 0);
    expect(told).toEqual([`what we rest on ends: ${code} ${kind}`]);
  });
});
