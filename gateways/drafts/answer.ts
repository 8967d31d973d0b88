import {
  bodyMessageName,
  descriptors,
  isKnownType,
  type MessageType,
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

/** Fields of a body that name the message it is about. */
const naming: ReadonlySet<string> = new Set(["targetId", "targetIds", "recordId", "warningId"]);

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

/** Fields that name a message: what the answered one names under the same name, or else the answered one itself. */
function bodyOf(type: MessageType, answered: MessageDetail): Readonly<Record<string, unknown>> {
  const asked = membersOf(answered.body);
  const fields = descriptors[bodyMessageName(type)]?.fields ?? [];
  const named = fields.filter(({ name, format }) => format === "uuid7" && naming.has(name));
  return Object.fromEntries(
    named.map(({ name, repeated }) => [name, asked.get(name) ?? (repeated ? [answered.id] : answered.id)]),
  );
} // prettier-ignore

function typeOf(answered: MessageDetail, wanted: string | null): MessageType {
  const type = wanted ?? (isKnownType(answered.type) ? usual[answered.type] : undefined);
  if (type !== undefined && isKnownType(type)) return type;
  throw new Fault(
    "REQUEST_INVALID",
    "say type: the message type to answer with, such as reply.final",
  );
}

/**
 * The beginning of an answer: to whom, in which thread, with the restrictions of what it answers, and what it is about. The
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
      : { recipients: [answered.originator] }),
    handling: answered.handling,
    // what answers an exercise must never pass for the real thing
    status: answered.status,
    threadId: answered.threadId ?? answered.id,
    inReplyTo: answered.id,
    ...(kept.length === 0 ? {} : { inner: Object.fromEntries(kept) }),
    body: bodyOf(type, answered),
  };
}
