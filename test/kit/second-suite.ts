import { createPublicKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  issueLeaf,
  keyIdOf,
  keyOf,
  leafExtensions,
  makeRequest,
  makeSerial,
} from "../../certs/authority/index.ts";
import { draftCertificate, signDraft } from "../../certs/authority/sign.ts";
import { makeKeyPair, makeSigningKey, saveKey } from "../../certs/keys/index.ts";
import { renderExtension, renderPem } from "../../certs/shape/index.ts";
import type { Layout } from "../../deploy/local/layout.ts";
import type { Office } from "../../deploy/local/office.ts";
import type { RegionPlan } from "../../deploy/local/plan.ts";
import type { Offices } from "../../deploy/local/register.ts";
import type { Agency, AlgorithmRule } from "../../schemas/index.ts";
import { type Bytes, systemChance } from "../../schemas/ground/index.ts";
import type { RegisterEdit } from "./register-edit.ts";

/** A region in its folder, before anything of it was started. */
export interface MadeRegion {
  readonly layout: Layout;
  readonly plan: RegionPlan;
  readonly offices: Offices;
}

const day = 86_400_000;

/** An X25519 key cannot sign a request, so its certificate is made at the office's own desk. */
async function certifyX25519({ authority }: Office, agency: string, spki: Bytes): Promise<Bytes> {
  const { certificate: ca } = authority.issuing;
  const key = keyOf(authority.issuing);
  const order = {
    serial: makeSerial(systemChance),
    subject: `CN=${agency},O=${agency.split("/")[0] ?? ""}.atumpan`,
    issuer: ca.subjectName,
    notBefore: Math.floor(Date.now() / 1000) * 1000 - 60_000,
    notAfter: Math.floor(Date.now() / 1000) * 1000 + 30 * day,
    spki,
    extensions: [
      ...leafExtensions("SEALING", agency),
      renderExtension.subjectKeyId(keyIdOf(spki)),
      renderExtension.authorityKeyId(keyIdOf(ca.spki)),
    ],
  };
  return signDraft(await draftCertificate(order, key.keyType), key);
}

async function certifyEd25519(office: Office, agency: string, folder: string): Promise<Bytes> {
  const { authority, journal } = office;
  const key = makeKeyPair("Ed25519");
  const request = await makeRequest(agency, key);
  const leaf = {
    authority,
    journal,
    request,
    agency,
    kind: "SIGNING",
    chance: systemChance,
  } as const;
  const { der } = await issueLeaf({ ...leaf, now: Date.now() });
  saveKey(join(folder, "ed25519.key"), key);
  writeFileSync(join(folder, "ed25519.pem"), renderPem("CERTIFICATE", der));
  return der;
}

async function sealX25519(office: Office, agency: string, folder: string): Promise<Bytes> {
  const key = makeKeyPair("X25519");
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  const der = await certifyX25519(office, agency, spki);
  saveKey(join(folder, "x25519.key"), key);
  writeFileSync(join(folder, "x25519.pem"), renderPem("CERTIFICATE", der));
  return der;
}

function saveMlDsa(folder: string): Agency["keys"][number] {
  const key = makeKeyPair("ML-DSA-65");
  saveKey(join(folder, "ml-dsa-65.key"), key);
  return { algorithm: "ML-DSA-65", spki: makeSigningKey(key).spki, from: Date.now() - day };
}

function editJson(file: string, change: (now: Record<string, unknown>) => object): void {
  const now = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...now, ...change(now) }));
}

function addToGateway(file: string): void {
  editJson(file, ({ keys }) => {
    const held = keys as { sealing: readonly object[] };
    const pair = (name: string) => ({ key: `keys/${name}.key`, certificate: `keys/${name}.pem` });
    const sealing = [...held.sealing, pair("x25519")];
    return { keys: { ...held, sealing, moreSigning: [pair("ed25519")], extra: ["keys/ml-dsa-65.key"] } };
  }); // prettier-ignore
}

function addToHub(file: string): void {
  const pair = { certificateFile: "keys/ed25519.pem", keyFile: "keys/ed25519.key" };
  editJson(file, () => ({ moreSigning: [pair], extraKeys: ["keys/ml-dsa-65.key"] }));
}

/**
 * Gives the hub and every gateway a second set of keys in its folder and its configuration, EdDSA, X25519 and
 * ML-DSA-65, beside those of ES256 and P-256. Returns what the register has to say of them.
 */
export async function addSecondSuite(made: MadeRegion): Promise<Required<RegisterEdit>["states"]> {
  const { layout, plan, offices } = made;
  const added = new Map<string, Pick<Agency, "certificates" | "keys">>();
  for (const agency of [plan.hub, ...plan.agencies.map((one) => one.agency)]) {
    const office = offices.all.get(agency.split("/")[0] ?? "");
    if (office === undefined) throw new Error(`no office of ${agency}`);
    const isHub = agency === plan.hub;
    const dir = isHub ? layout.hub : layout.gateway(agency);
    const folder = join(dir, "keys");
    const signing = await certifyEd25519(office, agency, folder);
    const sealing = isHub ? [] : [await sealX25519(office, agency, folder)];
    added.set(agency, {
      certificates: [
        { kind: "SIGNING", certificate: signing, endorsements: [] },
        ...sealing.map((certificate) => ({ kind: "SEALING", certificate, endorsements: [] })),
      ],
      keys: [saveMlDsa(folder)],
    });
    if (isHub) addToHub(layout.brokerConfig);
    else addToGateway(join(dir, "gateway.json"));
  }
  const change = (one: Agency): Agency => {
    const { certificates, keys } = added.get(one.agency) ?? { certificates: [], keys: [] };
    return { ...one, certificates: [...one.certificates, ...certificates], keys };
  };
  const authorities = [...offices.all.keys()];
  return Object.fromEntries(
    authorities.map((name) => [name, (now) => ({ ...now, agencies: now.agencies.map(change) })]),
  );
}

/** Lines of one suite, from a moment on and until another. */
export function suiteLines(
  names: {
    readonly required?: readonly string[];
    readonly signatures?: readonly string[];
    readonly curve: "P-256" | "X25519";
    readonly content: "A256GCM" | "A256CBC-HS512";
  },
  { from, until }: { readonly from: number; readonly until?: number | undefined },
): readonly AlgorithmRule[] {
  const { required = [], signatures = [], curve, content } = names;
  const line = (use: string, name: string, change: object = {}): AlgorithmRule => ({
    use,
    name,
    from,
    until,
    ...change,
  });
  return [
    ...required.map((name) => line("SIGNATURE", name, { isRequired: true })),
    ...signatures.map((name) => line("SIGNATURE", name)),
    line("KEY_AGREEMENT", "ECDH-ES+A256KW"),
    line("KEY_AGREEMENT", curve),
    line("CONTENT", content),
  ];
}
