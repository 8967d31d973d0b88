import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { type JournalEvent, startJournal } from "./journal.ts";

const folder = mkdtempSync(join(tmpdir(), "journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const events: readonly JournalEvent[] = [
  {
    event: "issued",
    at: 1,
    issuer: "ISSUING",
    serial: "01aa",
    thumbprint: "ab".repeat(32),
    agency: "ng/tcu",
    kind: "LINK",
  },
  { event: "revoked", at: 2, issuer: "ISSUING", serial: "01aa", reason: 1 },
  { event: "listed", at: 3, issuer: "ISSUING", number: 1, digest: "cd".repeat(32) },
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
});
