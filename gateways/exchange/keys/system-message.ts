import { type EpochMs, Fault, isFault } from "../../../schemas/ground/index.ts";
import { usableUntil } from "../../../certs/trust/index.ts";
import {
  compose,
  type Composed,
  type Draft,
  keyRank,
  parseSubmission,
  type SubmissionPlace,
} from "../../release/index.ts";
import type { Office } from "../office.ts";
import { addOutgoing } from "../outgoing.ts";

/** What one gateway tells another about keys. */
export interface KeyMessagePlan {
  readonly type: "key.share" | "key.request" | "key.message";
  readonly recipient: string;
  /** Crimes of the messages it is about: the first that both may write of stands for all. */
  readonly crimes: readonly string[];
  readonly body: unknown;
}

/** A message about keys, sealed and signed, not yet stored. */
export interface MadeKeyMessage {
  readonly draft: Draft;
  readonly composed: Composed;
  readonly madeAt: EpochMs;
}

/** What keys may travel as, the strictest first. They are sealed to one agency and shown to nobody, whichever it is. */
const handlings = ["H2", "H1", "H0"] as const;

/**
 * The class that goes on longest when the register grows old: no message may be held up because its key is of a class that
 * stopped before its own. Usually H1.
 */
function handlingOf({ register }: SubmissionPlace): string {
  const ends = handlings.map((handling) => usableUntil(register, handling));
  return handlings[ends.indexOf(Math.max(...ends))] ?? "H1";
}

function tryDraft(plan: KeyMessagePlan, crime: string, place: SubmissionPlace): Draft | Fault {
  const { type, recipient, body } = plan;
  try {
    const submission = {
      type,
      crimes: [crime],
      recipients: [recipient],
      handling: handlingOf(place),
      inner: {},
      body,
    };
    return parseSubmission(submission, place);
  } catch (error) {
    if (isFault(error, "MANDATE_MISSING") || isFault(error, "MANDATE_SUSPENDED")) return error;
    throw error;
  }
}

/**
 * Drafts a message about keys as a person's would be: every field checked, both mandates asked.
 *
 * @throws {Fault} MANDATE_MISSING, MANDATE_SUSPENDED when none of the crimes is allowed
 */
export function draftKeyMessage(plan: KeyMessagePlan, place: SubmissionPlace): Draft {
  let fault = new Fault("INTERNAL", "a message about keys names a crime");
  for (const crime of plan.crimes) {
    const drafted = tryDraft(plan, crime, place);
    if (!isFault(drafted)) return drafted;
    fault = drafted;
  }
  throw fault;
}

/** Seals and signs a draft. @throws {Fault} SEAL_*, CERT_* */
export async function makeKeyMessage(
  { signer }: Office,
  draft: Draft,
  place: SubmissionPlace,
): Promise<MadeKeyMessage> {
  return { draft, composed: await compose(draft, signer, place), madeAt: place.now };
}

/** Puts it into the outbox, ahead of all that people send. Runs inside a write. */
export function addKeyMessage(office: Office, { draft, composed, madeAt }: MadeKeyMessage): void {
  addOutgoing(office, { draft, composed, storedAt: madeAt, rank: keyRank });
}
