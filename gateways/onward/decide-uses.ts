import {
  bodyCodecs,
  bodyMessageName,
  descriptors,
  type Envelope,
  type InnerHeader,
  type MessageType,
} from "../../schemas/index.ts";
import { type Bytes, bytesKey, Fault, parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import { type Grant, isLooser, limitsAt, findGiven, type Step } from "../../schemas/work/index.ts";
import { type TypedBody, walkBody } from "../release/index.ts";
import { stepOfDraft } from "../work/index.ts";
import { type AllowedUse, type DeniedUse, judgeUse, type Wish, wishFor } from "./judge.ts";
import { checkExtended } from "./kept-longer.ts";
import type { OnwardPlace } from "./place.ts";
import { findHeld, findOrigins, innerOf, loadSource } from "./source.ts";
import { findWords } from "./words-of-use.ts"; // prettier-ignore

/** A message that is about to be sent, whose inner header names all that it passes on. */
export interface NewMessage {
  readonly type: MessageType;
  readonly header: Pick<Envelope, "id" | "createdAt" | "urgency" | "form" | "inReplyTo">;
  readonly inner: InnerHeader;
  readonly bodyBytes: Bytes;
  readonly crimes: readonly string[];
  /** Exactly the agencies that will read it. */
  readonly audience: readonly string[];
}

function refuse(path: string, id: Bytes, why: string): never {
  const ask = "ask its owner with dissemination.consent_request, or leave it out";
  const message = `${renderUuid(id)} ${why}; ${ask}`;
  const code = "ONWARD_CONSENT_MISSING";
  throw new Fault(code, message, { violations: [{ path, code, message }] });
}

function refuseUse(path: string, id: Bytes, { wish, purpose, crime, use }: DeniedUse): never {
  const { agency, bodyName, country, agencyKind } = wish.recipient;
  const whom = agency ?? `${bodyName === undefined ? (agencyKind ?? "") : "a body"} in ${country ?? ""}`;
  return refuse(path, id, `is not to go to ${whom} for ${purpose} about ${crime} (${use}) without consent`);
} // prettier-ignore

/** Who never accepted the words by which a message may be used uses it in no way. */
function refuseUnread(path: string, id: Bytes): never {
  const message = `${renderUuid(id)} may be used by words that nobody here accepted yet; a person accepts them first`;
  const code = "WORDS_NOT_ACCEPTED";
  throw new Fault(code, message, { violations: [{ path, code, message }] });
}

/** What readers of a message in the open are in terms of consent, and what a case is that can cost a life. */
function extraUses({ type, body }: TypedBody, { header, inner }: NewMessage): readonly string[] {
  const isCapital = [...walkBody({ type, body })].some(({ name, value }) => name === "deathPenalty" && value === true);
  const isPublic = header.form === "OPEN" && inner.tlp === "CLEAR";
  return [...(isPublic ? ["PUBLIC_RELEASE"] : []), ...(isCapital ? ["DEATH_PENALTY_CASE"] : [])];
} // prettier-ignore

/** The messages that are to stand as evidence, each with the permission that is named for it. */
function findEvidence(typed: TypedBody): ReadonlyMap<string, { readonly id: Bytes; readonly path: string; readonly permission?: Bytes }> {
  const parents = new Map([...walkBody(typed)].flatMap(({ holder, parent, path }) => (holder === "EvidenceSource" ? [[parent, path]] : [])));
  const found = new Map<string, { id: Bytes; path: string; permission?: Bytes }>();
  for (const [parent, path] of parents) {
    const said = new Map<string, unknown>(Object.entries(parent));
    const [id, permission] = [said.get("messageId"), said.get("permissionId")];
    if (said.get("usedAs") !== "EVIDENCE" || !(id instanceof Uint8Array)) continue;
    const place = { id, path: `/body${path.slice(0, path.lastIndexOf("/"))}/permissionId` };
    found.set(bytesKey(id), permission instanceof Uint8Array ? { ...place, permission } : place);
  }
  return found;
} // prettier-ignore

/** A message that a new one uses, and where that says so. */
interface Used {
  readonly id: Bytes;
  readonly path: string;
}

/** Every reader, every purpose, every offence: what is allowed for one of them is allowed for none of the others. */
function judgeAll(place: OnwardPlace, { id, path }: Used, wishes: readonly Wish[]): readonly AllowedUse[] {
  const source = loadSource(place, id) ?? refuse(path, id, "is no message of one agency that is held here in the clear");
  const uses = wishes.flatMap((wish) => {
    const judged = judgeUse(place, source, wish);
    return "wish" in judged ? refuseUse(path, id, judged) : judged;
  });
  const words = findWords(place, source.id);
  if (words !== undefined && words.accepted === undefined) refuseUnread(path, id);
  return uses;
} // prettier-ignore

function judgePassedOn(place: OnwardPlace, message: NewMessage, typed: TypedBody): readonly AllowedUse[] {
  const { inner, audience, crimes } = message;
  const { purposes, passesOn } = inner;
  if (passesOn.length === 0) return [];
  const also = extraUses(typed, message);
  return findOrigins(place, passesOn).flatMap((id, at) => {
    const path = `/inner/passesOn/${at}`;
    const wish = { kind: "ONWARD", purposes, crimes, also } as const;
    const readers = audience.map((agency) => wishFor(place, agency, wish));
    return judgeAll(place, { id, path }, readers);
  });
} // prettier-ignore

/** Evidence rests on the very consent that is named for it; that of one of our own messages is ours to give. */
function judgeEvidence(place: OnwardPlace, message: NewMessage, typed: TypedBody): readonly AllowedUse[] {
  const { inner, audience, crimes } = message;
  return [...findEvidence(typed).values()].flatMap(({ id, path, permission }) => {
    if (findOrigins(place, [id]).length === 0) return [];
    const wish = { kind: "COURT", purposes: inner.purposes, crimes, uses: ["COURT_USE"] } as const;
    const uses = judgeAll(place, { id, path }, audience.map((agency) => wishFor(place, agency, wish)));
    const isNamed = uses.every(({ consent }) => consent === undefined || (permission !== undefined && bytesKey(consent) === bytesKey(permission)));
    return isNamed ? uses : refuse(path, id, "may stand before a court by another consent than permissionId names");
  });
} // prettier-ignore

/** Who is given our message by a grant of ours is given what it passes on. */
function wishesOf({ recipients, purposes, crimes, uses }: Grant): readonly Wish[] {
  return recipients.map((recipient) => ({ kind: "ONWARD", recipient, purposes, crimes, uses }));
}

function passedOnBy(place: OnwardPlace, id: string, message: NewMessage): readonly Bytes[] {
  const { passesOn } = message.inner;
  if (id === renderUuid(message.header.id)) return findOrigins(place, passesOn);
  const held = findHeld(place.store, parseUuid(id));
  return held?.originator === place.agency ? findOrigins(place, innerOf(held)?.passesOn ?? []) : [];
}

/** A consent of ours gives of others' messages no more than they gave us. */
function checkGiven(place: OnwardPlace, message: NewMessage, step: Step): void {
  const answered = step.about === undefined ? undefined : loadSource(place, parseUuid(step.about))?.steps.find(({ id }) => id === step.about);
  for (const grant of findGiven(step, answered)) {
    const origins = grant.messages.flatMap((id) => passedOnBy(place, id, message));
    for (const id of origins) judgeAll(place, { id, path: "/body" }, wishesOf(grant));
  }
} // prettier-ignore

/** A loosening of ours loosens nothing that others own. */
function checkChanged(place: OnwardPlace, { header }: NewMessage, step: Step): void {
  for (const id of step.read("handling.change")?.targetIds ?? []) {
    const own = loadSource(place, id);
    if (own?.stored.originator !== place.agency) continue;
    const at = Math.max(header.createdAt, step.read("handling.change")?.effectiveAt ?? 0);
    const then = limitsAt(own.limits, [step], { message: own.id, at });
    const looser = findOrigins(place, own.inner.passesOn).flatMap((one) => loadSource(place, one) ?? []).find(({ limits }) => isLooser(then, limits));
    if (looser === undefined) continue;
    throw new Fault("ONWARD_LOOSER", `${own.id} passes on ${looser.id}, which its owner handles stricter; leave handling as it is`);
  }
} // prettier-ignore

/** Parts of bodies that give something on, or stand as evidence. */
const speaking = new Set(["EvidenceSource", "FiuConsent", "DisseminationGrant"]);
const speakingTypes = new Map<MessageType, boolean>();

function holdsAny(message: string): boolean {
  const fields = descriptors[message]?.fields ?? [];
  return fields.some(
    ({ message: held }) => held !== undefined && (speaking.has(held) || holdsAny(held)),
  );
}

/** Whether a type can say anything of the use of others' messages beside passing them on; most cannot. */
function canSpeak(type: MessageType): boolean {
  const known = speakingTypes.get(type);
  if (known !== undefined) return known;
  const is =
    type === "handling.change" ||
    type === "data.retention_extend" ||
    type === "fiu.consent_decision" ||
    holdsAny(bodyMessageName(type));
  speakingTypes.set(type, is);
  return is;
}

/**
 * All uses that a new message makes of others' messages, each with the right it rests on; what it gives others leave to do
 * is judged too. To be asked in the write that stores the message, so that no consent is taken back in between.
 *
 * @throws {Fault} ONWARD_CONSENT_MISSING, ONWARD_LOOSER, ONWARD_KEPT_LONGER
 */
export function decideUses(place: OnwardPlace, message: NewMessage): readonly AllowedUse[] {
  if (message.inner.passesOn.length === 0 && !canSpeak(message.type)) return [];
  const typed: TypedBody = { type: message.type, body: bodyCodecs[message.type].decode(message.bodyBytes) };
  const step = stepOfDraft(place.agency, message);
  checkGiven(place, message, step);
  checkChanged(place, message, step);
  checkExtended(place, step, (id) => loadSource(place, id));
  return [...judgePassedOn(place, message, typed), ...judgeEvidence(place, message, typed)];
} // prettier-ignore
