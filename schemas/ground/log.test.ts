import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { type Log, type LogFields, startLog } from "./index.ts";

const dir = mkdtempSync(join(tmpdir(), "log-"));
const file = join(dir, "one.log");
let log: Log;

beforeEach(() => {
  rmSync(file, { force: true });
  log = startLog({ name: "gateway", level: "debug", file });
});
afterAll(() => rmSync(dir, { recursive: true }));

const lines = (): readonly Record<string, unknown>[] =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const usual = ["level", "msg", "name", "time"];
const every: Required<LogFields> = {
  agency: "ng/tcu", hub: "au/hub-one", messageId: "m", code: "INTERNAL", type: "t", channel: "c", stream: "S",
  subject: "s", count: 1, epoch: 2, port: 3, ms: 4, file: "f", host: "h", fingerprint: "p", status: 5,
  traceId: "r", version: "v",
}; // prettier-ignore
/** As a caller that the types do not hold back would hand it in. */
const handed: LogFields = JSON.parse(
  '{"code":"INTERNAL","name":"Kofi Mensah","body":{"persons":[]},"token":"secret","err":{"message":"secret"}}',
);

describe("a line of the log", () => {
  it("is one line of JSON with the level, the time, who writes and the event, and no name of a machine", () => {
    log.warn("an event", { code: "INTERNAL" });
    const [line = {}] = lines();
    expect(Object.keys(line).toSorted()).toEqual([...usual, "code"].toSorted());
    expect(line).toMatchObject({ level: 40, name: "gateway", msg: "an event" });
    expect(line["time"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it("has every field that is allowed, and each of them by its name", () => {
    log.info("all", every);
    expect(lines()[0]).toMatchObject(every);
    expect(Object.keys(lines()[0] ?? {})).toHaveLength(usual.length + Object.keys(every).length);
  });

  it("has no field that is not allowed, whoever hands it in, also where it is added to each line", () => {
    log.info("handed", handed);
    log.with(handed).error("handed on", handed);
    for (const line of lines())
      expect(Object.keys(line).toSorted()).toEqual([...usual, "code"].toSorted());
    const text = readFileSync(file, "utf8");
    for (const word of ["Kofi", "persons", "secret"]) expect(text).not.toContain(word);
  });

  it("is bounded, however long a text is that somebody else wrote", () => {
    log.info("long", { subject: "x".repeat(100_000) });
    expect(String(lines()[0]?.["subject"])).toHaveLength(1_000);
  });
});
