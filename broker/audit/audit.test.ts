import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { silentLog, systemClock } from "../../schemas/ground/index.ts";
import { startLogReader } from "./log-reader.ts";
import { type CountedAttempt, countAttempts, parseViolation } from "./server-log.ts";
import { openAuditTrail } from "./trail.ts";

const folder = mkdtempSync(join(tmpdir(), "audit-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const clock = { ...systemClock, now: () => 1_780_272_000_000 };
const broken: unknown = expect.objectContaining({ code: "INTEGRITY_STORE" });

function freshFile(): string {
  files += 1;
  return join(folder, `${files}.log`);
}

function madeTrail(): string {
  const file = freshFile();
  const trail = openAuditTrail(file, clock);
  trail.write("login allowed", { agency: "ng/tcu", host: "10.0.0.7" });
  trail.write("foreign subject", { agency: "ng/tcu", subject: "feed.>", count: 3 });
  trail.stop();
  return file;
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").trimEnd().split("\n");
}

describe("openAuditTrail", () => {
  it("goes on where it ended", () => {
    const file = madeTrail();
    const trail = openAuditTrail(file, clock);
    expect(trail.sequence).toBe(4);
    trail.stop();
    expect(linesOf(file).map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      "trail opened",
      "login allowed",
      "foreign subject",
      "trail opened",
    ]);
  });

  it.each<[string, (lines: string[]) => string[]]>([
    [
      "changed",
      ([first = "", second = "", ...rest]) => [first, second.replace("ng", "gh"), ...rest],
    ],
    ["taken out", ([first = "", , ...rest]) => [first, ...rest]],
    ["put twice", ([first = "", ...rest]) => [first, first, ...rest]],
    ["put in another place", ([first = "", second = "", third = ""]) => [first, third, second]],
    ["replaced by junk", ([first = ""]) => [first, "junk"]],
  ])("a record that was %s stops the hub", (_what, change) => {
    const file = madeTrail();
    writeFileSync(file, `${change(linesOf(file)).join("\n")}\n`);
    expect(() => openAuditTrail(file, clock)).toThrow(broken);
  });

  it("a record that is not text stops the hub, and its file is let go", () => {
    const file = madeTrail();
    appendFileSync(file, Buffer.from([0xff, 0x0a]));
    const held = readdirSync("/dev/fd").length;
    for (let i = 0; i < 5; i += 1) expect(() => openAuditTrail(file, clock)).toThrow(broken);
    expect(readdirSync("/dev/fd").length).toBeLessThan(held + 5);
  });

  it("a last line that a crash cut short is taken off, and said", () => {
    const file = madeTrail();
    appendFileSync(file, '{"sequence":4,"ti');
    openAuditTrail(file, clock).stop();
    expect(linesOf(file)).toHaveLength(4);
    expect(linesOf(file)[3]).toContain("trail mended");
    openAuditTrail(file, clock).stop();
  });

  it("a folder that is not there cannot hold a trail", () => {
    expect(() => openAuditTrail(join(folder, "none", "x"), clock)).toThrow(broken);
  });
});

const head = "[11384] 2026/11/21 08:16:59.458410 [ERR] 127.0.0.1:56464 - cid:19 - ";

describe("parseViolation", () => {
  it("reads the lines of nats-server 2.14", () => {
    const publish = `${head}"v3.4.0:nats.js" - Publish Violation - Subject "out.secret.x"`;
    const found = { connection: 19, host: "127.0.0.1", action: "Publish", subject: "out.secret.x" };
    expect(parseViolation(publish)).toEqual(found);
    const queue = `${head}"v3.4.0:nats.js:name" - Subscription Violation - Subject "feed.>", Queue: "q", SID 3`;
    expect(parseViolation(queue)).toMatchObject({ action: "Subscription", subject: "feed.>" });
  });

  it("a name made to look like the rest of a line is no more than a name", () => {
    const name = String.raw`evil\n[1] a b [ERR] 1.2.3.4:5 - cid:7 - \"v3\" - Publish Violation - Subject \"q\" x`;
    const line = `${head}"v3.4.0:nats.js:${name}" - Publish Violation - Subject "out.secret.x"`;
    expect(parseViolation(line)).toMatchObject({ connection: 19, subject: "out.secret.x" });
  });

  it("other lines are not violations", () => {
    for (const line of [
      "",
      head,
      `${head}"v" - authentication error`,
      `x ${head}"v" - Publish Violation - Subject "a"`,
      `${head.replace("cid:19", `cid:${"9".repeat(400)}`)}"v" - Publish Violation - Subject "a"`,
    ]) {
      expect(parseViolation(line)).toBeUndefined();
    }
  });

  it("equal attempts are counted as one", () => {
    const one = { connection: 1, host: "h", action: "Publish", subject: "a" } as const;
    expect(countAttempts([one, { ...one, subject: "b" }, one])).toEqual([
      { ...one, count: 2 },
      { ...one, subject: "b", count: 1 },
    ]);
  });
});

describe("startLogReader", () => {
  const line = (subject: string): string =>
    `${head}"v" - Publish Violation - Subject "${subject}"\n`;
  const still = { ...systemClock, every: () => ({ stop: () => undefined }) };

  it("reads what is new, each line once, over cut lines and a rotated file", () => {
    const file = freshFile();
    writeFileSync(file, line("before"));
    const told: CountedAttempt[] = [];
    const reader = startLogReader({
      file,
      clock: still,
      log: silentLog,
      onAttempt: (one) => told.push(one),
    });
    reader.poll();
    appendFileSync(file, line("a") + line("b").slice(0, 40));
    reader.poll();
    appendFileSync(file, line("b").slice(40));
    reader.poll();
    renameSync(file, `${file}.1`);
    writeFileSync(file, line("c"));
    reader.poll();
    reader.poll();
    reader.stop();
    expect(told.map(({ subject }) => subject)).toEqual(["a", "b", "c"]);
  });

  it("a flood of different subjects is bounded, and none is uncounted", () => {
    const file = freshFile();
    const told: CountedAttempt[] = [];
    const reader = startLogReader({
      file,
      clock: still,
      log: silentLog,
      onAttempt: (one) => told.push(one),
    });
    reader.poll();
    writeFileSync(file, Array.from({ length: 500 }, (_, i) => line(`s${i}`)).join(""));
    reader.poll();
    expect(told).toHaveLength(50);
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(500);
  });
});
