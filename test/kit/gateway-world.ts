import type { KeyObject } from "node:crypto";

import {
  type Authority,
  issueCrl,
  issueLeaf,
  type Journal,
  makeAuthority,
  makeRequest,
  firstRoot,
  publishRegister,
  type RegisterChange,
  revokeCertificate,
} from "../../certs/authority/index.ts";
import {
  makeKeyPair,
  makeSealingKey,
  makeSigner,
  makeSigningKey,
  type SealingKey,
  type KeySigner,
} from "../../certs/keys/index.ts";
import { makeMemoryJournal } from "./memory-journal.ts";
import { everyAlgorithm } from "./algorithms.ts";
import {
  type Certificate,
  type LeafKind,
  parseCertificate,
  renderPem,
} from "../../certs/shape/index.ts";
import { type Anchors, type ProvenRegister, verifyRegister } from "../../certs/trust/index.ts";
import type { Agency, Hub, Mandate, RegionalPart, StatePart } from "../../schemas/index.ts";
import { type Bytes, type Chance, makeSeededChance } from "../../schemas/ground/index.ts";

/** One agency of a made world, with its keys at hand. */
export interface MadeAgency {
  readonly agency: string;
  readonly signer: KeySigner;
  readonly sealing: { readonly key: SealingKey; readonly certificate: Bytes };
  readonly link: { readonly certificatePem: string; readonly keyPem: string };
  readonly server: { readonly certificatePem: string; readonly keyPem: string };
  readonly certificates: Agency["certificates"];
}

/** A region with its register, made by code. */
export interface GatewayWorld {
  readonly now: number;
  readonly anchors: Anchors;
  readonly register: Bytes;
  readonly view: ProvenRegister;
  readonly authorities: ReadonlyMap<string, Authority>;
  agency(name: string): MadeAgency;
  /** The next epoch, changed. */
  publish(change: (now: WorldParts) => WorldParts): Bytes;
  /** The next epoch, with an agency's certificate of one kind on its CA's list; made at `at`. */
  revoke(agency: string, kind: LeafKind, when: RevokedWhen): Promise<Bytes>;
}

/** When a world is made, where its hub is, and how long each of its registers is in date. */
export interface WorldPlan {
  readonly now: number;
  readonly hubUrl?: string;
  readonly lifeMs?: number;
  /** What units other than financial ones are mandated for, beside alerts and bulletins. */
  readonly types?: readonly string[];
  /** The strictest handling they are mandated for; H2 when left out. */
  readonly handlingUpTo?: string;
}

/** When a certificate was revoked, and since when its key is feared to be in other hands. */
export interface RevokedWhen {
  readonly at: number;
  readonly since?: number;
}

/** What may be different in the next epoch. */
export interface WorldParts {
  readonly mandates: readonly Mandate[];
  readonly agencies: ReadonlyMap<string, readonly Agency[]>;
  readonly release: StatePart["release"];
  readonly hubs: readonly Hub[];
  readonly witnessing?: RegionalPart["witnessing"];
}

const day = 86_400_000;
const hubName = "ecowas/hub";
const kinds: Readonly<Record<string, string>> = { tcu: "TCU", fiu: "FIU", hub: "HUB", moc: "MOC" };

interface Desk {
  readonly authority: Authority;
  readonly journal: Journal;
  readonly now: number;
  readonly chance: Chance;
}

async function issue(
  desk: Desk,
  agency: string,
  kind: LeafKind,
): Promise<{ key: KeyObject; leaf: Certificate }> {
  const key = makeKeyPair("P-256");
  const request = await makeRequest(agency, key);
  return { key, leaf: await issueLeaf({ ...desk, request, agency, kind }) };
}

async function makeAgency(desk: Desk, agency: string): Promise<MadeAgency> {
  const [signing, sealing, link, server] = await Promise.all([
    issue(desk, agency, "SIGNING"),
    issue(desk, agency, "SEALING"),
    issue(desk, agency, "LINK"),
    issue(desk, agency, "SERVER"),
  ]);
  const chain = (leaf: Certificate): string =>
    renderPem("CERTIFICATE", leaf.der, desk.authority.issuing.certificate.der);
  const pem = (key: KeyObject): string => key.export({ format: "pem", type: "pkcs8" }).toString();
  const { thumbprint } = signing.leaf;
  return {
    agency,
    signer: makeSigner({ signer: agency, key: makeSigningKey(signing.key), thumbprint }),
    sealing: { key: makeSealingKey(sealing.key), certificate: sealing.leaf.der },
    link: { certificatePem: chain(link.leaf), keyPem: pem(link.key) },
    server: { certificatePem: chain(server.leaf), keyPem: pem(server.key) },
    certificates: [
      { kind: "SIGNING", certificate: signing.leaf.der, endorsements: [] },
      { kind: "SEALING", certificate: sealing.leaf.der, endorsements: [] },
      { kind: "LINK", certificate: link.leaf.der, endorsements: [] },
      ...(agency === hubName
        ? [{ kind: "SERVER", certificate: server.leaf.der, endorsements: [] }]
        : []),
    ],
  };
}

function mandatesOf(
  agency: string,
  {
    from,
    more,
    handlingUpTo,
  }: { readonly from: number; readonly more: readonly string[]; readonly handlingUpTo: string },
): readonly Mandate[] {
  const kind = kinds[agency.split("/")[1] ?? ""];
  if (kind === "HUB") return [];
  const scopes = kind === "FIU" ? ["direct"] : ["ecowas", "direct"];
  const types = kind === "FIU" ? ["fiu.*"] : ["alert.*", "bulletin.*", "key.*", ...more];
  return scopes.flatMap((scope) =>
    ["PUBLISH", "READ"].map((action) => ({
      agency,
      action,
      scope,
      types,
      crimes: ["*"],
      handlingUpTo,
      from,
    })),
  );
}

/**
 * Makes a region: one hub `ecowas/hub` at `hubUrl`, and agencies such as `ng/tcu` and `ng/fiu`, each state
 * releasing to all. Made at `now`; keys are always fresh.
 */
export async function makeGatewayWorld(
  names: readonly string[],
  {
    now,
    hubUrl = "tls://127.0.0.1:1",
    lifeMs = 30 * day,
    types: more = [],
    handlingUpTo = "H2",
  }: WorldPlan,
): Promise<GatewayWorld> {
  const chance = makeSeededChance("gateway world");
  const all = [hubName, ...names];
  const states = [...new Set(all.map((name) => name.split("/")[0] ?? ""))];
  const desks = new Map<string, Desk>();
  for (const state of states) {
    const authority = await makeAuthority({ authority: state, now, chance });
    desks.set(state, { authority, journal: makeMemoryJournal(), now, chance });
  }
  const deskOf = (state: string): Desk => {
    const desk = desks.get(state);
    if (desk === undefined) throw new Error(`no authority ${state}`);
    return desk;
  };
  const made = new Map<string, MadeAgency>();
  for (const name of all) made.set(name, await makeAgency(deskOf(name.split("/")[0] ?? ""), name));
  const crls = new Map<string, readonly Bytes[]>();
  for (const [state, desk] of desks) {
    const lists = [
      await issueCrl({ ...desk, issuer: "ISSUING" }),
      await issueCrl({ ...desk, issuer: "ROOT" }),
    ];
    crls.set(
      state,
      lists.map(({ der }) => der),
    );
  }
  const registrar = makeSigningKey(makeKeyPair("P-256"));
  const stateKeys = new Map(states.map((state) => [state, makeSigningKey(makeKeyPair("P-256"))]));
  const from = now - day;
  const mailboxKey = chance.bytes(32);
  const first: WorldParts = {
    mandates: names.flatMap((name) => mandatesOf(name, { from, more, handlingUpTo })),
    agencies: new Map(
      states.map((state) => [
        state,
        all
          .filter((name) => name.startsWith(`${state}/`))
          .map((agency) => ({
            agency,
            kind: kinds[agency.split("/")[1] ?? ""] ?? "POLICE",
            names: [],
            languages: [],
            certificates: made.get(agency)?.certificates ?? [],
            keys: [],
          })),
      ]),
    ),
    release: [
      { effect: "ALLOW", originators: [], authorities: [], kinds: [], agencies: [], types: [], crimes: [], askedAssurances: [], from },
    ],
    hubs: [{ hub: hubName, urls: [hubUrl], recs: ["ecowas"] }],
  }; // prettier-ignore
  const changeOf = ({ mandates, agencies, release, hubs, witnessing }: WorldParts): RegisterChange => ({
    region: {
      recs: [{ rec: "ecowas", names: [], languages: [] }],
      memberships: states.filter((state) => state !== "ecowas").map((authority) => ({ rec: "ecowas", authority, from })),
      authorities: states.map((authority) => ({
        authority,
        roots: [deskOf(authority).authority.root.certificate.der],
      })),
      mandates,
      hubs,
      mailboxKeys: [{ key: mailboxKey, from }],
      algorithms: everyAlgorithm,
      staleness: [],
      ...(witnessing === undefined ? {} : { witnessing }),
    },
    states: states.map((authority) => ({
      authority,
      names: [],
      agencies: agencies.get(authority) ?? [],
      intermediates: [deskOf(authority).authority.issuing.certificate.der],
      crls: crls.get(authority) ?? [],
      release,
      nominations: mandates.filter(({ agency }) => agency.startsWith(`${authority}/`)),
      agreements: [],
      givenAssurances: [],
    })),
  }); // prettier-ignore
  const keys = { registrar, authorities: stateKeys };
  const times = { issuedAt: now, expiresAt: now + lifeMs };
  let parts = first;
  let current = publishRegister({ current: undefined, change: changeOf(parts), keys }, times);
  const anchors = { root: firstRoot(current) };
  return {
    now,
    anchors,
    register: current,
    view: verifyRegister(current, anchors),
    authorities: new Map([...desks].map(([state, { authority }]) => [state, authority])),
    agency: (name) => {
      const found = made.get(name);
      if (found === undefined) throw new Error(`no agency ${name}`);
      return found;
    },
    publish: (change) => {
      parts = change(parts);
      current = publishRegister({ current, change: changeOf(parts), keys }, times);
      return current;
    },
    revoke: async (agency, kind, { at, since }) => {
      const state = agency.split("/")[0] ?? "";
      const desk = { ...deskOf(state), now: at };
      const { certificate } = made.get(agency)?.certificates.find((one) => one.kind === kind) ?? {};
      const { serial } = parseCertificate(certificate ?? new Uint8Array());
      revokeCertificate({ ...desk, serial, reason: "KEY_COMPROMISE", since });
      const { der } = await issueCrl({ ...desk, issuer: "ISSUING" });
      const [, root = der] = crls.get(state) ?? [];
      crls.set(state, [der, root]);
      const then = { issuedAt: at, expiresAt: at + lifeMs };
      current = publishRegister({ current, change: changeOf(parts), keys }, then);
      return current;
    },
  };
}
