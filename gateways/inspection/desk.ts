import { isKnownCode } from "../../schemas/index.ts";
import { Fault, isFault, makeUuid, parseUuid, renderHex, renderUuid, sha256, toFault, tryShape, utf8 } from "../../schemas/ground/index.ts"; // prettier-ignore
import { drawSample, findNamed, findPopulation, maxPopulation, renderTerms } from "./choose.ts";
import { type InspectionItem, listItems } from "./items.ts";
import { type Inspection, keepInspection, inspectionOf } from "./keep.ts";
import { checkFirstKey, checkSecondKey, type KeyHolder, mayLook } from "./keys.ts";
import type { InspectionAct, InspectionParts } from "./parts.ts";
import { makeReport, renderEntry, type SignedReport } from "./report.ts";
import {
  type Finding,
  type InspectionContent,
  type InspectionState,
  scopeShape,
} from "./shapes.ts";

/** What an inspector asks for: the first key. */
export interface InspectionWish extends Pick<InspectionContent, "ground" | "reference" | "scope" | "until"> {
  readonly caller: KeyHolder;
  readonly also?: ((id: string) => void) | undefined;
} // prettier-ignore

/** Inspections of this agency's messages, by two keys. */
export interface InspectionDesk {
  /** @throws {Fault} SECOND_PERSON_NEEDED, REQUEST_INVALID, TOO_MANY_TRIES */
  ask(wish: InspectionWish): Promise<Inspection>;
  /** The second key: it is open. @throws {Fault} NOT_FOUND, SECOND_PERSON_NEEDED, INSPECTION_NOT_OPEN, REQUEST_TOO_LARGE */
  consent(act: InspectionAct): Promise<Inspection>;
  /** Either side ends it; nothing of it can be read any more. @throws {Fault} NOT_FOUND, SECOND_PERSON_NEEDED, INSPECTION_NOT_OPEN */
  end(act: InspectionAct): Promise<Inspection>;
  /** Its inspector says what he found, also of one that was ended before. @throws {Fault} NOT_FOUND, INSPECTION_NOT_OPEN, REQUEST_INVALID */
  close(act: InspectionAct & { readonly findings: readonly Finding[] }): Promise<Inspection>;
  /** The newest first. */
  list(caller: KeyHolder): readonly Inspection[];
  /** With its messages, for its inspector while it is open. @throws {Fault} NOT_FOUND */
  show(caller: KeyHolder, id: string): { readonly inspection: Inspection; readonly items?: readonly InspectionItem[] };
  /**
   * Whether its inspector may be given the content of a message now; the same answer for one that is not in it, that is erased,
   * above his ceiling or nowhere.
   *
   * @throws {Fault} INSPECTION_NOT_OPEN, NOT_FOUND
   */
  checkReadable(caller: KeyHolder, id: string, message: string): Inspection;
  /** A message was given to its inspector. */
  noteRead(id: string, message: string): Promise<void>;
  /** @throws {Fault} NOT_FOUND, INSPECTION_NOT_OPEN before it has ended */
  report(caller: KeyHolder, id: string): SignedReport;
  /** Whether its opening and its closing stand in the hub's log; undefined of what was not done. */
  entries(one: Inspection): { readonly opened?: Record<string, unknown>; readonly closed?: Record<string, unknown> };
  /** Draws what can be drawn, and ends what is over. */
  tend(): Promise<void>;
} // prettier-ignore

const dayMs = 86_400_000;
const waitMs = 7 * dayMs;
const longestMs = 30 * dayMs;
const maxOpen = 50;
const maxListed = 500;
const live: readonly InspectionState[] = ["ASKED", "DRAWING", "OPEN"];

type Parts = InspectionParts;

function absent(): Fault {
  return new Fault("NOT_FOUND", "no inspection here has this id");
}

/** An inspection as it stands now: past its end it is over, whether that was written yet or not. */
function standing({ clock }: Parts, one: Inspection): Inspection {
  if (!live.includes(one.state) || one.endsAt > clock.now()) return one;
  return { ...one, state: one.state === "ASKED" ? "LAPSED" : "EXPIRED" };
}

function findFor(parts: Parts, caller: KeyHolder, id: string): Inspection {
  parseUuid(id);
  const row = parts.store.inspections.get(id);
  const found = row === undefined ? undefined : inspectionOf(row);
  if (found === undefined || !mayLook(found, caller)) throw absent();
  return standing(parts, found);
}

/** The line of the audit record that was just written. */
function lastLine({ store }: Parts): number | undefined {
  return store.audit.last()?.position;
}

function checkWish({ store, clock }: Parts, { ground, reference, scope, until, caller }: InspectionWish): void {
  checkFirstKey(caller);
  const now = clock.now();
  if (!tryShape(scopeShape, scope).success) throw new Fault("REQUEST_INVALID", "messages and thread are ids of messages; a nonce is 16 to 64 bytes in hexadecimal; times are after 1970");
  if (until <= now || until > now + longestMs) throw new Fault("REQUEST_INVALID", "until is within the next 30 days");
  if (!/^[A-Za-z0-9/._-]{1,40}$/.test(reference)) throw new Fault("REQUEST_INVALID", "reference is a number of up to 40 letters, digits, / . _ -, and no name");
  if ((ground === "SAMPLE") !== (scope.kind === "SAMPLE")) throw new Fault("REQUEST_INVALID", "a sample is drawn of a period; a complaint or an order names messages or a thread");
  const isPeriod = scope.kind !== "SAMPLE" || (scope.from < scope.to && scope.to <= now);
  const most = maxPopulation + 1;
  const isLarge = scope.kind === "SAMPLE" && store.messages.countListed({ box: scope.box, since: scope.from, until: scope.to, limit: most }) === most;
  if (isLarge) throw new Fault("REQUEST_TOO_LARGE", `a sample is drawn from at most ${maxPopulation} messages; take a shorter period`);
  if (!isPeriod) throw new Fault("REQUEST_INVALID", "a sample is of a period that is over: to is not before from, nor in the future");
} // prettier-ignore

async function ask(parts: Parts, wish: InspectionWish): Promise<Inspection> {
  checkWish(parts, wish);
  const { store, clock, chance } = parts;
  const { caller, also, ground, reference, scope, until } = wish;
  const now = clock.now();
  const id = renderUuid(makeUuid(now, chance));
  const endsAt = Math.min(now + waitMs, until);
  return await store.write(() => {
    const open = store.inspections.inState(...live).filter((one) => one.endsAt > now);
    if (open.length >= maxOpen) throw new Fault("TOO_MANY_TRIES", `at most ${maxOpen} inspections are asked for or open at once; end some first`);
    const kept = keepInspection(store, { id, state: "ASKED", askedBy: caller.id, askedAt: now, endsAt, ground, reference, scope, until, read: [] });
    also?.(id);
    return kept;
  });
} // prettier-ignore

/** One that waits for this caller's key, and as what he turns it. */
function findAsked(parts: Parts, { caller, id }: InspectionAct): { readonly found: Inspection; readonly consentedAs: string } {
  const found = findFor(parts, caller, id);
  const consentedAs = checkSecondKey(parts.store, found, caller);
  if (found.state === "ASKED") return { found, consentedAs };
  throw new Fault("INSPECTION_NOT_OPEN", `it is ${found.state}; consent is given while it is ASKED`);
} // prettier-ignore

async function consent(parts: Parts, act: InspectionAct): Promise<Inspection> {
  const { store, clock } = parts;
  const { caller, id, also } = act;
  const { found: asked } = findAsked(parts, act);
  const terms = renderTerms(asked, await findPopulation(parts, asked.scope));
  return await store.write(() => {
    const { found, consentedAs } = findAsked(parts, act);
    const { scope, until: endsAt } = found;
    const chosen = scope.kind === "SAMPLE" ? {} : { messages: [...findNamed(parts, scope)] };
    const state = scope.kind === "SAMPLE" ? "DRAWING" : "OPEN";
    also?.(id, { digest: renderHex(sha256(utf8(terms))) });
    const opened = { consentedBy: caller.id, consentedAs, openedAt: clock.now(), openedLine: lastLine(parts) };
    return keepInspection(store, { ...found, ...chosen, ...opened, state, endsAt, terms });
  });
} // prettier-ignore

function checkMayEnd(
  { store }: Parts,
  found: Inspection,
  caller: KeyHolder,
): "WITHDRAWN" | "REFUSED" {
  if (found.askedBy === caller.id) return "WITHDRAWN";
  checkSecondKey(store, found, caller);
  return "REFUSED";
}

async function end(parts: Parts, { caller, id, also }: InspectionAct): Promise<Inspection> {
  const { store, clock } = parts;
  return await store.write(() => {
    const found = findFor(parts, caller, id);
    const before = checkMayEnd(parts, found, caller);
    if (!live.includes(found.state)) throw new Fault("INSPECTION_NOT_OPEN", `it is ${found.state} already`);
    const isAsked = found.state === "ASKED";
    also?.(id, { wasOpen: !isAsked });
    const closedLine = isAsked ? undefined : lastLine(parts);
    return keepInspection(store, { ...found, state: isAsked ? before : "ENDED", endedBy: caller.id, endedAt: clock.now(), closedLine });
  });
} // prettier-ignore

function checkFindings(findings: readonly Finding[], { messages = [] }: Inspection): void {
  const wrong = findings.find(({ code, place = 1 }) => !isKnownCode("INSPECTION_FINDING", code) || place > Math.max(1, messages.length));
  if (wrong !== undefined) throw new Fault("REQUEST_INVALID", "findings: each has a code of INSPECTION_FINDING and the place of an inspected message, or none for all");
} // prettier-ignore

async function close(parts: Parts, act: InspectionAct & { readonly findings: readonly Finding[] }): Promise<Inspection> {
  const { store, clock } = parts;
  const { caller, id, also, findings } = act;
  return await store.write(() => {
    const found = findFor(parts, caller, id);
    if (found.askedBy !== caller.id) throw absent();
    const isOpen = found.state === "OPEN" || found.state === "DRAWING";
    const isOver = found.state === "ENDED" || found.state === "EXPIRED";
    if ((!isOpen && !isOver) || found.findings !== undefined) throw new Fault("INSPECTION_NOT_OPEN", `it is ${found.state}; findings are given once, of one that was opened`);
    checkFindings(findings, found);
    also?.(id, { wasOpen: isOpen });
    const now = clock.now();
    const ended = isOpen ? { state: "CLOSED" as const, endedBy: caller.id, endedAt: now, closedLine: lastLine(parts) } : {};
    return keepInspection(store, { ...found, ...ended, findings: [...findings], reportedAt: now });
  });
} // prettier-ignore

function checkReadable(parts: Parts, caller: KeyHolder, asked: { readonly id: string; readonly message: string }): Inspection {
  const found = findFor(parts, caller, asked.id);
  if (found.askedBy !== caller.id) throw absent();
  checkFirstKey(caller);
  if (found.state !== "OPEN") throw new Fault("INSPECTION_NOT_OPEN", `it is ${found.state}; messages are read while it is OPEN`);
  const item = listItems(parts, found, caller).find(({ id }) => id === asked.message);
  if (item?.state === "READABLE") return found;
  throw new Fault("NOT_FOUND", "no message that is inspected here has this id");
} // prettier-ignore

/** Ends by itself what is over; called inside a write. */
function expire(parts: Parts, one: Inspection): void {
  const { store, clock, note } = parts;
  const { id, state } = standing(parts, one);
  if (state === "LAPSED")
    note({ who: "gateway", act: "INSPECTION_DECLINED", object: id, outcome: state });
  else note({ who: "gateway", act: "INSPECTION_CLOSED", object: id });
  const closedLine = state === "LAPSED" ? undefined : lastLine(parts);
  keepInspection(store, { ...one, state, endedBy: "gateway", endedAt: clock.now(), closedLine });
}

async function tend(parts: Parts): Promise<void> {
  const { store, clock, log } = parts;
  const standingRows = (): readonly Inspection[] =>
    store.inspections.inState(...live).map(inspectionOf);
  const isOver = ({ endsAt }: Inspection): boolean => endsAt <= clock.now();
  if (standingRows().some(isOver)) {
    await store.write(() => {
      for (const one of standingRows().filter(isOver)) expire(parts, one);
    });
  }
  for (const one of standingRows().filter(({ state }) => state === "DRAWING")) {
    try {
      const drawn = await drawSample(parts, one);
      if (drawn === undefined) continue;
      await store.write(() => {
        const row = store.inspections.get(one.id);
        const now = row === undefined ? undefined : inspectionOf(row);
        if (now?.state === "DRAWING") keepInspection(store, { ...now, ...drawn, state: "OPEN" });
      });
    } catch (error) {
      if (!isFault(error)) throw error;
      log.warn("a sample was not drawn", { code: toFault(error, "INTERNAL").code });
    }
  }
}

/** Builds the desk. What is inspected is chosen once, and lies in the store. */
export function makeInspectionDesk(parts: InspectionParts): InspectionDesk {
  const { store } = parts;
  return {
    ask: (wish) => ask(parts, wish),
    consent: (act) => consent(parts, act),
    end: (act) => end(parts, act),
    close: (act) => close(parts, act),
    list: (caller) =>
      store.inspections
        .list(maxListed)
        .map(inspectionOf)
        .filter((one) => mayLook(one, caller))
        .map((one) => standing(parts, one)),
    show: (caller, id) => {
      const inspection = findFor(parts, caller, id);
      const isItsOwn = inspection.askedBy === caller.id && inspection.state === "OPEN";
      return isItsOwn ? { inspection, items: listItems(parts, inspection, caller) } : { inspection };
    },
    checkReadable: (caller, id, message) => checkReadable(parts, caller, { id, message }),
    noteRead: async (id, message) => {
      await store.write(() => {
        const row = store.inspections.get(id);
        const found = row === undefined ? undefined : inspectionOf(row);
        const place = (found?.messages ?? []).indexOf(message) + 1;
        if (found === undefined || place === 0 || found.read.includes(place)) return;
        keepInspection(store, { ...found, read: [...found.read, place].toSorted((a, b) => a - b) });
      });
    },
    report: (caller, id) => {
      const found = findFor(parts, caller, id);
      if (live.includes(found.state) || found.openedAt === undefined) throw new Fault("INSPECTION_NOT_OPEN", `it is ${found.state}; there is a report of one that was open and has ended`);
      return makeReport(parts, found);
    },
    entries: ({ openedLine, closedLine }) => ({
      ...(openedLine === undefined ? {} : { opened: renderEntry(parts, openedLine) }),
      ...(closedLine === undefined ? {} : { closed: renderEntry(parts, closedLine) }),
    }),
    tend: () => tend(parts),
  };
} // prettier-ignore
