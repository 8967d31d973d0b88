import { join } from "node:path";

import { checkCertificates } from "./check-certs.ts";
import { checkDisk, checkFiles } from "./check-files.ts";
import { checkGateway, type GatewayFace, type GatewayFound } from "./check-gateway.ts";
import { checkHub } from "./check-hub.ts";
import { checkClock, checkMachine } from "./check-machine.ts";
import { checkRegister, findListTimes, proveFolderRegister } from "./check-register.ts";
import { checkStore } from "./check-store.ts";
import { type Finding, makeFinding } from "./finding.ts";
import { type GatewayFolder, readFolder } from "./folder.ts";
import type { Probes } from "./probes.ts";

/** What is examined: a folder on this machine, a gateway that may be asked, or both. */
export interface Patient {
  readonly dir?: string | undefined;
  /** Builds the way to ask the gateway, of which a folder says where it answers. */
  readonly face?: ((url: string | undefined) => GatewayFace | undefined) | undefined;
}

async function examineGateway(
  { face }: Patient,
  url: string | undefined,
  probes: Probes,
): Promise<GatewayFound> {
  const found = face?.(url);
  return found === undefined ? { isUp: false, findings: [] } : await checkGateway(found, probes);
}

function isClock({ check }: Finding): boolean {
  return check === "clock";
}

async function examineFolder(
  folder: GatewayFolder,
  gateway: GatewayFound,
  probes: Probes,
): Promise<readonly Finding[]> {
  const register = proveFolderRegister(folder, probes);
  const { view } = register;
  const now = probes.clock.now();
  // a gateway that runs has its store open, and checked it at its start
  const store = gateway.isUp ? { findings: [], passed: [] } : checkStore(folder, probes);
  const filed = ["register.bin", "gateway.json"].flatMap(
    (name) => probes.look(join(folder.dir, name))?.changedAt ?? [],
  );
  const passed = [...filed, ...store.passed, ...(view === undefined ? [] : findListTimes(view))];
  const line = view === undefined ? [] : await checkHub(folder, view, probes);
  return [
    checkClock(passed, probes),
    ...checkFiles(folder, probes),
    ...checkDisk(folder.dir, probes),
    ...(view === undefined ? [register.finding] : checkRegister(view, folder.agency, now)),
    ...checkCertificates(folder, view, probes),
    ...line,
    ...store.findings,
  ];
}

/** The same finding twice is one; of two about the clock the bad one counts. */
function tidy(findings: readonly Finding[]): readonly Finding[] {
  const isWrong = findings.some((one) => isClock(one) && one.state === "bad");
  const kept = new Map<string, Finding>();
  for (const one of findings) {
    if (isWrong && isClock(one) && one.state === "ok") continue;
    const { now: _, known: __, minutes: ___, ...facts } = one.facts;
    const key = JSON.stringify([one.code, isClock(one) ? {} : facts]);
    if (!kept.has(key)) kept.set(key, one);
  }
  return [...kept.values()];
}

/**
 * Examines a gateway, whether it runs or not, and says everything that was looked at. Changes nothing but a small file
 * that it writes to the disk and takes away again. Never throws for what is wrong with the gateway.
 */
export async function examine(patient: Patient, probes: Probes): Promise<readonly Finding[]> {
  const machine = checkMachine(probes);
  const { dir } = patient;
  const folder = dir === undefined ? undefined : readFolder(dir, probes);
  const gateway = await examineGateway(patient, folder?.url, probes);
  if (folder === undefined) {
    const unread =
      dir === undefined ? [] : [makeFinding("CONFIG_UNREADABLE", { file: join(dir, "gateway.json") })];
    return tidy([...machine, ...unread, ...gateway.findings]);
  }
  const found = await examineFolder(folder, gateway, probes);
  return tidy([...machine, ...found, ...gateway.findings]);
} // prettier-ignore
