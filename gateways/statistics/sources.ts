import { setImmediate as turn } from "node:timers/promises";

import {
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  joinParts,
  type MessageType,
  parseEnvelope,
} from "../../schemas/index.ts";
import { type EpochMs, renderUuid } from "../../schemas/ground/index.ts";
import type { Step } from "../../schemas/work/index.ts";
import type { Store, StoredMessage } from "../store/index.ts";
import { keepOneEdition, stepOf } from "../work/index.ts"; // prettier-ignore

/** A message that figures are counted from: the newest word of its sender on what it tells. */
export interface Source {
  readonly step: Step;
  readonly crimes: readonly string[];
  /** When its matter was first told: of a message that stands in the place of another, that one's time. */
  readonly firstAt: EpochMs;
}

/** Whose messages, and when. */
export interface SourcePlace {
  readonly store: Pick<Store, "messages" | "lookups" | "tables">;
  readonly now: EpochMs;
}

/** So many places are looked at between two turns of the others. */
const lot = 2_000;
/** More replacements in a row than anybody makes; a ring of them ends there too. */
const maxChain = 50;

/** The message that this one stands in the place of. */
function replacedBy({ raw, parts }: StoredMessage): string | undefined {
  if (parts === undefined) return undefined;
  const { supersedes } = parseEnvelope(decodeMessage(raw).envelope);
  const said = supersedes ?? decodeInnerHeader(joinParts(decodeParts(parts).parts).innerHeader).supersedes;
  return said === undefined ? undefined : renderUuid(said);
} // prettier-ignore

/** What reached nobody tells nothing, and what only practised neither. */
function isTold({ state, status }: Pick<StoredMessage, "state" | "status">): boolean {
  return status === "ACTUAL" && state !== "REFUSED" && state !== "STOPPED" && state !== "QUARANTINED";
} // prettier-ignore

function isTakenBack({ store, now }: SourcePlace, { id, originator }: StoredMessage): boolean {
  return store.lookups.said(id, originator).some(({ word, at, message }) => {
    const saying = store.messages.summary(message);
    return word === "WITHDRAWN" && at <= now && saying !== undefined && isTold(saying);
  });
}

/** What is known of all that was read, while the newest words are looked for. */
interface Read {
  readonly held: { readonly step: Step; readonly crimes: readonly string[]; readonly stands: boolean }[];
  /** By message, the one it stands in the place of. */
  readonly replaced: Map<string, string>;
} // prettier-ignore

function read(place: SourcePlace, seq: number, { held, replaced }: Read): void {
  const message = place.store.messages.get(seq);
  const step = message === undefined || !isTold(message) ? undefined : stepOf(message);
  if (message === undefined || step === undefined) return;
  const before = replacedBy(message);
  if (before !== undefined) replaced.set(step.id, before);
  const corrected = step.read("data.correct");
  if (corrected?.correctedId !== undefined) {
    replaced.set(renderUuid(corrected.correctedId), renderUuid(corrected.targetId));
  }
  held.push({ step, crimes: message.crimes, stands: !isTakenBack(place, message) });
}

function firstOf(id: string, { replaced }: Read, at: ReadonlyMap<string, EpochMs>): EpochMs {
  let first = at.get(id) ?? 0;
  let earlier = replaced.get(id);
  for (let i = 0; i < maxChain && earlier !== undefined; i += 1) {
    first = Math.min(first, at.get(earlier) ?? first);
    earlier = replaced.get(earlier);
  }
  return first;
}

/**
 * Everything that this gateway holds of some types and that stands, the newest last: nothing that its sender took back
 * or put another in the place of, nothing that only practised. Lets others have their turn between.
 */
export async function loadSources(place: SourcePlace, types: readonly MessageType[]): Promise<readonly Source[]> {
  const { tables } = place.store;
  const found: Read = { held: [], replaced: new Map() };
  const end = tables.end();
  for (let first = 0; first < end; first += lot) {
    for (const seq of tables.messages([...types, "data.correct"], first, first + lot)) read(place, seq, found);
    await turn();
  }
  const { held, replaced } = found;
  const at = new Map(held.map(({ step }) => [step.id, step.at]));
  const ids = new Set(held.filter(({ stands }) => stands).map(({ step }) => step.id));
  // what a correction put right as a whole stands in its place, where that is here
  const mended = new Set([...replaced].flatMap(([newer, older]) => (ids.has(newer) ? [older] : [])));
  const standing = held.filter(({ step, stands }) => stands && step.type !== "data.correct" && !mended.has(step.id));
  // with the fuller edition goes the other, whose sender need not take it back too
  const once = new Set(keepOneEdition(held.map(({ step }) => step)));
  return standing
    .filter(({ step }) => once.has(step))
    .map(({ step, crimes }) => ({ step, crimes, firstAt: firstOf(step.id, found, at) }))
    .toSorted((a, b) => a.step.at - b.step.at || (a.step.id < b.step.id ? -1 : 1));
} // prettier-ignore
