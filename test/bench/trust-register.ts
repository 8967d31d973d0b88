import { firstRoot, publishRegister, type RegisterChange } from "../../certs/authority/index.ts";
import { makeKeyPair, makeSigningKey } from "../../certs/keys/index.ts";
import { type Anchors, type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import type { Agency, Mandate } from "../../schemas/index.ts";
import { type Bytes, systemChance } from "../../schemas/ground/index.ts";
import { everyAlgorithm } from "../kit/algorithms.ts";
import { makePki, type Pki, pkiNow } from "../kit/pki.ts";

type NewRegion = NonNullable<RegisterChange["region"]>;
type NewState = NonNullable<RegisterChange["states"]>[number];

const states = 70;
const agenciesInAll = 3000;
const recs = ["eac", "ecowas", "igad", "sadc"] as const;
const kinds = ["FIU", "TCU", "CUSTOMS", "COAST_GUARD"] as const;

/** A register as large as we expect ever to see, and a state in it whose certificates are real. */
export interface BigRegister {
  readonly bytes: Bytes;
  readonly anchors: Anchors;
  readonly view: RegisterView;
  /** Of `ng/tcu`, whose signing certificate leads to a root of P-384. */
  readonly pki: Pki;
}

/** Names of two letters, `ng` first. */
const authorities = [
  "ng",
  ...Array.from(
    { length: states - 1 },
    (_, at) => `${"abc"[at % 3]}${String.fromCodePoint(97 + Math.floor(at / 3))}`,
  ),
];

/** A certificate's worth of bytes: loading a register does not read them. */
function makeFiller(like: Bytes): Bytes {
  return Buffer.concat([like.subarray(0, -16), systemChance.bytes(16)]);
}

function makeAgency(authority: string, at: number, { leaf }: Pki): Agency {
  const isReal = authority === "ng" && at === 0;
  const one = isReal ? leaf.certificate.der : makeFiller(leaf.certificate.der);
  return {
    agency: isReal ? "ng/tcu" : `${authority}/a${at}`,
    kind: kinds[at % kinds.length] ?? "TCU",
    names: [{ lang: "en", text: `Agency ${at} of ${authority}`, marks: [] }],
    languages: ["en"],
    certificates: [
      { kind: "SIGNING", certificate: one, endorsements: [] },
      { kind: "SEALING", certificate: makeFiller(one), endorsements: [] },
      { kind: "LINK", certificate: makeFiller(one), endorsements: [] },
    ],
    keys: [],
  };
}

/** What an agency may do: publish and read in its REC, write and read by name. */
function linesOf(agency: string, rec: string): readonly Mandate[] {
  const all = { agency, types: ["*"], crimes: ["*"], handlingUpTo: "H2", from: 0 } as const;
  return [rec, "direct"].flatMap((scope) =>
    (["PUBLISH", "READ"] as const).map((action) => ({ ...all, action, scope })),
  );
}

function makeState(authority: string, index: number, pki: Pki): NewState {
  const count = Math.floor(agenciesInAll / states) + (index < agenciesInAll % states ? 1 : 0);
  const agencies = Array.from({ length: count }, (_, at) => makeAgency(authority, at, pki));
  const others = authorities.filter((one) => one !== authority).slice(0, 20);
  return {
    authority,
    names: [{ lang: "en", text: `State ${authority}`, marks: [] }],
    agencies,
    intermediates: pki.question.intermediates.map(({ der }) => der),
    crls: pki.question.crls.map(({ der }) => der),
    // a line a neighbour, and a denial: each question walks through them
    release: [
      ...others.map((one) => ({
        effect: "ALLOW",
        originators: [],
        authorities: [one],
        kinds: [],
        agencies: [],
        types: [],
        crimes: [],
        from: 0,
        askedAssurances: [],
      })),
      {
        effect: "DENY",
        originators: [],
        authorities: ["zz"],
        kinds: [],
        agencies: [],
        types: [],
        crimes: [],
        from: 0,
        askedAssurances: [],
      },
    ],
    nominations: agencies.flatMap(({ agency }) => linesOf(agency, recOf(index))),
    agreements: [],
    givenAssurances: [],
  };
}

function recOf(index: number): string {
  return recs[index % recs.length] ?? "ecowas";
}

function makeRegion(parts: readonly NewState[], pki: Pki): NewRegion {
  return {
    recs: recs.map((rec) => ({ rec, names: [], languages: ["en"] })),
    memberships: authorities.map((authority, at) => ({ rec: recOf(at), authority, from: 0 })),
    authorities: parts.map(({ authority }) => ({
      authority,
      roots: pki.question.roots.map(({ der }) => der),
    })),
    mandates: parts.flatMap(({ nominations }) => nominations),
    hubs: [],
    mailboxKeys: [{ key: Buffer.alloc(32, 7), from: 0 }],
    algorithms: everyAlgorithm,
    staleness: [],
  };
}

/** Makes a register of 3,000 agencies over 70 states; takes some seconds. */
export async function makeBigRegister(): Promise<BigRegister> {
  const pki = await makePki({ root: { keyType: "P-384" } });
  const makeKey = () => makeSigningKey(makeKeyPair("P-256"));
  const registrar = makeKey();
  const keys = { registrar, authorities: new Map(authorities.map((one) => [one, makeKey()])) };
  const parts = authorities.map((authority, index) => makeState(authority, index, pki));
  const change = { region: makeRegion(parts, pki), states: parts };
  const times = { issuedAt: pkiNow - 1000, expiresAt: pkiNow + 86_400_000 };
  const bytes = publishRegister({ current: undefined, change, keys }, times);
  const anchors = { root: firstRoot(bytes) };
  return { bytes, anchors, view: verifyRegister(bytes, anchors), pki };
}
