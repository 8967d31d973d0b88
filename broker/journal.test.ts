import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { isKnownCode } from "../schemas/index.ts";
import { silentLog, systemClock } from "../schemas/ground/index.ts";
import { type AuditAct, loggedEvents } from "./audit/index.ts";
import { type Journal, openJournal } from "./journal.ts";
import { openLogService } from "./open-log-service.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function open(configuration: string): Journal {
  const file = join(dir, "audit.jsonl");
  const options = { file, clock: systemClock, log: silentLog, configuration };
  return openJournal(options, () => expect.unreachable());
}

function acts(journal: Journal): readonly string[] {
  const told: AuditAct[] = [];
  journal.follow((act) => told.push(act));
  return told.map(({ event }) => event);
}

describe("administrative acts of the hub", () => {
  it("are codes of LOG_ACT", () => {
    const names = [...loggedEvents].map((event) => event.toUpperCase().replaceAll(" ", "_"));
    expect(names.filter((name) => !isKnownCode("LOG_ACT", name))).toEqual([]);
  });

  it("another configuration than at the last start is one, the same is none; its stop stands in the log after the next start", () => {
    open("one").stop();
    open("one").stop();
    const journal = open("two");
    expect(acts(journal)).toEqual([
      "configuration changed",
      "hub stopped",
      "hub stopped",
      "configuration changed",
    ]);
    journal.stop();
    const lines = readFileSync(join(dir, "audit.jsonl"), "utf8").trimEnd().split("\n");
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ event: "hub stopped" });
  });

  it("who reads the log is written down once an hour, however much he reads", async () => {
    mkdirSync(join(dir, "log"));
    writeFileSync(join(dir, "log/checkpoint"), "atumpan/au/hub-one\n0\n\n");
    const written: string[] = [];
    let shift = 0;
    const clock = { ...systemClock, elapsed: () => systemClock.elapsed() + shift };
    const service = await openLogService({
      options: { dir, logService: { port: 0 }, clock },
      own: { server: () => expect.unreachable() },
      register: () => expect.unreachable(),
      journal: { write: (event) => void written.push(event) },
      log: silentLog,
    });
    const read = async (path: string): Promise<number> => (await fetch(`${service?.url}/${path}`)).status; // prettier-ignore
    expect([await read("nothing"), written]).toEqual([404, []]);
    expect([await read("checkpoint"), await read("checkpoint")]).toEqual([200, 200]);
    expect(written).toEqual(["log read"]);
    shift = 3_600_000;
    await read("checkpoint");
    expect(written).toEqual(["log read", "log read"]);
    await service?.stop();
  });
});
