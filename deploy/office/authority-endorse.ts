import { resolve } from "node:path";

import { loadCertificate } from "../../certs/authority/index.ts";
import { findAgencyName, parseCertificate, parseCrl } from "../../certs/shape/index.ts";
import {
  type CarriedEndorsement,
  isStatementProven,
  judgeSealingKey,
  parseCarriedEndorsement,
  parseSignature,
  proveLeaf,
  type RegisterView,
  renderEndorsed,
} from "../../certs/trust/index.ts";
import type { Endorsement, StatePart } from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  renderHex,
  sameBytes,
  sha256,
} from "../../schemas/ground/index.ts";
import { readNamed } from "./authority-files.ts";
import {
  checkNewFile,
  findOwnPart,
  proposeNext,
  readNamedRegister,
  saveEditedPart,
} from "./authority-part.ts";
import { type Trial, writeTrial } from "./trial.ts";
import { type AuthorityWorld, writeResult } from "./world.ts";

/** Options of `endorse`. */
export interface EndorseOptions extends Trial {
  readonly register: string;
  readonly certificate?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** The sealing key that is endorsed: whose it is, its certificate, and what vouches for it already. */
interface Endorsed {
  readonly agency: string;
  readonly certificate: Bytes;
  readonly thumbprint: Bytes;
  readonly endorsements: readonly Endorsement[];
}

interface Place {
  readonly register: RegisterView;
  readonly now: EpochMs;
}

/** A certificate that the register does not name yet: it must be one that it may name. */
function readNew(world: AuthorityWorld, name: string, { register, now: at }: Place): Endorsed {
  const leaf = loadCertificate(resolve(world.cwd, name));
  const agency = findAgencyName(leaf.uris[0] ?? "")?.agency ?? "";
  const authority = register.authority(register.agency(agency)?.authority ?? "");
  if (authority === undefined) {
    throw new Fault("AGENCY_UNKNOWN", `${name} names no agency of the register`);
  }
  const roots = authority.roots.map((der) => parseCertificate(der));
  const intermediates = authority.intermediates.map((der) => parseCertificate(der));
  const crls = authority.crls.map((der) => parseCrl(der));
  proveLeaf({ leaf, intermediates, roots, crls, kind: "SEALING", agency, at });
  return { agency, certificate: leaf.der, thumbprint: leaf.thumbprint, endorsements: [] };
}

function findNamed(register: RegisterView, thumbprint: Bytes): Endorsed | undefined {
  for (const { agency, certificates } of register.agencies) {
    const one = certificates.find((line) => line.kind === "SEALING" && sameBytes(line.thumbprint, thumbprint));
    if (one !== undefined) return { agency, certificate: one.certificate, thumbprint, endorsements: one.endorsements };
  }
  return undefined;
} // prettier-ignore

/** What every endorsement is of: one key, whose line is in the register or whose certificate was named. */
function findEndorsed(
  world: AuthorityWorld,
  { certificate }: EndorseOptions,
  { words, place }: { readonly words: readonly CarriedEndorsement[]; readonly place: Place },
): Endorsed {
  const [first] = words;
  const thumbprint = first?.thumbprint ?? new Uint8Array();
  if (words.some((one) => !sameBytes(one.thumbprint, thumbprint))) {
    throw new Fault("USAGE_INVALID", "the files endorse different keys; name those of one key at a time");
  }
  const named = findNamed(place.register, thumbprint);
  if (named !== undefined) return named;
  const way = `fingerprint ${renderHex(thumbprint)}; name its certificate with --certificate FILE`;
  if (certificate === undefined) throw new Fault("NOT_FOUND", `the register names no such sealing key: ${way}`);
  const fresh = readNew(world, certificate, place);
  if (sameBytes(fresh.thumbprint, thumbprint)) return fresh;
  throw new Fault("SEAL_KEY_UNCONFIRMED", `what was endorsed is another key than that of ${certificate}: ${way}`);
} // prettier-ignore

/** All lines that a key stands beside, taken as believed; and one that is gone, for an agency that lost them all. */
function judge({ agency, ...one }: Endorsed, { register, now: at }: Place): boolean {
  const others = (register.agency(agency)?.certificates ?? [])
    .filter(({ kind, thumbprint }) => kind === "SEALING" && !sameBytes(thumbprint, one.thumbprint))
    .map(({ thumbprint }) => ({ thumbprint, isBelieved: true }));
  const pinned = [...others, { thumbprint: sha256(new Uint8Array()), isBelieved: false }];
  return judgeSealingKey({ pinned, candidate: { ...one, kind: "SEALING", agency }, register, at }) === "endorsed";
} // prettier-ignore

/** What everybody would pass over is not carried into the register. */
function checkWord(
  { endorser, signature }: CarriedEndorsement,
  endorsed: Endorsed,
  place: Place,
): void {
  const { agency, thumbprint } = endorsed;
  const { register, now } = place;
  if (endorser === agency) {
    if (judge({ ...endorsed, endorsements: [{ endorser, signature }] }, place)) return;
    throw new Fault("SEAL_KEY_UNCONFIRMED", `the endorsement is not by the sealing key of ${agency} before, or of another key`);
  }
  const { kid } = parseSignature(signature);
  const signer = register.agency(kid);
  const isFit = signer?.authority === endorser && signer.kind !== "HUB" && kid !== agency;
  if (!isFit) throw new Fault("SEAL_KEY_UNCONFIRMED", `the endorsement is signed by no agency of ${endorser} that may vouch for ${agency}`);
  const statement = { typ: "atumpan-sealing-key", bytes: renderEndorsed(agency, thumbprint), signature, signer: kid } as const;
  if (isStatementProven(register, statement, now)) return;
  throw new Fault("SIGNATURE_INVALID", `the endorsement of ${endorser} is not of this agency's key`);
} // prettier-ignore

function withEndorsed(part: StatePart, { agency, certificate, endorsements }: Endorsed): StatePart {
  const line = { kind: "SEALING", certificate, endorsements };
  const agencies = part.agencies.map((one) => {
    if (one.agency !== agency) return one;
    const others = one.certificates.filter((held) => !sameBytes(held.certificate, certificate));
    return { ...one, certificates: [...others, line] };
  });
  return { ...part, agencies };
}

function tellTried(
  world: AuthorityWorld,
  { json }: EndorseOptions,
  result: { readonly part: string; readonly agency: string; readonly endorsers: readonly string[]; readonly enough: boolean },
): void {
  const { say } = world;
  const { part: file, agency, endorsers, enough } = result;
  const [authority = ""] = agency.split("/");
  const words = [
    say("dry.endorse", { file, authority, agency, by: endorsers.join(", ") }),
    say(enough ? "dry.endorse.enough" : "dry.endorse.missing", { agency }),
  ];
  writeTrial(world, { json, result, words });
} // prettier-ignore

/** The key with what vouched for it before and what does now. */
function readEndorsed(
  world: AuthorityWorld,
  { files, options }: { readonly files: readonly string[]; readonly options: EndorseOptions },
  place: Place,
): Endorsed {
  const words = files.map((name) => parseCarriedEndorsement(readNamed(world, name)));
  const found = findEndorsed(world, options, { words, place });
  for (const word of words) checkWord(word, found, place);
  const given = words.map(({ endorser, signature }) => ({ endorser, signature }));
  const before = found.endorsements.filter((held) => !given.some(({ endorser }) => endorser === held.endorser));
  return { ...found, endorsements: [...before, ...given] };
} // prettier-ignore

/**
 * `atumpan authority endorse`: puts endorsements of a sealing key, and where need be its certificate, into the
 * authority's part, for whoever proposes it.
 */
export function runEndorse(
  world: AuthorityWorld,
  files: readonly string[],
  options: EndorseOptions,
): void {
  const filed = readNamedRegister(world, options.register);
  const place = { register: filed.view, now: world.clock.now() };
  const endorsed = readEndorsed(world, { files, options }, place);
  const { agency } = endorsed;
  const [authority = ""] = agency.split("/");
  const { part, version } = findOwnPart(filed, authority);
  const out = options.out ?? `${agency.replace("/", "-")}-endorsed.json`;
  checkNewFile(world, out);
  const isEnough = judge(endorsed, place);
  const by = endorsed.endorsements.map(({ endorser }) => endorser);
  const result = { part: out, base: version, agency, endorsers: by, enough: isEnough };
  if (options.dryRun === true) return tellTried(world, options, result);
  saveEditedPart(world, out, { state: withEndorsed(part, endorsed), base: version });
  const told = isEnough
    ? `Others seal to this key of ${agency} as soon as the register says so.`
    : "Not enough yet: the word of one authority more is missing; until then others confirm the key by hand.";
  const lines = [`${out}: the part of ${authority}; the key of ${agency} with the word of ${by.join(", ")}.`, told, proposeNext(out)];
  return writeResult(world, { json: options.json, result, words: lines });
} // prettier-ignore
