import { resolve } from "node:path";

import { makeSigner, type SigningKey, vouchForSealingKey } from "../../certs/keys/index.ts";
import { parseCertificate } from "../../certs/shape/index.ts";
import {
  isStatementProven,
  proveCertificate,
  type RegisteredAgency,
  type RegisterView,
  renderCarriedEndorsement,
  renderEndorsed,
} from "../../certs/trust/index.ts";
import { type Bytes, Fault, sameBytes } from "../../schemas/ground/index.ts";
import { checkNewFile, readNamedRegister } from "./authority-part.ts";
import { type Trial, writeTrial } from "./trial.ts";
import { type AuthorityWorld, writeResult } from "./world.ts";
import { openKey, saveNewFile } from "./register-world.ts";

/** Options of `vouch`. */
export interface VouchOptions extends Trial {
  readonly agency: string;
  readonly new: string;
  readonly asAgency: string;
  readonly key: string;
  readonly register: string;
  readonly out?: string;
  readonly json?: boolean;
}

function readFingerprint(text: string): Bytes {
  const digits = text.replaceAll(/[\s:]/g, "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return Buffer.from(digits, "hex");
  throw new Fault(
    "USAGE_INVALID",
    "--new is a whole fingerprint of 64 hexadecimal digits, as the agency read it to you",
  );
}

function findAgency(register: RegisterView, name: string): RegisteredAgency {
  const found = register.agency(name);
  if (found !== undefined) return found;
  throw new Fault("AGENCY_UNKNOWN", `${name} is not in the register`);
}

/** The voucher, as everybody will judge it: an agency at work, of another name, and no hub. */
function checkVoucher(register: RegisterView, options: VouchOptions, now: number): RegisteredAgency {
  const { agency, asAgency } = options;
  const own = findAgency(register, asAgency);
  if (own.agency === agency) {
    throw new Fault("USAGE_INVALID", "no agency vouches for a key of its own; its gateway endorses it with the key before");
  }
  if (own.kind === "HUB") throw new Fault("USAGE_INVALID", "a hub's word on sealing keys counts for nothing");
  if (own.suspendedFrom === undefined || own.suspendedFrom > now) return own;
  throw new Fault("MANDATE_SUSPENDED", `${asAgency} is suspended, so that its word counts for nothing`);
} // prettier-ignore

/** The certificate of this very key, which the register names and which holds now. */
function findSigning(register: RegisterView, { agency, certificates }: RegisteredAgency, { key, now }: { key: SigningKey; now: number }): Bytes {
  const named = certificates.find(
    (one) => one.kind === "SIGNING" && sameBytes(parseCertificate(one.certificate).spki, key.spki),
  );
  if (named === undefined) {
    throw new Fault("CERT_UNKNOWN", `the register names no signing certificate of ${agency} for this key`);
  }
  const { thumbprint } = named;
  proveCertificate(register, { agency, kind: "SIGNING", thumbprint }, now);
  return thumbprint;
} // prettier-ignore

/** The word was signed and dropped: that alone shows that others would count it. */
function tellTried(
  world: AuthorityWorld,
  { json, asAgency }: VouchOptions,
  result: { readonly file: string; readonly agency: string; readonly authority: string; readonly owner: string },
): void {
  const { say } = world;
  const { authority, owner } = result;
  const missing = say(authority === owner ? "dry.vouch.other" : "dry.vouch.owner", { owner });
  const words = [say("dry.vouch", { ...result, through: asAgency }), missing];
  writeTrial(world, { json, result, words });
} // prettier-ignore

/**
 * `atumpan authority vouch`: an authority's word, through one of its agencies, that a new sealing key is another
 * agency's own. Whoever gives it has compared the fingerprint with that agency by another way than this system. What
 * others would not count is not written.
 */
export function runVouch(world: AuthorityWorld, options: VouchOptions): void {
  const { agency, asAgency } = options;
  const thumbprint = readFingerprint(options.new);
  const register = readNamedRegister(world, options.register).view;
  const now = world.clock.now();
  const own = checkVoucher(register, options, now);
  const { authority: owner } = findAgency(register, agency);
  const out = options.out ?? `${agency}-${own.authority}`.replace("/", "-").concat(".endorsement");
  checkNewFile(world, out);
  const key = openKey(world, options.key);
  const parts = { signer: asAgency, key, thumbprint: findSigning(register, own, { key, now }) };
  const { authority } = own;
  const word = vouchForSealingKey({ signer: makeSigner(parts), authority }, { agency, thumbprint });
  const statement = { typ: "atumpan-sealing-key", bytes: renderEndorsed(agency, thumbprint), signature: word.signature, signer: asAgency } as const;
  if (!isStatementProven(register, statement, now)) throw new Fault("SIGNATURE_INVALID", "the key does not sign as its certificate says");
  const result = { file: out, agency, authority, owner };
  if (options.dryRun === true) return tellTried(world, options, result);
  saveNewFile(resolve(world.cwd, out), renderCarriedEndorsement({ ...word, thumbprint }));
  const missing = authority === owner ? "that of another authority" : `that of ${owner} or of a third authority`;
  const words = [
    `${out}: the word of ${authority}, through ${asAgency}, that this key is ${agency}'s own.`,
    `It counts together with ${missing}. Next: give it to the office of ${owner}, which runs: atumpan authority endorse ${out} --register FILE`,
  ];
  return writeResult(world, { json: options.json, result, words });
} // prettier-ignore
