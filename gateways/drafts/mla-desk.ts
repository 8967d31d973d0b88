import { checkSubmission } from "../../schemas/explain/index.ts";
import { Fault, parseUuid, renderUuid, type Violation } from "../../schemas/ground/index.ts";
import type { MessageDetail, Submission } from "../exchange/index.ts";
import {
  type AllowedUse,
  findOrigins,
  judgeUse,
  loadSource,
  noteUses,
  type OnwardPlace,
  recipientOf,
  type Wish,
} from "../onward/index.ts";
import { draftMla, type MlaSides, type UsableMessage } from "./mla.ts";

/** Between whom, and what it is read for: a code of PURPOSE. */
export interface MlaWish {
  readonly sides: MlaSides;
  readonly purpose: string;
}

/** A message whose content does not stand in the draft, and what would let it in. */
export interface LeftOut {
  readonly message: string;
  readonly type: string;
  /** Whose it is, and so whom to ask. */
  readonly owner: string;
  /** Code of CONSENT_FOR that nothing covers; PROTECTED of what is kept from the state that is asked, which no consent lifts. */
  readonly use: string;
  /** The message type to ask with; "" where there is nothing to ask. */
  readonly askWith: string;
}

/** A formal request, begun. */
export interface MlaDraft {
  readonly message: Submission;
  /** What is missing until it can go to a central authority; none of a complete one. */
  readonly missing: readonly Violation[];
  readonly used: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** A complete request that goes out as a document. */
export interface MlaGiven {
  readonly message: unknown;
  readonly purpose: string;
  /** Id of the document, and who asked for it. */
  readonly document: string;
  readonly by: string;
}

/** Formal requests from police threads. */
export interface MlaDesk {
  /** The country and the agency whose gateway this is. */
  readonly agency: string;
  draft(messages: readonly MessageDetail[], wish: MlaWish): MlaDraft;
  /**
   * Lets a request that people completed go out as a document: nothing essential is missing, and what stands in it of others
   * may stand before a court. Each such use is written into the onward log.
   *
   * @throws {Fault} SCHEMA_INVALID naming every field, REQUEST_INVALID when it is of another type, ONWARD_CONSENT_MISSING
   */
  give(given: MlaGiven): Promise<void>;
}

type Judged = { readonly uses: readonly AllowedUse[] } | { readonly owner: string; readonly use: string }; // prettier-ignore

function wishesFor(place: OnwardPlace, { sides, purpose }: MlaWish, crimes: readonly string[]): readonly Wish[] {
  const { agency, country, name } = sides.requested;
  const recipient = agency === undefined ? { country, bodyName: name?.text } : recipientOf(place, agency);
  const common = { recipient, purposes: [purpose], crimes };
  return [{ ...common, kind: "COURT", uses: ["COURT_USE"] }, { ...common, kind: "ONWARD" }];
} // prettier-ignore

/** Kept from who is asked: it is disclosed there in no document, draft or name of a message. */
const isProtected = "PROTECTED";

function namesSide(
  states: readonly string[],
  agencies: readonly string[],
  { country, agency = "" }: MlaSides["requested"],
): boolean {
  return states.includes(country) || agencies.includes(agency);
}

/** Whether a message, or its thread, is kept from a side by whoever wrote it. */
function isKeptFrom({ store }: OnwardPlace, id: string, side: MlaSides["requested"]): boolean {
  const bytes = parseUuid(id);
  const held = store.messages.find(bytes);
  const thread = held === undefined ? undefined : store.threads.of(held.seq);
  const kept = [bytes, ...(thread === undefined ? [] : [thread])].flatMap((one) =>
    store.keptMessages.of(one),
  );
  return kept.some(({ states, agencies }) => namesSide(states, agencies, side));
}

/** Whether one message may stand in the request, with all that it passes on itself. */
function judge(place: OnwardPlace, id: string, wishes: readonly Wish[]): Judged {
  const uses: AllowedUse[] = [];
  for (const origin of findOrigins(place, [parseUuid(id)])) {
    const source = loadSource(place, origin);
    if (source === undefined) return { owner: "", use: "COURT_USE" };
    for (const wish of wishes) {
      const judged = judgeUse(place, source, wish);
      if ("wish" in judged) return { owner: source.stored.originator, use: judged.use };
      uses.push(...judged);
    }
  }
  return { uses };
}

function permissionOf(uses: readonly AllowedUse[]): string | undefined {
  const consent = uses.find(({ kind, consent: given }) => kind === "COURT" && given !== undefined)?.consent; // prettier-ignore
  return consent === undefined ? undefined : renderUuid(consent);
}

function askWith(type: string): string {
  return type.startsWith("fiu.") ? "fiu.consent_request" : "dissemination.consent_request";
}

/** What one message is for a request: usable, or left out and perhaps a lead. */
type Place = { readonly usable: UsableMessage } | { readonly leftOut: LeftOut; readonly lead: readonly MessageDetail[] }; // prettier-ignore

function leaveOut(detail: MessageDetail, { owner, use }: { readonly owner: string; readonly use: string }, isOurs: boolean): Place {
  const { id: message, type, originator } = detail;
  const isKept = use === isProtected;
  const leftOut = { message, type, owner: owner === "" ? originator : owner, use, askWith: isKept ? "" : askWith(type) };
  return { leftOut, lead: isOurs || isKept ? [] : [detail] };
} // prettier-ignore

function placeOf(place: OnwardPlace, detail: MessageDetail, wish: MlaWish): Place {
  const { id, originator, crimes, handling } = detail;
  const isOurs = originator === place.agency;
  if (isKeptFrom(place, id, wish.sides.requested)) return leaveOut(detail, { owner: originator, use: isProtected }, isOurs);
  const judged = judge(place, id, wishesFor(place, wish, crimes));
  if (!("uses" in judged)) return leaveOut(detail, judged, isOurs);
  const permission = permissionOf(judged.uses);
  // what a handling code keeps from courts stands before none without a word of its owner that can be named
  const isOpen = isOurs || handling === "H0" || permission !== undefined;
  return isOpen ? { usable: { detail, permission } } : leaveOut(detail, { owner: originator, use: "COURT_USE" }, isOurs);
} // prettier-ignore

interface Sorted {
  readonly usable: readonly UsableMessage[];
  readonly leads: readonly MessageDetail[];
  readonly leftOut: readonly LeftOut[];
}

function sortOut(place: OnwardPlace, messages: readonly MessageDetail[], wish: MlaWish): Sorted {
  const placed = messages.map((detail) => placeOf(place, detail, wish));
  return {
    usable: placed.flatMap((one) => ("usable" in one ? [one.usable] : [])),
    leads: placed.flatMap((one) => ("usable" in one ? [] : one.lead)),
    leftOut: placed.flatMap((one) => ("usable" in one ? [] : [one.leftOut])),
  };
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** What a request says of messages of the police channel. */
interface Named {
  /** What it passes on or names as evidence. */
  readonly used: readonly string[];
  readonly all: readonly string[];
}

function namedIn(message: unknown): Named {
  const [inner, body] = ["inner", "body"].map((part) => membersOf(membersOf(message).get(part)));
  const contacts: unknown = body?.get("priorContacts");
  const named = (Array.isArray(contacts) ? contacts : []).map((one: unknown) => membersOf(one));
  const passed = textsIn(inner?.get("passesOn"));
  const idsOf = (some: readonly ReadonlyMap<string, unknown>[]): readonly string[] =>
    textsIn(some.map((one) => one.get("messageId")));
  const evidence = idsOf(named.filter((one) => one.get("usedAs") === "EVIDENCE"));
  return {
    used: [...new Set([...passed, ...evidence])],
    all: [...new Set([...passed, ...idsOf(named)])],
  };
}

/** Refuses what its writers keep from who is asked. */
function checkKept(place: OnwardPlace, message: unknown, side: MlaSides["requested"]): void {
  const inner = membersOf(membersOf(message).get("inner"));
  const isSaid = namesSide(
    textsIn(inner.get("protectedFrom")),
    textsIn(inner.get("excludedRecipients")),
    side,
  );
  const kept = namedIn(message).all.find((id) => isKeptFrom(place, id, side));
  if (!isSaid && kept === undefined) return;
  const what = kept ?? "what stands in it";
  throw new Fault(
    "ONWARD_CONSENT_MISSING",
    `${what} is kept from ${side.agency ?? side.country}; leave it out: no consent lifts that`,
  );
}

/** The violations of a submission as its requesting authority would send it. */
function missingIn({ agency, clock }: OnwardPlace, message: unknown): readonly Violation[] {
  const side = membersOf(membersOf(membersOf(message).get("body")).get("requesting"));
  const named = side.get("agency");
  const originator = typeof named === "string" ? named : agency;
  return checkSubmission(message, { now: clock.now(), originator }).violations;
}

function sideOf(message: unknown): MlaSides["requested"] {
  const side = membersOf(membersOf(membersOf(message).get("body")).get("requested"));
  const [country, agency] = [side.get("country"), side.get("agency")];
  const text = membersOf(side.get("name")).get("text");
  const name = typeof text === "string" ? { text, lang: "" } : undefined;
  return { country: String(country), name, agency: typeof agency === "string" ? agency : undefined }; // prettier-ignore
}

function refuseUse(
  id: string,
  { owner, use }: { readonly owner: string; readonly use: string },
): never {
  throw new Fault("ONWARD_CONSENT_MISSING", `${id} is not to stand before a court (${use}); ask ${owner === "" ? "its owner" : owner} for consent, or leave it out`); // prettier-ignore
}

async function give(place: OnwardPlace, { message, purpose, document, by }: MlaGiven): Promise<void> {
  if (membersOf(message).get("type") !== "mla.request") {
    throw new Fault("REQUEST_INVALID", "the document is made of an mla.request; draft one first");
  }
  const violations = missingIn(place, message);
  if (violations.length > 0) {
    throw new Fault("SCHEMA_INVALID", `${violations[0]?.message ?? ""}; the request is not complete`, { violations }); // prettier-ignore
  }
  const requested = sideOf(message);
  checkKept(place, message, requested);
  const wish = { sides: { requesting: requested, requested }, purpose };
  const wishes = wishesFor(place, wish, textsIn(membersOf(message).get("crimes")));
  await place.store.write(() => {
    for (const id of namedIn(message).used) {
      const judged = judge(place, id, wishes);
      if (!("uses" in judged)) refuseUse(id, judged);
      noteUses(place.store, judged.uses, { carrier: document, at: place.clock.now(), by });
    }
  });
} // prettier-ignore

/** Builds the desk over a gateway's own store. */
export function makeMlaDesk(place: OnwardPlace): MlaDesk {
  return {
    agency: place.agency,
    draft: (messages, wish) => {
      const { usable, leads, leftOut } = sortOut(place, messages, wish);
      const parts = { usable, leads, sides: wish.sides, purpose: wish.purpose };
      const message = draftMla(parts, place.agency);
      const used = usable.map(({ detail }) => detail.id);
      return { message, missing: missingIn(place, message), used, leftOut };
    },
    give: (given) => give(place, given),
  };
}
