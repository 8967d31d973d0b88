import {
  type Bodies,
  bodyMessageName,
  descriptors,
  type InnerHeader,
  type MessageType,
} from "../../schemas/index.ts";
import type { Bytes, Violation } from "../../schemas/ground/index.ts";
import type { Kept } from "../../certs/trust/index.ts";

/** A field met in a body, however deep. */
export interface Met {
  readonly path: string;
  readonly name: string;
  readonly format: string | undefined;
  /** The message the field is of, and its value there. */
  readonly holder: string;
  readonly parent: object;
  readonly value: unknown;
}

function fieldIn(value: object, name: string): unknown {
  const held: unknown = Reflect.get(value, name);
  return held;
}

/** The values of one field, each with its path: one, or one for each item of a list. */
function valuesOf(
  parent: object,
  name: string,
  repeated: boolean,
): readonly (readonly [string, unknown])[] {
  const held = fieldIn(parent, name);
  if (!repeated) return held === undefined ? [] : [[`/${name}`, held]];
  return Array.isArray(held) ? held.map((item, at) => [`/${name}/${at}`, item]) : [];
}

/** Every value of every field of a body, however deep. */
export function walkBody({ type, body }: TypedBody): Iterable<Met> {
  return walk(bodyMessageName(type), body);
}

/** Every value of every field of a message, however deep. Depth is the schema's: no message holds itself. */
function* walk(holder: string, parent: object, above = ""): Generator<Met> {
  for (const { name, format, message, repeated } of descriptors[holder]?.fields ?? []) {
    for (const [step, value] of valuesOf(parent, name, repeated)) {
      const path = above + step;
      if (message === undefined) yield { path, name, format, holder, parent, value };
      else if (typeof value === "object" && value !== null) yield* walk(message, value, path);
    }
  }
}

/** A body with its type. */
export interface TypedBody {
  readonly type: MessageType;
  readonly body: Bodies[MessageType];
}

/** The ids of all messages that a body names: those it answers, closes, consents to, is a hit on. */
export function findNamedMessages({ type, body }: TypedBody): readonly Bytes[] {
  return [...walk(bodyMessageName(type), body)].flatMap(({ format, value }) =>
    format === "uuid7" && value instanceof Uint8Array ? [value] : [],
  );
}

/** An inner header that keeps the message from whom it kept it already, and from all of `kept`. */
export function keepFrom(inner: InnerHeader, { states, agencies }: Kept): InnerHeader {
  return {
    ...inner,
    protectedFrom: [...new Set([...inner.protectedFrom, ...states])],
    excludedRecipients: [...new Set([...inner.excludedRecipients, ...agencies])],
  };
}

/** Fields that name who is to be given what a message says: by consent, by passing it on, by a filter. */
const giving: ReadonlyMap<string, readonly string[]> = new Map([
  ["FiuConsent", ["recipients"]],
  ["FiuConsentRequest", ["recipients"]],
  ["FiuConsentDecision", ["recipients"]],
  ["FiuOnward", ["country"]],
  ["FiuMatchFilter", ["allowedTesters"]],
  ["DisseminationRecipient", ["agency", "country"]],
  ["EvidenceTransfer", ["to"]],
  ["RequestOnward", ["agency", "country"]],
  ["RequestTransfer", ["newAddressee"]],
  ["TipIdentity", ["toAgency"]],
  ["TipReferral", ["toAgency"]],
]);

function isGiven({ holder, name, parent }: Met): boolean {
  if (giving.get(holder)?.includes(name) !== true) return false;
  // a consent that is refused may say to whom
  return fieldIn(parent, "decision") !== "REFUSED";
}

/**
 * What of a body would give the message on to those it is kept from: a consent, a transfer or a filter that names an
 * agency of a state in `protectedFrom`, the state itself, or an agency of `excludedRecipients`.
 */
export function findGivenToKept(
  { type, body }: TypedBody,
  { protectedFrom, excludedRecipients }: InnerHeader,
): readonly Violation[] {
  if (protectedFrom.length + excludedRecipients.length === 0) return [];
  return [...walk(bodyMessageName(type), body)]
    .filter((met) => {
      const { value } = met;
      if (!isGiven(met) || typeof value !== "string") return false;
      const [state = ""] = value.split("/", 1);
      return excludedRecipients.includes(value) || protectedFrom.includes(state.toUpperCase());
    })
    .map(({ path }) => ({
      path,
      code: "RULE_RECIPIENT_KEPT_FROM" as const,
      message: "names one whom the message is kept from; no consent lifts that: take it out",
    }));
}
