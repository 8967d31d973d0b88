import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { renderVerifierKey } from "../../certs/log/index.ts";
import { makeLayout } from "../../deploy/local/layout.ts";
import { planRegion, type RegionPlan } from "../../deploy/local/plan.ts";
import { makeRegion } from "../../deploy/local/region.ts";
import { loadWitnessConfig, makeWitnessFolder } from "../../deploy/witness/folder.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { editRegister, readRegister, replaceRegister } from "../kit/register-edit.ts";
import { makeTlsPair } from "../kit/tls-pair.ts";
import { enrolSecondHub } from "../kit/two-hubs.ts";

const shown = join(import.meta.dirname, "../../deploy/compose/region");
const shownMinistry = join(import.meta.dirname, "../../deploy/compose/ministry");
const from = Date.UTC(2025, 0, 29);
/** The agencies of the compose file, by the names of their services. */
export const agencies = {
  "ng-tcu": "ng/tcu",
  "gh-tcu": "gh/tcu",
  "ecowas-centre": "ecowas/centre",
  "ke-tcu": "ke/tcu",
  "eac-centre": "eac/centre",
} as const;

function planAgencies(): RegionPlan {
  const usual = planRegion(from, { states: ["ng", "gh", "ke"], recs: ["ecowas", "eac"] });
  const names: readonly string[] = Object.values(agencies);
  const isHere = ({ agency }: { readonly agency: string }): boolean => names.includes(agency);
  return { ...usual, agencies: usual.agencies.filter(isHere), mandates: usual.mandates.filter(isHere) };
} // prettier-ignore

/** Each folder is its user's, and its keys are for him alone. */
function giveToUser(folder: string): void {
  mustRun("chown", "-R", "10001:10001", folder);
  mustRun("chmod", "-R", "go=", folder);
}

function mustRun(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}

/** What deploy/compose/README.md says that each folder beside the compose file needs, of a region made for it. */
export async function makeComposeFolder(): Promise<{ readonly folder: string; remove(): void }> {
  const home = mkdtempSync(join(tmpdir(), "atumpan-compose-"));
  const [layout, plan] = [makeLayout(join(home, "region")), planAgencies()];
  const ports = { base: 7422, host: "hub-one", natsServer: "nats-server" };
  const offices = await makeRegion(plan, layout, { now: Date.now(), chance: systemChance, from, ports });
  const second = makeLayout(join(home, "second"));
  await enrolSecondHub({ layout, offices }, second, { secondRecs: ["eac"], url: "tls://hub-two:7422" });
  const folder = join(home, "compose");
  const witness = join(folder, "witness");
  const { name, link } = loadWitnessConfig(join(shown, "witness"));
  const cosigners = makeWitnessFolder(witness, { name, link });
  const keys = cosigners.map(({ verifierKey }) => ({ verifierKey: renderVerifierKey(verifierKey), from }));
  const witnessing = { witnesses: [{ agency: link?.agency ?? "", name, keys }], quorum: 1 };
  const edit = editRegister(readRegister(layout.register), { region: (now) => ({ ...now, witnessing }) }, { offices, now: Date.now() });
  replaceRegister(layout.register, edit);
  const fill = (service: string, of: string): void => {
    const to = join(folder, service);
    cpSync(of, to, { recursive: true });
    cpSync(layout.register, join(to, "register.bin"));
    cpSync(layout.root, join(to, "root.json"));
    cpSync(join(shown, service), to, { recursive: true });
  };
  fill("hub-one", layout.hub);
  fill("hub-two", second.hub);
  for (const [service, agency] of Object.entries(agencies)) fill(service, layout.gateway(agency));
  cpSync(join(folder, "ecowas-centre/keys"), join(witness, "keys"), { recursive: true });
  cpSync(layout.register, join(witness, "register-given.bin"));
  cpSync(layout.root, join(witness, "root.json"));
  cpSync(join(shown, "compose.yaml"), join(folder, "compose.yaml"));
  cpSync(join(import.meta.dirname, "../../deploy/local/examples/lagos-alert.json"), join(folder, "ng-tcu/alert.json"));
  giveToUser(home);
  mustRun("chmod", "755", home);
  return {
    folder,
    remove: () => {
      for (const { journal } of offices.all.values()) journal.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
} // prettier-ignore

/**
 * The folder of a ministry beside that of a region, with the gateway that stood in the region: its keys, its store, and the
 * configuration that deploy/compose/ministry shows. Gives also what its officers' browsers believe.
 */
export async function makeMinistryFolder(region: string, service: string): Promise<{ readonly folder: string; readonly caPem: string }> {
  const folder = join(region, "../ministry");
  cpSync(join(region, service), join(folder, "gateway"), { recursive: true });
  cpSync(shownMinistry, folder, { recursive: true });
  const { keyPem, certificatePem } = await makeTlsPair("localhost");
  const files = { "api.key": keyPem, "api.pem": certificatePem, "api-ca.pem": certificatePem };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "gateway/keys", name), text);
  giveToUser(folder);
  return { folder, caPem: certificatePem };
} // prettier-ignore
