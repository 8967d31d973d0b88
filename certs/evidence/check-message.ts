import { type Message, makeLogSalt, parseParts } from "../../schemas/index.ts";
import { Fault, sameBytes, sha256 } from "../../schemas/ground/index.ts";
import { type EvidenceCase, type ReadMessage, use } from "./case.ts";
import { cannotSay, holds, type Verdict } from "./verdict.ts";

/** Answers what is asked of the message, or says that the file holds none. */
export function ofMessage({ message }: EvidenceCase, ask: (read: ReadMessage) => Verdict): Verdict {
  return message === undefined ? cannotSay("CONTENT_ABSENT") : ask(use(message));
}

/** Whether the message is the one that the log's entry is said to bind: its id, its digest, its salt. */
export function checkBinding(one: EvidenceCase): Verdict {
  const { id, envelopeDigest, salt } = one.evidence.subject;
  return ofMessage(one, ({ message, envelope }) => {
    if (!sameBytes(envelope.id, id)) throw new Fault("SUBJECT_MISMATCH", "subject.id is of another message");
    if (!sameBytes(sha256(message.envelope), envelopeDigest)) {
      throw new Fault("SUBJECT_MISMATCH", "subject.envelopeDigest is of another message");
    }
    if (sameBytes(makeLogSalt(message.envelope), salt)) return holds();
    throw new Fault("SUBJECT_MISMATCH", "subject.salt is of another message");
  });
} // prettier-ignore

/** More signatures than one schema lets stand are refused before any is verified. */
export const maxSignatures = 4;

function checkOpen(open: Uint8Array, { envelope }: ReadMessage): Verdict {
  parseParts(open, envelope.bodyRoot);
  return holds();
}

function checkSealed(sealed: Uint8Array, { envelope }: ReadMessage): Verdict {
  if (sameBytes(sha256(sealed), envelope.bodyDigest)) return holds("BODY_SEALED");
  throw new Fault("BODY_DIGEST_MISMATCH", "the body is not the one the envelope names");
}

function bothBodies({ open, sealed }: Message): boolean {
  return open !== undefined && sealed !== undefined;
}

/** Whether what is shown of the body is what was signed. */
export function checkBody(one: EvidenceCase): Verdict {
  return ofMessage(one, (read) => {
    const { open, sealed } = read.message;
    if (bothBodies(read.message)) throw new Fault("BODY_PARTS_INVALID", "the body stands both ways");
    if (open !== undefined) return checkOpen(open, read);
    return sealed === undefined ? cannotSay("BODY_ABSENT") : checkSealed(sealed, read);
  });
} // prettier-ignore

/** Whether the body is there whole, in the clear. */
export function checkWithheld(one: EvidenceCase): Verdict {
  return ofMessage(one, ({ message, envelope }) => {
    const { open, sealed } = message;
    if (open === undefined) return cannotSay(sealed === undefined ? "BODY_ABSENT" : "BODY_SEALED");
    const parts = parseParts(open, envelope.bodyRoot);
    const withheld = parts.filter(({ value }) => value === undefined).map(({ number }) => number);
    if (withheld.length === 0) return holds();
    return cannotSay("PARTS_WITHHELD", withheld.join(", "));
  });
}
