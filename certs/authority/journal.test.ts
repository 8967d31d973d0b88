import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeEach, describe, expect, it } from "vitest";

import type { JournalEvent } from "./journal-events.ts";
import { startJournal, tryJournal } from "./journal.ts";

const folder = mkdtempSync(join(tmpdir(), "journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const issuer = "0f".repeat(20);
const events: readonly JournalEvent[] = [
  {
    event: "issued",
    at: 1,
    issuer,
    serial: "01aa",
    thumbprint: "ab".repeat(32),
    agency: "ng/tcu",
    kind: "LINK",
    key: "ef".repeat(32),
    until: 9,
  },
  { event: "revoked", at: 2, issuer, serial: "01aa", reason: 1 },
  { event: "listed", at: 3, issuer, number: 1, digest: "cd".repeat(32), until: 9 },
];
const broken: unknown = expect.objectContaining({ code: "INTEGRITY_STORE" });

let file = "";
let count = 0;
beforeEach(() => {
  count += 1;
  file = join(folder, `${count}.jsonl`);
  const journal = startJournal(file);
  for (const one of events) journal.append(one);
  journal.stop();
});

function lines(): string[] {
  return readFileSync(file, "utf8").split("\n").slice(0, -1);
}

describe("startJournal", () => {
  it("what was appended is there when it is opened again, and goes on from there", () => {
    const journal = startJournal(file);
    expect(journal.events()).toEqual(events);
    journal.append(events[1]!);
    journal.stop();
    expect(startJournal(file).events()).toEqual([...events, events[1]]);
  });

  it("each line bears its number and the digest of the line before", () => {
    expect(lines().map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([0, 1, 2]);
    expect(lines()[0]).toContain(`"previous":"${"0".repeat(64)}"`);
  });

  it("a line that was changed, lost, moved or put in stops it", () => {
    const [a = "", b = "", c = ""] = lines();
    const versions = [
      [a.replace("ng/tcu", "ng/fiu"), b, c],
      [b, c],
      [a, c],
      [b, a, c],
      [a, b, b, c],
      [a, b, "{}", c],
      [a, b, "", c],
      [a, `${b} `, c],
    ];
    for (const version of versions) {
      writeFileSync(file, version.map((line) => `${line}\n`).join(""));
      expect(() => startJournal(file)).toThrow(broken);
    }
  });

  it("a line with a number out of turn stops it, even when all digests fit", () => {
    const [a = ""] = lines();
    writeFileSync(file, `${a.replace('"index":0', '"index":1')}\n`);
    expect(() => startJournal(file)).toThrow(broken);
  });

  it("a last line that was never finished is cut off, and nothing else", () => {
    appendFileSync(file, '{"index":3,"previous":"00');
    const journal = startJournal(file);
    expect(journal.events()).toEqual(events);
    journal.append(events[1]!);
    journal.stop();
    expect(startJournal(file).events()).toHaveLength(4);
  });

  it("an event that is not one is refused, and a stopped journal takes none", () => {
    const failed: unknown = expect.objectContaining({ code: "STORE_WRITE_FAILED" });
    const journal = startJournal(file);
    expect(() => journal.append({ ...events[0]!, serial: "not hex" } as JournalEvent)).toThrow(
      failed,
    );
    journal.stop();
    expect(() => journal.append(events[0]!)).toThrow(failed);
    expect(startJournal(file).events()).toEqual(events);
  });

  it("a folder that is not there is said so", () => {
    const failed: unknown = expect.objectContaining({ code: "STORE_WRITE_FAILED" });
    expect(() => startJournal(join(folder, "none", "journal.jsonl"))).toThrow(failed);
  });

  it("what it says is looked up the same after opening again", () => {
    const { ledger } = startJournal(file);
    expect(ledger.certificate("01aa")).toEqual(events[0]);
    expect(ledger.ofKey("ef".repeat(32))).toEqual([events[0]]);
    expect(ledger.revoked(issuer)).toEqual([events[1]]);
    expect(ledger.revoked("0e".repeat(20))).toEqual([]);
    expect(ledger.list(issuer)).toEqual(events[2]);
    expect(ledger.knows("cd".repeat(32))).toBe(true);
    expect(ledger.knows("ce".repeat(32))).toBe(false);
  });

  it("a head kept elsewhere shows that the end was cut off, which the lines alone do not", () => {
    const whole = startJournal(file);
    const head = whole.head();
    expect(head.count).toBe(3);
    expect(whole.includes(head)).toBe(true);
    writeFileSync(file, `${lines().slice(0, 2).join("\n")}\n`);
    const cut = startJournal(file);
    expect(cut.includes(head)).toBe(false);
    cut.append(events[1]!);
    expect(cut.includes(head)).toBe(false);
    expect(cut.includes({ count: 2, digest: whole.head().digest })).toBe(false);
  });

  it("a head stays true while the journal grows; that of an empty one is zeros", () => {
    const journal = startJournal(file);
    const head = journal.head();
    journal.append(events[1]!);
    expect(journal.includes(head)).toBe(true);
    expect(journal.includes({ count: 0, digest: "0".repeat(64) })).toBe(true);
    expect(journal.includes({ count: 0, digest: "1".repeat(64) })).toBe(false);
  });

  it("of two that hold one journal the second to write is stopped, and the journal stays whole", () => {
    const [one, two] = [startJournal(file), startJournal(file)];
    one.append(events[1]!);
    expect(() => two.append(events[1]!)).toThrow(
      expect.objectContaining({ code: "STORE_WRITE_FAILED" }),
    );
    one.append(events[1]!);
    expect(startJournal(file).events()).toHaveLength(5);
  });
});

describe("tryJournal", () => {
  it("what is added is judged by from then on, and comes to no file", () => {
    const before = readFileSync(file, "utf8");
    const tried = tryJournal(file);
    tried.append({ ...events[0]!, serial: "02bb" } as JournalEvent);
    expect([tried.isTried, startJournal(file).isTried]).toEqual([true, false]);
    expect(tried.ledger.certificate("02bb")).toMatchObject({ agency: "ng/tcu" });
    expect(tried.head().count).toBe(4);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("one that is not there is empty, and is not made; one that was changed stops it", () => {
    const none = join(folder, "none.jsonl");
    expect(tryJournal(none).head().count).toBe(0);
    expect(existsSync(none)).toBe(false);
    writeFileSync(file, lines().slice(1).join("\n").concat("\n"));
    expect(() => tryJournal(file)).toThrow(broken);
  });
});
