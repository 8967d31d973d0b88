import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openSqlite } from "../../gateways/store/drivers/sqlite.ts";
import { openStore } from "../../gateways/store/index.ts";
import { encodeMessage } from "../../schemas/index.ts";
import { makeUuid, sha256, systemChance } from "../../schemas/ground/index.ts";
import { median } from "./percentile.ts";

/** What a gateway with so many stored messages costs. */
export interface StoreFigures {
  readonly messages: number;
  readonly fileMebibytes: number;
  /** Until the gateway runs: the file checked, a sample of it proved, everything ready. */
  readonly startMs: number;
  readonly residentMebibytes: number;
  /** A page of 50 over HTTP; the middle of 180, and the worst of them. */
  readonly pageMs: number;
  readonly worstPageMs: number;
  readonly pageKilobytes: number;
  /** The same rows by SQLite alone, in the same file. */
  readonly bareMs: number;
}

const batch = 5_000;
const bodyBytes = 700;

/** Fills a store with messages of others, each with its digest as it must be; past the gateway's own writer, which syncs. */
function fill(path: string, count: number, say: (text: string) => void): void {
  openStore(path).close();
  const database = openSqlite(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  const insert = database.prepare(
    `INSERT INTO message (box, id, originator, digest, type, crimes, recs, handling, urgency, status, created_at, expires_at,
     stored_at, state, audience, raw) VALUES ('in', ?, 'gh/tcu', ?, 'alert.incident', ' drugs ', ' ecowas ', 'H0', 'NORMAL',
     'ACTUAL', ?, ?, ?, 'VERIFIED', '', ?)`,
  );
  const now = Date.now();
  for (let done = 0; done < count; done += batch) {
    database.exec("BEGIN");
    for (let at = 0; at < Math.min(batch, count - done); at += 1) {
      const id = makeUuid(now, systemChance);
      const raw = encodeMessage({
        envelope: id,
        signatures: [],
        open: systemChance.bytes(bodyBytes),
      });
      insert.run(id, sha256(id), now, now + 86_400_000, now, raw);
    }
    database.exec("COMMIT");
    if ((done / batch) % 40 === 0) say(`${done} of ${count} stored`);
  }
  database.close();
}

function measureBare(path: string): number {
  const database = openSqlite(path);
  const select = database.prepare("SELECT seq, id, originator, type, crimes, recs, handling, urgency, status, created_at, expires_at, stored_at, state FROM message WHERE box = 'in' AND system = 0 AND seq < ? ORDER BY seq DESC LIMIT 50"); // prettier-ignore
  const times = Array.from({ length: 200 }, (_, i) => {
    const at = performance.now();
    select.all(100_000 - i * 50);
    return performance.now() - at;
  });
  database.close();
  return median(times);
}

/** Fills a store, runs a gateway of its own over it, and measures. */
export function measureStore(
  { count = 1_000_000 }: { readonly count?: number | undefined },
  say: (text: string) => void,
): StoreFigures {
  const dir = mkdtempSync(join(tmpdir(), "store-bench-"));
  try {
    const path = join(dir, "store.db");
    fill(path, count, say);
    const bareMs = measureBare(path);
    say("a gateway starts over it");
    const script = join(import.meta.dirname, "store-process.ts");
    const found = execFileSync(process.execPath, ["--max-semi-space-size=4", script, dir], { encoding: "utf8", maxBuffer: 1024 * 1024 }); // prettier-ignore
    const told = JSON.parse(found) as Record<"startMs" | "rss" | "pageMs" | "worstMs" | "bytes" | "inbox", number>; // prettier-ignore
    return {
      messages: told.inbox,
      fileMebibytes: statSync(path).size / 1024 / 1024,
      startMs: told.startMs,
      residentMebibytes: told.rss / 1024 / 1024,
      pageMs: told.pageMs,
      worstPageMs: told.worstMs,
      pageKilobytes: told.bytes / 1000,
      bareMs,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The figures as a person reads them. */
export function renderStore(figures: StoreFigures): string {
  const { messages, fileMebibytes, startMs, residentMebibytes, pageMs, worstPageMs } = figures;
  const { pageKilobytes, bareMs } = figures;
  return [
    `${messages} messages stored, ${fileMebibytes.toFixed(0)} MiB`,
    `start, with its checks     ${(startMs / 1000).toFixed(1)} s`,
    `resident memory            ${residentMebibytes.toFixed(0)} MiB (256 allowed)`,
    `a page of 50 over HTTP     ${pageMs.toFixed(1)} ms, at worst ${worstPageMs.toFixed(1)} (20 allowed); ${pageKilobytes.toFixed(1)} kB compressed (3 allowed)`,
    `the same rows, SQLite only ${bareMs.toFixed(2)} ms: ${(pageMs / bareMs).toFixed(1)} times`,
    "",
  ].join("\n");
}
