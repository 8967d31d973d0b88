import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { isKnownType, type Mandate } from "../../schemas/index.ts";

/** Answers, acts and notes about an earlier message, as their examples have them, by crime units. */
export const unitActs = [
  "request.information", "request.remind", "reply.final", "feedback.report", "data.correct",
  "handling.change", "dissemination.consent_decision", "hit.notice", "translation.product", "alert.update",
] as const; // prettier-ignore
/** Likewise, by financial intelligence units. */
export const financialActs = ["fiu.request", "fiu.reply", "fiu.feedback", "fiu.consent_decision", "fiu.consent_request"] as const; // prettier-ignore
const targets = new Set(["targetId", "recordId"]);

/** The example of a type as a submission: about `about` when there is one, naming nobody but `recipient`. */
export function submissionOf(
  type: string,
  { mark, about, to, kept, now }: { mark: string; about?: string; to: string; kept: object; now: number },
): Readonly<Record<string, unknown>> {
  if (!isKnownType(type)) throw new Error(`${type} is no type`);
  const { crimes: _crimes, inner, body: example, urgency } = exampleOf(type);
  const { threadId: _thread, inReplyTo: _reply, consentRequiredFor: _consent, ...rest } = inner;
  const body = Object.fromEntries(
    Object.entries(shiftInstants(example, now - exampleInstant) as object).map(([name, value]: [string, unknown]) => {
      if (about !== undefined && targets.has(name)) return [name, about];
      return [name, about !== undefined && name === "targetIds" ? [about] : value];
    }),
  );
  const isFeed = type.startsWith("alert.");
  const place = isFeed ? { recs: ["ecowas"] } : { recipients: [to] };
  const reference = about === undefined ? {} : { inReplyTo: about };
  const header = { ...(shiftInstants(rest, now - exampleInstant) as object), caseRef: mark, ...kept };
  return { type, crimes: [type.startsWith("fiu.") ? "ml" : "drugs"], handling: "H1", urgency, ...place, ...reference, inner: header, body };
} // prettier-ignore

/** Every line for all types, so that only exclusions stand in the way. */
export function wide(line: Mandate): Mandate {
  return { ...line, types: ["*"], handlingUpTo: "H3" };
}
