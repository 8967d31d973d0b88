import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { agencyActs, commitToAct } from "../schemas/index.ts";
import { makeSeededChance, sameBytes, silentLog } from "../schemas/ground/index.ts";
import { makeStillClock, type StillClock } from "../test/kit/memory-exchange.ts";
import { makeActLines, noteReleaseRule } from "./act-lines.ts";
import { type AuditEntry, hashLine, renderLine } from "./audit/index.ts";
import { openStore, type Store, type StoredAuditLine } from "./store/index.ts";

let dir: string;
let store: Store;
let clock: StillClock;
let add: (entry: AuditEntry) => void;
let lines: StoredAuditLine[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "act-lines-"));
  clock = makeStillClock(Date.UTC(2026, 2, 9));
  store = openStore(join(dir, "store.db"), {}, clock);
  lines = [];
  const onLine = makeActLines({ store, clock, chance: makeSeededChance("acts") });
  add = ({ who, act, object = "", outcome = "OK" }) => {
    const line = {
      position: lines.length + 1, at: clock.now(), who, act, object, purpose: "", outcome, address: "", count: 1, digest: "",
      previous: new Uint8Array(32),
    }; // prettier-ignore
    const whole = { ...line, hash: hashLine(line) };
    lines.push(whole);
    onLine(whole);
  };
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const write = (...entries: readonly AuditEntry[]): Promise<void> =>
  store.write(() => entries.forEach(add));
const acts = (): readonly string[] =>
  store.logActs
    .list(100)
    .map(({ act }) => act)
    .toReversed();

describe("which lines of the record stand in the hub's log", () => {
  it("inspections, changes of rights and what is erased by order; nothing that only was refused, and no reading", async () => {
    await write(
      { who: "person:a", act: "INSPECTION_OPENED", object: "i" },
      { who: "person:a", act: "INSPECTION_OPENED", object: "i", outcome: "SECOND_PERSON_NEEDED" },
      { who: "person:a", act: "INSPECTION_READ", object: "i/m" },
      { who: "person:a", act: "MESSAGE_READ", object: "m" },
      { who: "person:a", act: "INSPECTION_CLOSED", object: "i" },
      { who: "owner", act: "PERSON_CHANGED", object: "p" },
      { who: "owner", act: "MACHINE_ADDED", object: "m" },
      { who: "gateway", act: "MESSAGE_ERASED", object: "m", outcome: "RETENTION" },
      { who: "gateway", act: "MESSAGE_ERASED", object: "m", outcome: "PURGE" },
      { who: "gateway", act: "SETTING_CHANGED", object: "other" },
    );
    const expected = ["INSPECTION_OPENED", "INSPECTION_CLOSED", "RIGHTS_CHANGED", "RIGHTS_CHANGED", "PURGED_BY_ORDER"]; // prettier-ignore
    expect(acts()).toEqual(expected);
    expect(acts().every((act) => agencyActs.some((one) => one === act))).toBe(true);
  });

  it("each by a digest of the line under a salt of its own: equal lines have nothing in common", async () => {
    const same: AuditEntry = { who: "owner", act: "PERSON_CHANGED", object: "p" };
    await write(same, same);
    const [second, first] = store.logActs.list(2);
    for (const [act, line] of [[first!, lines[0]!], [second!, lines[1]!]] as const) {
      expect(act.position).toBe(line.position);
      expect(sameBytes(act.commitment, commitToAct(act.salt, renderLine(line)))).toBe(true);
    }
    expect(sameBytes(first!.salt, second!.salt)).toBe(false);
  }); // prettier-ignore

  it("an auditor's looking, once an hour for each; another's looking does not", async () => {
    const person = { id: "aude", name: "a", roles: ["auditor"], handling: "H0", state: "active", madeAt: 1, languages: [] };
    await store.write(() => store.people.put(person));
    const look: AuditEntry = { who: "person:aude", act: "RECORD_READ" };
    await write(look, look, { ...look, act: "RECORD_CHECKED" }, { ...look, who: "owner" }, { ...look, who: "person:nobody" });
    expect(acts()).toEqual(["AUDITOR_READ"]);
    clock.move(3_600_000);
    await write(look);
    expect(acts()).toEqual(["AUDITOR_READ", "AUDITOR_READ"]);
  }); // prettier-ignore
});

describe("the rule about second officers", () => {
  it("that it is another than at the last start stands in the record and the log; that it was set first does not", async () => {
    const audit = { add: (entry: AuditEntry) => add(entry), inWrite: (act: () => void) => store.write(act) };
    const start = (fourEyes?: object | "off"): Promise<void> => noteReleaseRule({ store, audit, fourEyes, log: silentLog });
    await start();
    await start();
    expect(lines).toEqual([]);
    await start("off");
    await start("off");
    expect(lines.map(({ act, object }) => [act, object])).toEqual([["SETTING_CHANGED", "four-eyes"]]);
    expect(acts()).toEqual(["RELEASE_RULE_CHANGED"]);
  }); // prettier-ignore
});
