import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { z } from "zod";

import { replaceFile } from "../../schemas/disk/index.ts";
import { type Chance, type EpochMs, Fault, tryShape } from "../../schemas/ground/index.ts";
import { firstRoot, registerDays, withRegisterLock } from "../../certs/authority/index.ts";
import { makeKeyPair, makeSigningKey, saveKey } from "../../certs/keys/index.ts";
import {
  logOriginOf,
  makeNoteSigner,
  renderVerifierKey,
  type VerifierKey,
} from "../../certs/log/index.ts";
import type { LeafKind } from "../../certs/shape/index.ts";
import { type ProvenRegister, verifyRegister } from "../../certs/trust/index.ts";
import { hubUrl, type LocalPorts, saveConfigs, secondPorts } from "./configs.ts";
import { saveCredentials } from "./credential-files.ts";
import { type Layout, secondLayout } from "./layout.ts";
import { type Credential, enrolAgency, issueLists, type Office } from "./office.ts";
import { openMailboxKey, openOffices } from "./offices.ts";
import type { RegionPlan } from "./plan.ts";
import {
  type LocalWitness,
  makeRegionalPart,
  makeStatePart,
  type Offices,
  publish,
  type RegionLines,
} from "./register.ts";

/** What a region is made with. */
export interface RegionGround {
  readonly now: EpochMs;
  readonly chance: Chance;
  /** Since when memberships and mandates count. */
  readonly from: EpochMs;
  readonly ports: LocalPorts;
}

const readyShape = z.looseObject({ hubs: z.number().optional() });
const gatewayKinds: readonly LeafKind[] = ["LINK", "SIGNING", "SEALING"];
const hubKinds: readonly LeafKind[] = ["LINK", "SIGNING", "SERVER"];
const dayMs = 86_400_000;

function readRegister({ home, register, root }: Layout): ProvenRegister {
  if (!existsSync(root)) {
    throw new Fault(
      "CONFIG_INVALID",
      `${home} was made by an older version; remove it, and start again`,
    );
  }
  return verifyRegister(readFileSync(register), { root: readFileSync(root) });
}

function officeOf(offices: Offices, agency: string): Office {
  const office = offices.all.get(agency.split("/")[0] ?? "");
  if (office === undefined) throw new Error(`no office for ${agency}`);
  return office;
}

async function enrolAll(
  plan: RegionPlan,
  offices: Offices,
  { layout, ...ground }: RegionGround & { layout: Layout },
): Promise<ReadonlyMap<string, readonly Credential[]>> {
  const orders = [
    ...plan.agencies.map(({ agency }) => ({
      agency,
      kinds: gatewayKinds,
      dir: layout.gateway(agency),
    })),
    { agency: plan.hub, kinds: hubKinds, dir: layout.hub },
    ...(plan.second === undefined
      ? []
      : [{ agency: plan.second.hub, kinds: hubKinds, dir: secondLayout(layout).hub }]),
  ];
  const enrolled = new Map<string, readonly Credential[]>();
  for (const { agency, kinds, dir } of orders) {
    const credentials = await enrolAgency(officeOf(offices, agency), { agency, kinds }, ground);
    saveCredentials(join(dir, "keys"), credentials);
    enrolled.set(agency, credentials);
  }
  return enrolled;
}

/** The key of the hub's log: signs nothing else, so it is Ed25519 as notes have it. */
function makeLogKey({ logKey: file }: Layout, hub: string): VerifierKey {
  const key = makeKeyPair("Ed25519");
  saveKey(file, key);
  return makeNoteSigner(logOriginOf(hub), makeSigningKey(key)).verifierKey;
}

function makeSecondOf({ second }: RegionPlan, layout: Layout, ports: LocalPorts): RegionLines["second"] {
  if (second === undefined) return undefined;
  return { hubUrl: hubUrl(secondPorts(ports)), logKey: makeLogKey(secondLayout(layout), second.hub) };
} // prettier-ignore

function countHubs({ second }: RegionPlan): number {
  return second === undefined ? 1 : 2;
}

/** A region is gone on with as it was made. @throws {Fault} CONFIG_INVALID */
function checkHubs(plan: RegionPlan, { ready, home }: Layout): void {
  const found = tryShape(readyShape, JSON.parse(readFileSync(ready, "utf8")));
  const made = found.success ? (found.data.hubs ?? 1) : 1;
  if (made === countHubs(plan)) return;
  const why = `${home} was made with ${made === 1 ? "one hub" : `${made} hubs`}`;
  throw new Fault("CONFIG_INVALID", `${why}: start it as it was made, or another region in another folder (ATUMPAN_HOME)`);
} // prettier-ignore

/** A witness of another authority than the hub's, in a folder of its own. */
async function makeWitnessOf(plan: RegionPlan, layout: Layout, { logKey, ports }: { readonly logKey: VerifierKey; readonly ports: LocalPorts }): Promise<LocalWitness | undefined> {
  const { witness: port, host } = ports;
  const { agency } = plan.agencies.find(({ kind }) => kind === "REGIONAL_CENTRE") ?? {};
  if (port === undefined || agency === undefined) return undefined;
  // only who has a witness waits for what makes one
  const { makeWitnessFolder } = await import("../witness/index.ts");
  const name = `witness/${agency}`;
  const logs = [renderVerifierKey(logKey)];
  const cosigners = makeWitnessFolder(layout.witness, { name, listen: { host, port }, logs });
  return { agency, name, keys: cosigners.map(({ verifierKey }) => verifierKey) };
} // prettier-ignore

/**
 * Makes a region on disk: every authority's CAs, every agency's keys and certificates, the first register,
 * and every configuration file. Returns the offices, which can publish the next register.
 */
export async function makeRegion(
  plan: RegionPlan,
  layout: Layout,
  ground: RegionGround,
): Promise<Offices> {
  const { now, chance, from, ports } = ground;
  mkdirSync(dirname(layout.register), { recursive: true, mode: 0o700 });
  const authorities = plan.authorities.map(({ authority }) => authority);
  const offices = await openOffices(layout, authorities, ground);
  const credentials = await enrolAll(plan, offices, { ...ground, layout });
  const mailboxKey = openMailboxKey(layout, chance);
  const logKey = makeLogKey(layout, plan.hub);
  const witness = await makeWitnessOf(plan, layout, { logKey, ports });
  const second = makeSecondOf(plan, layout, ports);
  const lines = { hubUrl: hubUrl(ports), mailboxKey, logKey, witness, second, from };
  const region = makeRegionalPart(plan, offices, lines);
  const states = await Promise.all(
    [...offices.all.values()].map((office) => makeStatePart(plan, { office, credentials, now })),
  );
  const register = publish(undefined, { region, states }, { offices, now });
  replaceFile(layout.register, register);
  replaceFile(layout.root, firstRoot(register));
  saveConfigs(layout, plan, ports);
  const made = { agencies: plan.agencies.length, hubs: countHubs(plan) };
  writeFileSync(layout.ready, `${JSON.stringify(made)}\n`, { flush: true });
  return offices;
}

/** Publishes the next register with new revocation lists of every authority. */
export async function renewLists(layout: Layout, offices: Offices, now: EpochMs): Promise<void> {
  const { parts } = readRegister(layout).trusted;
  const states = await Promise.all(
    [...parts].map(async ([name, { part }]) => {
      return { ...part, crls: await issueLists(officeOf(offices, name), now) };
    }),
  );
  const current = readFileSync(layout.register);
  replaceFile(layout.register, publish(current, { states }, { offices, now }));
}

/**
 * Opens the region in a folder: makes it the first time; later renews the revocation lists when they are
 * more than a day old.
 *
 * @returns whether it was made now, and the offices
 */
export async function openRegion(
  plan: RegionPlan,
  layout: Layout,
  ground: RegionGround,
): Promise<{ isNew: boolean; offices: Offices }> {
  if (!existsSync(layout.ready))
    return { isNew: true, offices: await makeRegion(plan, layout, ground) };
  checkHubs(plan, layout);
  const authorities = plan.authorities.map(({ authority }) => authority);
  const offices = await withRegisterLock(layout.register, async () => {
    const opened = await openOffices(layout, authorities, ground);
    const left = readRegister(layout).expiresAt - ground.now;
    if (left < (registerDays - 1) * dayMs) await renewLists(layout, opened, ground.now);
    return opened;
  });
  saveConfigs(layout, plan, ground.ports);
  return { isNew: false, offices };
}
