import {
  type Bytes,
  Fault,
  isFault,
  renderHex,
  renderUuid,
  sha256,
} from "../../schemas/ground/index.ts";
import { type EvidenceCase, type EvidencePlace, openCase } from "./case.ts";
import {
  checkAudience,
  checkCheckpoint,
  checkEntry,
  checkInclusion,
  checkReceipts,
  checkTime,
  checkWitnesses,
} from "./check-log.ts";
import { checkBinding, checkBody, checkWithheld } from "./check-message.ts";
import {
  checkCertificate,
  checkRegister,
  checkRevocation,
  checkSignature,
} from "./check-signer.ts";
import { parseEvidence } from "./file.ts";
import { type DimensionName, dimensions } from "./names.ts";
import { cannotSay, giveVerdict, holds, type Verdict } from "./verdict.ts"; // prettier-ignore

/** What a file says that it is about. Nothing of it is proved by standing here. */
export interface AboutEvidence {
  readonly id: string;
  readonly channel: string;
  readonly originator?: string | undefined;
  /** When the hub took it, as the entry says. */
  readonly at?: number | undefined;
  readonly index?: number | undefined;
  /** The epoch of the register that it was made by, and its digest in hexadecimal. */
  readonly epoch: number;
  readonly registerDigest: string;
}

/** What was found: an answer to each question on its own, and no word over all of them. */
export interface EvidenceReport {
  readonly dimensions: Readonly<Record<DimensionName, Verdict>>;
  /** What the file is about; left out when it could not be read. */
  readonly about?: AboutEvidence;
  /** SHA-256 of the file, hexadecimal. */
  readonly digest: string;
}

const checks: Readonly<Record<DimensionName, (one: EvidenceCase) => Verdict>> = {
  form: () => holds(),
  message: checkBinding,
  signature: checkSignature,
  certificate: checkCertificate,
  revocation: checkRevocation,
  register: checkRegister,
  audience: checkAudience,
  body: checkBody,
  withheld: checkWithheld,
  entry: checkEntry,
  inclusion: checkInclusion,
  checkpoint: checkCheckpoint,
  witnesses: checkWitnesses,
  receipts: checkReceipts,
  time: checkTime,
};

function reportEach(verdictOf: (name: DimensionName) => Verdict): EvidenceReport["dimensions"] {
  const of = verdictOf;
  return {
    form: of("form"), message: of("message"), signature: of("signature"), certificate: of("certificate"),
    revocation: of("revocation"), register: of("register"), audience: of("audience"), body: of("body"),
    withheld: of("withheld"), entry: of("entry"), inclusion: of("inclusion"), checkpoint: of("checkpoint"),
    witnesses: of("witnesses"), receipts: of("receipts"), time: of("time"),
  };
} // prettier-ignore

function aboutOf({ evidence, message, leaf, proof }: EvidenceCase): AboutEvidence {
  const { subject, register } = evidence;
  return {
    id: renderUuid(subject.id),
    channel: subject.channel,
    originator:
      message !== undefined && "value" in message ? message.value.envelope.originator : undefined,
    at: "value" in leaf ? leaf.value.time : undefined,
    index: "value" in proof ? proof.value.index : undefined,
    epoch: register.epoch,
    registerDigest: renderHex(register.digest),
  };
}

/**
 * Judges an evidence file by what whoever judges believes: each question on its own. Asks no network, never throws.
 */
export function checkEvidence(file: Bytes, place: EvidencePlace): EvidenceReport {
  const digest = renderHex(sha256(file));
  try {
    const one = openCase(parseEvidence(file), place);
    const found = reportEach((name) => giveVerdict(() => checks[name](one)));
    return { dimensions: found, about: aboutOf(one), digest };
  } catch (error) {
    const form = giveVerdict(() => {
      throw isFault(error) ? error : new Fault("INTERNAL", "it could not be judged");
    });
    const unread = cannotSay("UNREADABLE");
    return { dimensions: reportEach((name) => (name === "form" ? form : unread)), digest };
  }
}

/** What whoever judges could still be given, so that more is answered. */
const needs: ReadonlySet<string> = new Set(["NEEDS_ROOTS", "NEEDS_REGISTER", "NEEDS_LOG_KEY"]);

/**
 * Whether something says no; whether something was not asked because what is needed for it was not given; or whether
 * nothing that is in the file is left to be asked. It is no word of praise: read each answer.
 */
export function sumUp({ dimensions: found }: EvidenceReport): "REFUSED" | "NOT_JUDGED" | "NONE_REFUSED" {
  const all = dimensions.map((name) => found[name]);
  if (all.some(({ says }) => says === "NO")) return "REFUSED";
  const isWanting = all.some((one) => one.says === "UNKNOWN" && needs.has(one.reason));
  return isWanting ? "NOT_JUDGED" : "NONE_REFUSED";
} // prettier-ignore
