import { setImmediate } from "node:timers/promises";

import { isDirectChannel, parseFeedChannel, renderDirectChannel } from "../../schemas/index.ts";
import { type Bytes, bytesKey, Fault, isFault } from "../../schemas/ground/index.ts";
import {
  checkUsable,
  decide,
  type Kept,
  mailboxOf,
  parseRegister,
  type RegisterView,
} from "../../certs/trust/index.ts";
import {
  findOwnObjection,
  heldLines,
  type Office,
  signHeld,
  signOpened,
} from "../exchange/index.ts";
import type { OpenPublication, StoredSummary } from "../store/index.ts";
import type { CarriedFiles, FileKey } from "./files.ts";
import { carryLimits } from "./limits.ts";

/** What goes into a file, chosen before any of it is written. */
export interface Load {
  readonly registerFiles: ReadonlyMap<string, Bytes>;
  /** Signed: what we hold of the reader's, and what of it was opened. */
  readonly receipts: readonly Bytes[];
  readonly publications: readonly OpenPublication[];
  /** Files that these messages name, whole. */
  readonly files: readonly FileKey[];
  /** Messages for this reader that do not go: the register does not let him read them now, or is too old for them. */
  readonly withheld: number;
  /** Messages that found no room; they go with the next file. */
  readonly left: number;
  /** Files that found no room. */
  readonly filesLeft: number;
}

/** For whom, and the register to bring along. */
export interface LoadWish {
  readonly to: string;
  readonly register: Bytes;
  /** Bytes of files that go with their messages, at most; none when left out. */
  readonly filesUpTo?: number | undefined;
}

/** Publications looked at before others have their turn. */
const turn = 500;

function keptFrom({ store }: Office, { id }: StoredSummary): Kept {
  const all = store.keptMessages.of(id);
  return {
    states: all.flatMap(({ states }) => states),
    agencies: all.flatMap(({ agencies }) => agencies),
  };
}

function isInDate(register: RegisterView, now: number, { type, handling }: StoredSummary): boolean {
  // keys disclose nothing by themselves; each body that one opens is judged by its own class
  if (type.startsWith("key.")) return true;
  try {
    checkUsable(register, now, handling);
    return true;
  } catch (error) {
    if (isFault(error, "REGISTER_STALE")) return false;
    throw error;
  }
}

function isMailboxOf(register: RegisterView, channel: string, agency: string): boolean {
  return register.mailboxKeys.some(
    (key) => renderDirectChannel(mailboxOf(key, agency)) === channel,
  );
}

/** Whether the reader may have it now. No hub stands between, so we ask what the hub would have asked. */
function mayGo(office: Office, { message, channel }: OpenPublication, to: string): boolean {
  const register = office.register();
  const now = office.clock.now();
  const stored = office.store.messages.summary(message);
  if (stored === undefined || !isInDate(register, now, stored)) return false;
  const { type, handling, crimes } = stored;
  const kept = keptFrom(office, stored);
  const asked = { action: "READ", agency: to, originator: office.agency, type, handling, kept } as const;
  if (!isDirectChannel(channel)) {
    const { rec: scope, crime } = parseFeedChannel(channel);
    return decide(register, { ...asked, scope, crime }, now).allow;
  }
  if (!isMailboxOf(register, channel, to)) return false;
  return crimes.every((crime) => decide(register, { ...asked, scope: "direct", crime }, now).allow);
} // prettier-ignore

function messagesOf(publications: readonly OpenPublication[]): ReadonlySet<number> {
  return new Set(publications.map(({ message }) => message));
}

/** As many as there is room for, the most urgent first. */
function fit(publications: readonly OpenPublication[], room: number): readonly OpenPublication[] {
  const fitting: OpenPublication[] = [];
  let bytes = 0;
  for (const one of publications) {
    bytes += one.bytes + 16;
    if (bytes > room || fitting.length >= carryLimits.publications) break;
    fitting.push(one);
  }
  return fitting;
}

/** Of a piece's record, beside what it carries. */
const pieceHead = 100;

interface Room {
  readonly bytes: number;
  readonly carried: Pick<CarriedFiles, "of"> | undefined;
}

/** Whole files of the messages that go, each once, in their order, as far as there is room. */
function fitFiles({ store }: Office, messages: ReadonlySet<number>, { bytes, carried }: Room): Pick<Load, "files" | "filesLeft"> {
  const all = [...messages].flatMap((seq) => {
    const message = store.messages.summary(seq)?.id;
    return message === undefined ? [] : (carried?.of(message) ?? []).map((one) => ({ ...one, message }));
  });
  const wanted = [...new Map(all.map((one) => [bytesKey(one.manifest), one])).values()];
  let room = bytes;
  let pieces: number = carryLimits.pieces;
  const files = wanted.filter((one) => {
    const needed = one.bytes + one.pieces * pieceHead;
    if (needed > room || one.pieces > pieces) return false;
    [room, pieces] = [room - needed, pieces - one.pieces];
    return true;
  });
  return { files, filesLeft: wanted.length - files.length };
} // prettier-ignore

async function choose(office: Office, to: string): Promise<readonly OpenPublication[]> {
  const open = office.store.carried.openFor(to, office.clock.now());
  const chosen: OpenPublication[] = [];
  // a consent that was taken back since holds for what goes by hand as well
  const free = new Map<number, boolean>();
  const isFree = ({ message }: OpenPublication): boolean => {
    const known = free.get(message) ?? findOwnObjection(office, message) === undefined;
    free.set(message, known);
    return known;
  };
  for (const [at, one] of open.entries()) {
    if (at % turn === turn - 1) await setImmediate();
    if (mayGo(office, one, to) && isFree(one)) chosen.push(one);
  }
  return chosen;
}

function receiptsFor(office: Office, sender: string): readonly Bytes[] {
  const chains = office.store.chains.changedSince(0).filter((one) => one.originator === sender);
  const held = heldLines(chains).map((lines) => signHeld(office, sender, lines));
  return [...held, ...signOpened(office, sender)].slice(0, carryLimits.receipts);
}

/** Refuses a reader to whom no file can be written. */
function checkReader(office: Office, to: string): void {
  if (to === office.agency)
    throw new Fault("REQUEST_INVALID", "a carry file is for another agency");
  if (office.register().agency(to) === undefined) {
    throw new Fault("AGENCY_UNKNOWN", `the register does not know ${to}; check the name`);
  }
}

/**
 * Chooses what a file for one reader holds: our register, what we hold of his, and everything of ours that he is to have
 * and is not known to hold, as far as the register lets him read it now. Nothing of others is in it: who reads what
 * another sends is not ours to say, and a slip of another's is not kept.
 *
 * @throws {Fault} REQUEST_INVALID, AGENCY_UNKNOWN, REGISTER_STALE, SIGNATURE_KEY_MISSING, KEY_*
 */
export async function gatherLoad(
  office: Office,
  { to, register, filesUpTo }: LoadWish,
  carried?: Pick<CarriedFiles, "of">,
): Promise<Load> {
  checkReader(office, to);
  checkUsable(office.register(), office.clock.now());
  const wanted = messagesOf(office.store.carried.openFor(to, office.clock.now()));
  const chosen = await choose(office, to);
  const room = carryLimits.contentBytes - 2 * carryLimits.registerBytes;
  const publications = fit(chosen, room);
  const [going, allowed] = [messagesOf(publications), messagesOf(chosen)];
  return {
    registerFiles: parseRegister(register),
    receipts: receiptsFor(office, to),
    publications,
    ...fitFiles(office, going, {
      bytes: Math.min(
        filesUpTo ?? 0,
        room - publications.reduce((sum, one) => sum + one.bytes + 16, 0),
      ),
      carried: filesUpTo === undefined ? undefined : carried,
    }),
    withheld: [...wanted].filter((message) => !allowed.has(message)).length,
    left: allowed.size - going.size,
  };
}
