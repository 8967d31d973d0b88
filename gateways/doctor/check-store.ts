import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isFault } from "../../schemas/ground/index.ts";
import { checkNotHeld, checkStoreFile, openStore } from "../store/index.ts";
import { judgeQueue } from "./check-gateway.ts";
import { type Finding, makeFinding } from "./finding.ts";
import type { GatewayFolder } from "./folder.ts";
import type { Probes } from "./probes.ts";

/** A larger one is left to `atumpan store check`: a doctor answers in seconds. */
const maxStoreBytes = 256 * 1024 * 1024;

interface Asleep {
  readonly findings: readonly Finding[];
  /** Times a hub signed, as the store remembers them. */
  readonly passed: readonly number[];
}

function readCopy(path: string, { clock }: Probes): Asleep {
  const { messages } = checkStoreFile(path);
  const store = openStore(path, {}, clock);
  try {
    const backlog = store.outbox.backlog();
    const count = backlog.reduce((sum, line) => sum + line.count, 0);
    const oldest = backlog.length === 0 ? undefined : Math.min(...backlog.map((one) => one.oldestAt));
    return {
      findings: [makeFinding("STORE_WHOLE", { messages }), judgeQueue(count, oldest, clock.now())],
      passed: [Number(store.settings.get("clock.hub") ?? 0)],
    };
  } finally {
    store.close();
  }
} // prettier-ignore

/** A copy is read, so that nothing of the store is brought to another version or waits for us. */
function withCopy(path: string, act: (copy: string) => Asleep): Asleep {
  checkNotHeld(path);
  const folder = mkdtempSync(join(tmpdir(), "atumpan-doctor-"));
  try {
    const copy = join(folder, "store.db");
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    return act(copy);
  } catch (error) {
    const why = isFault(error) ? error.code : "INTEGRITY_STORE";
    return { findings: [makeFinding("STORE_DAMAGED", { file: path, why })], passed: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The store of a gateway that does not run: whether it is whole, and what waits in it. */
export function checkStore(folder: GatewayFolder, probes: Probes): Asleep {
  const path = join(folder.dir, "store.db");
  const seen = probes.look(path);
  if (seen === undefined) return { findings: [makeFinding("STORE_MISSING", { file: path })], passed: [] };
  const passed = [seen.changedAt];
  if (folder.isEncrypted || seen.bytes > maxStoreBytes) {
    return { findings: [makeFinding("STORE_NOT_READ", { file: path })], passed };
  }
  const read = withCopy(path, (copy) => readCopy(copy, probes));
  return { findings: read.findings, passed: [...passed, ...read.passed] };
} // prettier-ignore
