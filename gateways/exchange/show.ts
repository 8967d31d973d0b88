import {
  bodyCodecs,
  bodyMessageName,
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  type Envelope,
  type InnerHeader,
  isKnownType,
  joinParts,
  type MessageType,
  parseEnvelope,
  renderJson,
} from "../../schemas/index.ts";
import { renderUuid } from "../../schemas/ground/index.ts";
import type {
  CarriedMark,
  LogProof,
  Store,
  StoredMessage,
  StoredRung,
  StoredSummary,
} from "../store/index.ts";
import { withoutSecrets } from "./secrets.ts";
import type { CarriedBy, MessageDetail, MessageSummary, Rung, ShownLogProof } from "./exchange.ts";

const outStates = [
  "QUEUED",
  "ACCEPTED",
  "DELIVERED",
  "REFUSED",
  "EXPIRED",
  "STOPPED",
  "ERASED",
] as const;
const inStates = ["VERIFIED", "ERASED"] as const;

function stateOf({ state, box }: StoredSummary): MessageSummary["state"] {
  if (box === "in") return inStates.find((one) => one === state) ?? "QUARANTINED";
  return outStates.find((one) => one === state) ?? "QUEUED";
}

/** A message as lists show it. */
export function showSummary(stored: StoredSummary): MessageSummary {
  const { seq: _seq, id, code, ...rest } = stored;
  const state = stateOf(stored);
  const own = { box: rest.box, originator: rest.originator, type: rest.type, crimes: rest.crimes };
  const { recs, handling, urgency, status, createdAt, expiresAt, storedAt } = rest;
  const shown = { ...own, recs, handling, urgency, status, createdAt, expiresAt, storedAt };
  return { id: renderUuid(id), ...shown, state, ...(code === undefined ? {} : { code }) };
}

function showRung({ kind, issuer, channel, at, code, detail, stream, sequence }: StoredRung): Rung {
  return {
    kind,
    by: issuer,
    at,
    channel,
    ...(code === undefined ? {} : { code }),
    ...(detail === undefined ? {} : { detail }),
    ...(stream === undefined ? {} : { stream }),
    ...(sequence === undefined ? {} : { sequence }),
  };
}

/** One type's decoder and form together; the union of all types does not fit either alone. */
function showBody(type: MessageType, bytes: Uint8Array): ReturnType<typeof renderJson> {
  const name = bodyMessageName(type);
  return withoutSecrets(name, renderJson(name, bodyCodecs[type].decode(bytes)));
}

function showReferences(
  envelope: Envelope,
  inner: InnerHeader,
): Pick<MessageDetail, "threadId" | "inReplyTo"> {
  const threadId = envelope.threadId ?? inner.threadId;
  const inReplyTo = envelope.inReplyTo ?? inner.inReplyTo;
  return {
    ...(threadId === undefined ? {} : { threadId: renderUuid(threadId) }),
    ...(inReplyTo === undefined ? {} : { inReplyTo: renderUuid(inReplyTo) }),
  };
}

type Content = Pick<
  MessageDetail,
  "recipients" | "form" | "inner" | "body" | "threadId" | "inReplyTo"
>;

/** The content of a proven message; of one in quarantine nothing is shown as if it were content. */
function showContent({ raw, parts, type }: StoredMessage): Content {
  if (parts === undefined || !isKnownType(type)) return { recipients: [], form: "SEALED" };
  const envelope = parseEnvelope(decodeMessage(raw).envelope);
  const { innerHeader, body } = joinParts(decodeParts(parts).parts);
  const inner = decodeInnerHeader(innerHeader);
  return {
    recipients: inner.recipients,
    form: envelope.form === "OPEN" ? "OPEN" : "SEALED",
    inner: renderJson("InnerHeader", inner),
    body: showBody(type, body),
    ...showReferences(envelope, inner),
  };
}

function showCarried({ agency, at, linkedAt }: CarriedMark): CarriedBy {
  return linkedAt === undefined ? { agency, at } : { agency, at, hubAt: linkedAt };
}

/** What others signed about a message of ours, in the order of time. */
function showLadder({ ladder, opened }: Store, message: number): readonly Rung[] {
  const there = opened.there(message);
  const silent = new Set(there.flatMap(({ reader, ordinal }) => (ordinal === 0 ? [reader] : [])));
  const rungs = ladder.rungs(message).map(showRung).map((rung) =>
    rung.kind === "DELIVERED" && silent.has(rung.by) ? { ...rung, tellsOpening: false } : rung,
  ); // prettier-ignore
  const openings = there
    .filter(({ ordinal }) => ordinal > 0)
    .map(({ reader: by, ordinal, at }) => ({ kind: "OPENED", by, at, channel: "", reader: ordinal }) as const); // prettier-ignore
  return openings.length === 0 ? rungs : [...rungs, ...openings].toSorted((a, b) => a.at - b.at);
}

function showProof({ channel, state, code, proved }: LogProof): ShownLogProof {
  if (proved === undefined) return { channel, state, ...(code === undefined ? {} : { code }) };
  const { origin, index, leafTime: leafAt, size, at: provedAt, cosignedAt } = proved;
  const shown = { channel, state, origin, index, leafAt, size, provedAt };
  return cosignedAt === undefined ? shown : { ...shown, cosignedAt };
}

/** A message in full, with what others signed about it. */
export function showDetail(store: Store, stored: StoredMessage): MessageDetail {
  const { carried } = store;
  const isOurs = stored.box === "out";
  const marks = carried.of(stored.digest).map(showCarried);
  const proofs = store.logProofs.of(stored.box, stored.digest).map(showProof);
  return {
    ...showSummary(stored),
    ...showContent(stored),
    audience: isOurs ? stored.audience : [],
    ladder: isOurs ? showLadder(store, stored.seq) : [],
    ...(marks.length > 0 ? { carried: marks } : {}),
    ...(proofs.length > 0 ? { log: proofs } : {}),
    bytes: stored.raw.length,
  };
}
