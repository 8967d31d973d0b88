import {
  bodyMessageName,
  descriptors,
  isKnownType,
  type MessageType,
  renderInstant,
  typeOptions,
} from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { MessageDetail, Submission } from "../exchange/index.ts";

/** What a message is usually answered with; others may be asked for by name. */
const usual: Partial<Readonly<Record<MessageType, MessageType>>> = {
  "request.information": "reply.final",
  "request.more_info": "request.answer",
  "fiu.request": "fiu.reply",
  "fiu.consent_request": "fiu.consent_decision",
  "dissemination.consent_request": "dissemination.consent_decision",
  "asset.trace_request": "asset.trace_reply",
  "asset.freeze_request": "asset.management_update",
  "assurance.request": "assurance.given",
  "data.subject_query": "data.subject_answer",
  "data.purge": "data.purge_ack",
  "data.correct": "data.purge_ack",
  "data.block": "data.purge_ack",
  "directory.ping": "directory.ping_answer",
  "fiu.report": "request.acknowledge",
  "fiu.spontaneous": "request.acknowledge",
  "fiu.postpone_request": "fiu.reply",
  "core_data.reply": "feedback.report",
  "reply.final": "feedback.report",
  "fiu.reply": "fiu.feedback",
  "query.result": "core_data.request",
  "casefile.transfer": "casefile.transfer",
  "evidence.transfer": "evidence.transfer",
  "sentenced.transfer": "sentenced.transfer",
  "asset.sharing_agreement": "asset.sharing_agreement",
  "protection.request": "protection.request",
  "jit.proposal": "jit.proposal",
  "forensic.compare": "forensic.compare",
  "preserve.data": "preserve.data",
  "suspect.handover": "suspect.handover",
  "notice.challenge": "notice.challenge",
  "firearm.trace_request": "firearm.trace_reply",
  "mla.request": "mla.status",
  "query.check": "query.result",
  "core_data.request": "core_data.reply",
  "translation.request": "translation.product",
  "hit.notice": "hit.confirmation",
  "fiu.match_hit": "hit.confirmation",
  "target.warning": "control.feedback",
  "warning.trend": "warning.response",
  "notice.wanted": "hit.notice",
  "notice.missing": "hit.notice",
  "record.person": "hit.notice",
  "record.object": "hit.notice",
  "record.firearm": "hit.notice",
  "record.stolen_vehicle": "hit.notice",
  "record.stolen_document": "hit.notice",
};

/** What an answer has of the inner header of what it answers: its restrictions, and what finds it again. */
const inherited = [
  "caseRef", "h3Text", "purposes", "consentRequiredFor", "sensitiveCategories", "sensitiveBasis", "originatorControlled",
  "protectedFrom", "excludedRecipients",
] as const; // prettier-ignore

/** Fields that say which message it is about even where their schema does not ask for them. */
const naming: ReadonlySet<string> = new Set(["targetId", "targetIds", "recordId", "warningId"]);

type Json = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

/** What a result of a check answers is the check that was asked. */
function askedIn({ id, type, inner }: MessageDetail, field: string): unknown {
  if (field === "queryId" && type === "query.result")
    return membersOf(inner).get("inReplyTo") ?? id;
  return id;
}

/**
 * Fields that say which message it is about: what the answered one names under the same name, or else the answered one itself. A
 * step of the way names the step before it, and not what that one named.
 */
function namesOf(type: MessageType, answered: MessageDetail): Json {
  const isStep = type === answered.type;
  const asked = isStep ? new Map<string, unknown>() : membersOf(answered.body);
  const fields = descriptors[bodyMessageName(type)]?.fields ?? [];
  const needed = fields.filter(
    ({ name, format, required, min = 0 }) =>
      format === "uuid7" && (required || min > 0 || naming.has(name)),
  );
  return Object.fromEntries(
    needed.map(({ name, repeated }) => {
      const about = asked.get(name) ?? askedIn(answered, name);
      return [name, repeated && !Array.isArray(about) ? [about] : about];
    }),
  );
} // prettier-ignore

/** When a message of ours is looked at again, and when it goes: as it says itself, or with its end. */
function reviewOf({ inner, expiresAt }: MessageDetail): Json {
  const said = membersOf(inner);
  const end = renderInstant(expiresAt);
  const [reviewAt = end, deletionAt = end] = [said.get("reviewBy"), said.get("deleteBy")];
  return { reviewAt, deletionAt };
}

function bodyOf(type: MessageType, answered: MessageDetail): Json {
  const names = namesOf(type, answered);
  return type === "data.review_due" ? { ...names, ...reviewOf(answered) } : names;
}

/** Whom it is written to: whoever sent what is answered, or, of our own, those it went to. */
function recipientsOf({ box, originator, recipients, audience }: MessageDetail): readonly string[] {
  if (box === "in") return [originator];
  return (recipients.length > 0 ? recipients : audience).filter((agency) => agency !== originator);
}

function typeOf(answered: MessageDetail, wanted: string | null): MessageType {
  const type = wanted ?? (isKnownType(answered.type) ? usual[answered.type] : undefined);
  if (type !== undefined && isKnownType(type)) return type;
  throw new Fault(
    "REQUEST_INVALID",
    "say type: the message type to answer with, such as reply.final",
  );
}

/** The thread of what is answered: what says only what it answers itself stands in the thread of that, whichever it is. */
function threadOf({ id, threadId, inReplyTo }: MessageDetail): { readonly threadId?: string } {
  if (threadId === undefined && inReplyTo !== undefined) return {};
  return { threadId: threadId ?? id };
}

/**
 * The beginning of an answer, or of the next word on a message of ours: to whom, in which thread, with the restrictions of what it answers, and what it is about. The
 * rest is for a person to write; what is missing, validation says, and `dependsOf` what may become so.
 *
 * @throws {Fault} REQUEST_INVALID when no type is said and none is usual
 */
export function draftAnswer(answered: MessageDetail, wanted: string | null): Submission {
  const type = typeOf(answered, wanted);
  const inner = membersOf(answered.inner);
  const kept = inherited.flatMap((name) =>
    inner.has(name) ? [[name, inner.get(name)] as const] : [],
  );
  return {
    type,
    crimes: answered.crimes,
    // what goes to a feed goes to the communities of what it is about; to others it is written by name
    ...(typeOptions(type)?.scope === "FEED"
      ? { recs: answered.recs }
      : { recipients: recipientsOf(answered) }),
    handling: answered.handling,
    // what answers an exercise must never pass for the real thing
    status: answered.status,
    ...threadOf(answered),
    inReplyTo: answered.id,
    ...(kept.length === 0 ? {} : { inner: Object.fromEntries(kept) }),
    body: bodyOf(type, answered),
  };
}
