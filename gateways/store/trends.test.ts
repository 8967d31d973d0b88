import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { sha256, utf8 } from "../../schemas/ground/index.ts";
import { makeChanges } from "./changes.ts";
import type { Database } from "./database.ts";
import { makeMessages } from "./messages.ts";
import { openStoreFile } from "./restore-open.ts";
import { makeTrends } from "./trends.ts";

const start = Date.UTC(2026, 4, 4);
const dayMs = 86_400_000;
const types = ["alert.incident", "bulletin.red_flag", "key.share"] as const;
const states = ["VERIFIED", "QUARANTINED", "ERASED"] as const;

let dir: string;
let database: Database;
let close: () => void;

/** What of a message is counted, so that all of it comes together with all. */
function draw(at: number): { readonly type: string; readonly state: string; readonly handling: string; readonly status: string; readonly createdAt: number } {
  const [type, state] = [types[at % 3] ?? "", states[Math.floor(at / 3) % 3] ?? ""];
  return { type, state, handling: `H${Math.floor(at / 9) % 4}`, status: at % 5 === 0 ? "EXERCISE" : "ACTUAL", createdAt: start + at * (dayMs / 4) };
} // prettier-ignore

const drawn = Array.from({ length: 400 }, (_, at) => draw(at));

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "trends-"));
  const file = openStoreFile(join(dir, "store.db"), {});
  database = file.database;
  close = () => file.close();
  const messages = makeMessages(database, makeChanges(database, () => start));
  database.exec("BEGIN");
  for (const [at, one] of drawn.entries()) {
    const id = sha256(utf8(`${at}`)).slice(0, 16);
    const rest = { crimes: ["drugs"], recs: ["ecowas"], urgency: "NORMAL", audience: [], raw: id };
    const times = { expiresAt: one.createdAt + dayMs, storedAt: one.createdAt };
    messages.add({ box: "in", id, originator: "gh/tcu", digest: sha256(id), ...one, ...rest, ...times });
  }
  database.exec("COMMIT");
}); // prettier-ignore

afterAll(() => {
  close();
  rmSync(dir, { recursive: true });
});

const query = {
  box: "in",
  from: start + 10 * dayMs,
  until: start + 60 * dayMs,
  handlings: ["H0", "H2"],
  statuses: ["ACTUAL"],
  limit: 10_000,
} as const;

describe("counts over weeks", () => {
  it("are of what was proved, may be seen and is no key, in the weeks it was made", () => {
    const counted = makeTrends(database).count(query);
    const wanted = drawn.filter(
      ({ type, state, handling, status, createdAt }) =>
        !type.startsWith("key.") &&
        state !== "QUARANTINED" &&
        query.handlings.some((one) => one === handling) &&
        status === "ACTUAL" &&
        createdAt >= query.from &&
        createdAt < query.until,
    );
    const perWeek = (times: readonly number[]): unknown =>
      [...Map.groupBy(times, (at) => at)].map(([at, all]) => [at, all.length]);
    const mondays = wanted.map(({ createdAt }) => start + Math.floor((createdAt - start) / (7 * dayMs)) * 7 * dayMs);
    expect(wanted.length).toBeGreaterThan(20);
    expect(perWeek(counted.flatMap(({ week, count }) => Array.from({ length: count }, () => week)))).toEqual(perWeek(mondays));
  }); // prettier-ignore

  it("are made without reading a message, so that a year of many is counted in the time of a few", () => {
    let asked = "";
    const prepare: Database["prepare"] = (sql) => {
      asked = sql;
      return database.prepare(sql);
    };
    makeTrends({ ...database, prepare });
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${asked}`).all("in", 0, 1, "", "", 1);
    const steps = plan.map((row) => String(row["detail"]));
    expect(steps.filter((step) => /SEARCH|SCAN/.test(step))).toEqual([
      expect.stringContaining("USING COVERING INDEX message_counted (box=? AND created_at>? AND created_at<?)"),
    ]);
  }); // prettier-ignore
});
