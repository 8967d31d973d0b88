import {
  bodyCodecs,
  decodeInnerHeader,
  decodeParts,
  type InnerHeader,
  isKnownType,
  joinParts,
  type LocalizedText,
  checkLocalizedText,
  type MessageType,
  parseBody,
  renderJson,
} from "../../schemas/index.ts";
import { examine, format } from "../../schemas/check/index.ts";
import {
  type Bytes,
  Fault,
  type FaultCode,
  isFault,
  parseUuid,
  renderUuid,
} from "../../schemas/ground/index.ts";
import {
  collectLiterals,
  makeTranslationProduct,
  translateText,
  type TranslationSource,
  verifyTranslation,
} from "../translation/index.ts";
import type { StoredMessage } from "../store/index.ts";
import type { Submission } from "./exchange.ts";
import type { Office, OfficeTranslation } from "./office.ts";

/** One text of one message, and the language it is wanted in. */
export interface TextAsked {
  readonly id: string;
  /** JSON Pointer (RFC 6901) into the body, such as `/narrative`; of the inner header `/inner/urgencyReason`. */
  readonly pointer: string;
  /** BCP 47. */
  readonly to: string;
}

/** Whether a translation is of the message it names, as that message stands here. */
export interface TranslationCheck {
  readonly bound: boolean;
  /** Why not: TRANSLATION_UNBOUND, TRANSLATION_WITHHELD, or NOT_FOUND when its original is not here. */
  readonly code?: FaultCode;
}

/** A proven message as it stands in the store. */
interface Held {
  readonly stored: StoredMessage;
  readonly type: MessageType;
  readonly inner: InnerHeader;
  readonly bodyBytes: Bytes;
  /** Its members are the body's, and `inner`: no body has a field of that name. */
  readonly content: object;
}

const productType = "translation.product";

/** Longest pointer a product may have. */
const maxPointer = 300;

/** What the header of a translation repeats of its original: whose case it is, and what may not be done with it. */
const kept = [
  "caseRef",
  "purposes",
  "consentRequiredFor",
  "originatorControlled",
  "dataProtection",
  "tlp",
  "pap",
  "classification",
  "excludedRecipients",
  "deleteBy",
] as const;

function findHeld({ store }: Office, id: Bytes): Held | undefined {
  const stored = store.messages.find(id);
  if (stored?.parts === undefined || !isKnownType(stored.type)) return undefined;
  const { type } = stored;
  const { innerHeader, body: bodyBytes } = joinParts(decodeParts(stored.parts).parts);
  const inner = decodeInnerHeader(innerHeader);
  const content = { ...bodyCodecs[type].decode(bodyBytes), inner };
  return { stored, type, inner, bodyBytes, content };
}

function demandHeld(office: Office, id: string): Held {
  const held = findHeld(office, parseUuid(id));
  if (held !== undefined) return held;
  throw new Fault("NOT_FOUND", "no message here that was proved has this id");
}

function sourceOf({ stored, type, content }: Held): TranslationSource {
  return { id: stored.id, type, body: content };
}

/** The value a pointer leads to, by own members only; no name of ours needs RFC 6901's escapes. */
function follow(content: object, pointer: string): unknown {
  let here: unknown = content;
  for (const step of pointer.split("/").slice(1)) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = Reflect.get(here, step);
  }
  return here;
}

function findText({ content }: Held, pointer: string): LocalizedText {
  const value =
    pointer.length <= maxPointer && pointer.startsWith("/") ? follow(content, pointer) : undefined;
  const examined = examine(checkLocalizedText, value);
  if (examined.ok) return examined.value;
  throw new Fault(
    "REQUEST_INVALID",
    "pointer leads to no free text of this message; take one such as /narrative or /inner/urgencyReason",
  );
}

function checkLanguage(to: string): void {
  if (examine(format("bcp47"), to).ok) return;
  throw new Fault("REQUEST_INVALID", "to is not a language of BCP 47, such as fr or pt-BR");
}

function demandService({ translation }: Office): OfficeTranslation {
  if (translation !== undefined) return translation;
  throw new Fault(
    "TRANSLATION_UNAVAILABLE",
    "this gateway has no translation service; have it translated by a person, or ask the operator to set translation in gateway.json",
  );
}

function refuseLeaving(detail: string): never {
  throw new Fault("TRANSLATION_NOT_ALLOWED", `${detail}; have it translated by a person`);
}

/** What may be handed to a service is listed, never what may not: a code we do not know stays here. */
function checkMayLeave({ stored, inner }: Held, handlings: readonly string[]): void {
  if (!handlings.includes(stored.handling)) {
    const most = handlings.at(-1) ?? "none";
    refuseLeaving(`handling is above ${most}, the highest this gateway gives to a service`);
  }
  if (inner.protectedFrom.length > 0) {
    refuseLeaving("protectedFrom is set: nothing of a protected person is given to a service");
  }
  if (inner.sensitiveCategories.length > 0) {
    refuseLeaving("sensitiveCategories is set: nothing sensitive is given to a service");
  }
  if (inner.tlp === "RED" || inner.pap === "RED" || inner.classification !== undefined) {
    refuseLeaving("it is marked RED or classified: a service is not among those who may have it");
  }
}

/** Names and numbers of the whole message; case numbers stand in the header too. */
function literalsOf({ type, content, inner }: Held): readonly string[] {
  const names = collectLiterals(type, content);
  const cases = [inner.caseRef ?? "", ...inner.eventRefs.map(({ id }) => id)];
  const more = cases.filter((one) => Array.from(one).length > 2);
  return [...new Set([...names, ...more])];
}

function keptOf(inner: InnerHeader): Readonly<Record<string, unknown>> {
  const members = Object.entries(renderJson("InnerHeader", inner) ?? {});
  return Object.fromEntries(members.filter(([name]) => kept.some((one) => one === name)));
}

/** To be handed in by a person, who chooses who reads it: until then it is for nobody but us. */
function draftOf(
  office: Office,
  held: Held,
  { to, body }: { to: string; body: unknown },
): Submission {
  const { crimes, handling, status } = held.stored;
  return {
    type: productType,
    recipients: [office.agency],
    crimes,
    handling,
    status,
    languages: [to],
    inner: keptOf(held.inner),
    body,
  };
}

/**
 * Translates one text of a proven message, ours or another's, and gives the translation as a submission that a
 * person may look at, address and send. Nothing is sent and nothing is stored. The service is asked only for
 * what may leave the agency, and never sees names, numbers or what is marked.
 *
 * @throws {Fault} TRANSLATION_UNAVAILABLE when there is no service or it does not answer, ID_INVALID, NOT_FOUND,
 *   REQUEST_INVALID for a pointer to no text or a language that is none, TRANSLATION_NOT_ALLOWED,
 *   TRANSLATION_LANGUAGE, TRANSLATION_WITHHELD
 */
export async function translate(office: Office, asked: TextAsked): Promise<Submission> {
  const { translator, handlings } = demandService(office);
  const { id, pointer, to } = asked;
  const held = demandHeld(office, id);
  checkLanguage(to);
  const source = findText(held, pointer);
  checkMayLeave(held, handlings);
  const { type, stored } = held;
  // accounted for before it happens, so that nothing ever left without a line
  office.log.info("text goes to the translation service", {
    messageId: renderUuid(stored.id),
    type,
  });
  const result = await translateText(translator, { source, to, literals: literalsOf(held) });
  const at = office.clock.now();
  const parts = { sourceId: stored.id, pointer, source, to, result, at };
  const body = makeTranslationProduct(parts);
  // what a reader would refuse to show is not handed out
  verifyTranslation(parseBody(productType, body), sourceOf(held));
  return draftOf(office, held, { to, body });
}

/**
 * Whether a stored translation is of the text it names, as its original stands here, and keeps its facts.
 *
 * @throws {Fault} ID_INVALID, NOT_FOUND, REQUEST_INVALID when the message is no translation
 */
export function checkTranslation(office: Office, id: string): TranslationCheck {
  const held = demandHeld(office, id);
  if (held.type !== productType) {
    throw new Fault("REQUEST_INVALID", `this message is no ${productType}`);
  }
  const product = bodyCodecs[productType].decode(held.bodyBytes);
  const source = findHeld(office, product.targetId);
  if (source === undefined) return { bound: false, code: "NOT_FOUND" };
  try {
    verifyTranslation(product, sourceOf(source));
    return { bound: true };
  } catch (error) {
    if (isFault(error)) return { bound: false, code: error.code };
    throw error;
  }
}
