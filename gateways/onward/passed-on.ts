import type { InnerHeader } from "../../schemas/index.ts";
import type { Bytes, Violation } from "../../schemas/ground/index.ts";
import { bindTo, isLooser, type Limits } from "../../schemas/work/index.ts";
import { type Bound, type Met, type PassingOn, walkBody } from "../release/index.ts";
import type { Store } from "../store/index.ts";
import { bindKeeping } from "./kept-longer.ts";
import type { OnwardPlace } from "./place.ts";
import { findHeld, findOrigins, innerOf, loadSource } from "./source.ts";

/** As many as an inner header names. */
const maxPassedOn = 20;

/** Whose a file is: of the message it first came in or went out with. */
function firstUse({ attachments, messages }: Store, digest: Bytes): Bytes | undefined {
  const uses = attachments.byDigest(digest).flatMap(({ ref }) => attachments.uses(ref));
  const places = uses.flatMap(({ message }) => messages.find(message) ?? []);
  return places.toSorted((a, b) => a.seq - b.seq)[0]?.id;
}

/** Types whose body holds words of the message that they are about. */
const wording = new Set(["translation.request", "translation.product"]);

function idsIn(store: Store, type: string, { holder, name, path, value }: Met): readonly Bytes[] {
  if (!(value instanceof Uint8Array)) return [];
  if (holder === "Attachment" && name === "digest") {
    const first = firstUse(store, value);
    return first === undefined ? [] : [first];
  }
  const isWorded = wording.has(type) && path === "/targetId";
  // who translates for others may never have had the message itself
  return isWorded && findHeld(store, value) !== undefined ? [value] : [];
} // prettier-ignore

/** What our earlier message passed on that this one replaces. */
function passedBefore({ agency, store }: OnwardPlace, supersedes: Bytes | undefined): readonly Bytes[] {
  const earlier = supersedes === undefined ? undefined : findHeld(store, supersedes);
  if (earlier === undefined || earlier.originator !== agency) return [];
  return innerOf(earlier)?.passesOn ?? [];
} // prettier-ignore

/**
 * The messages of others whose content a submission passes on: those it says, those that the message passed on which it
 * replaces, those whose files it brings along, those it translates.
 */
function findPassedOn(place: OnwardPlace, { inner, type, body, supersedes }: PassingOn): readonly Bytes[] {
  const named = [...walkBody({ type, body })].flatMap((met) => idsIn(place.store, type, met));
  return findOrigins(place, [...inner.passesOn, ...passedBefore(place, supersedes), ...named]);
} // prettier-ignore

function violation(path: string, message: string, code: Violation["code"]): Violation {
  return { path, code, message };
}

function limitsOf(place: OnwardPlace, { type, handling, releaseLevel }: PassingOn, inner: InnerHeader): Limits {
  const { tlp, courtUse, originatorControlled = false, purposes, consentRequiredFor } = inner;
  const said = { tlp, courtUse, originatorControlled, purposes, consentRequiredFor };
  return { owner: place.agency, type, handling, releaseLevel, ...said, withdrawnFrom: [] };
} // prettier-ignore

function findWrong(bound: InnerHeader, mine: Limits, sources: readonly Limits[]): readonly Violation[] {
  const looser = sources.find((limits) => isLooser(mine, limits));
  return [
    ...(bound.passesOn.length > maxPassedOn ? [violation("/inner/passesOn", `passes on more than ${maxPassedOn} messages; send them in several`, "SCHEMA_FIELD_ITEMS")] : []),
    ...(bound.purposes.length === 0 ? [violation("/inner/purposes", "is missing; what is passed on is passed on for a purpose", "SCHEMA_FIELD_MISSING")] : []),
    ...(looser === undefined ? [] : [violation("/handling", `is looser than ${looser.handling} of what is passed on; say ${looser.handling} or a stricter one`, "ONWARD_LOOSER")]),
  ];
} // prettier-ignore

/** What of a message that was signed some time ago is looser by now than what it passes on, or keeps that longer. */
export function findLoosened(place: OnwardPlace, said: PassingOn): readonly Violation[] {
  const { inner } = said;
  const held = findOrigins(place, inner.passesOn).flatMap((id) => loadSource(place, id) ?? []);
  if (held.length === 0) return [];
  const wrong = findWrong(inner, limitsOf(place, said, inner), held.map(({ limits }) => limits));
  return [...wrong, ...bindKeeping(place, said, held).violations];
} // prettier-ignore

/**
 * What a submission passes on, said in its inner header for all who read it, and its further use bound as its owners bound
 * it, in what may be done with it and in how long it is kept: nobody has to remember that for it to hold. A submission that passes on nothing of others
 * says so, and is otherwise as it was.
 */
export function bindPassedOn(place: OnwardPlace, said: PassingOn): Bound {
  const { inner } = said;
  const passesOn = findPassedOn(place, said);
  if (passesOn.length === 0) return { inner: { ...inner, passesOn }, violations: [] };
  const held = passesOn.flatMap((id) => loadSource(place, id) ?? []);
  const sources = held.map(({ limits }) => limits);
  const kept = bindKeeping(place, said, held);
  const bound = { ...inner, ...bindTo(inner, sources), ...kept.inner, passesOn };
  const wrong = findWrong(bound, limitsOf(place, said, bound), sources);
  return { inner: bound, violations: [...wrong, ...kept.violations] };
}
