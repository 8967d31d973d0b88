import {
  type Bytes,
  concatBytes,
  type EpochMs,
  isFault,
  sameBytes,
} from "../../schemas/ground/index.ts";
import {
  type Checkpoint,
  type Frontier,
  leafHash,
  makeFrontier,
  makeTileHashReader,
  renderEntries,
  rootOf,
  type TilePlace,
  tileWidth,
  type VerifierKey,
  verifyCheckpoint,
} from "../log/index.ts";
import type { Finding } from "./finding.ts";
import type { LogMirror, LogSource } from "./mirror.ts";
import { readEntries, readHashes } from "./read-piece.ts";
import { makeUpperRows, type UpperRows } from "./rows.ts";
import { makeRules, type Rules } from "./rules.ts";
import type { FollowedLog, StreamMark } from "./state.ts";

/** What a log is followed with. */
export interface FollowOptions {
  readonly source: LogSource;
  readonly mirror: LogMirror;
  /** Keys that this log signs with. */
  readonly keys: readonly VerifierKey[];
  readonly now: EpochMs;
  /** Stops between two bundles; what was proved before stays. */
  readonly isStopped?: (() => boolean) | undefined;
}

/** What a look at a log came to. */
export interface FollowRound {
  /** How many entries are proved and kept. */
  readonly size: number;
  /** How many of them are new. */
  readonly added: number;
  /** What is wrong, the first entry first; at most 100 are told. */
  readonly findings: readonly Finding[];
}

const maxTold = 100;
/** A hub of several brokers may show for a while what one of them knows; no longer than this. */
const behindMs = 600_000;
const none: ReadonlyMap<string, StreamMark> = new Map<string, StreamMark>();

function place(holds: TilePlace["holds"], index: number, size: number): TilePlace {
  return { holds, level: 0, index, width: Math.min(tileWidth, size - index * tileWidth) };
}

/** The work of one look: what stood, what is asked for, and what was found on the way. */
interface Look {
  readonly options: FollowOptions;
  readonly held: FollowedLog | undefined;
  readonly to: Checkpoint;
  readonly frontier: Frontier;
  readonly rows: UpperRows;
  readonly rules: Rules;
  readonly found: Finding[];
}

interface Bundle {
  readonly index: number;
  readonly entries: readonly Bytes[];
  readonly hashes: readonly Bytes[];
}

/** Reads one bundle and its tile, or says why not. */
async function readBundle({ options, to }: Look, index: number): Promise<Bundle | Finding> {
  const { source } = options;
  const first = index * tileWidth;
  try {
    const [entries, hashes] = await Promise.all([
      readEntries((at) => source.read(at), place("entries", index, to.size)),
      readHashes((at) => source.read(at), place("hashes", index, to.size)),
    ]);
    if (entries !== undefined && hashes !== undefined) return { index, entries, hashes };
    return { kind: "MISSING", index: first, detail: "entries that were signed are not shown" };
  } catch (error) {
    if (!isFault(error, "LOG_TILE_INVALID")) throw error;
    return { kind: "TILE", index: first, detail: "entries or their tile are not well formed" };
  }
}

/** The first entry that is not what its tile says, or not what it was. */
function findAltered({ held, options }: Look, { index, entries, hashes }: Bundle): Finding | undefined {
  const first = index * tileWidth;
  const kept = Math.max(0, (held?.size ?? 0) - first);
  const before = kept > 0 ? options.mirror.read(place("hashes", index, held?.size ?? 0)) : new Uint8Array();
  for (const [i, entry] of entries.entries()) {
    const hash = leafHash(entry);
    const was = i < kept ? before.subarray(i * 32, i * 32 + 32) : hash;
    if (!sameBytes(was, hash)) return { kind: "ALTERED", index: first + i, detail: "the entry is another than it was" };
    const isAsTold = sameBytes(hashes[i] ?? new Uint8Array(), hash);
    if (!isAsTold) return { kind: "ALTERED", index: first + i, detail: "the entry is not the one its tile was made of" };
  }
  return undefined;
} // prettier-ignore

/** Takes what is new of a bundle that fits. */
function takeBundle(look: Look, { index, entries, hashes }: Bundle): void {
  const { frontier, rows, rules, found, options } = look;
  const start = index * tileWidth;
  entries.forEach((entry, i) => {
    if (start + i < frontier.size()) return;
    const wrong = rules.check(start + i, entry);
    // what stops the log comes first; of the rest no more than anybody reads
    found.push(...wrong.slice(0, maxTold - found.length));
    const hash = hashes[i];
    if (hash !== undefined) rows.add(frontier.append(hash));
  });
  const { size } = look.to;
  options.mirror.write(place("entries", index, size), renderEntries(entries));
  options.mirror.write(place("hashes", index, size), concatBytes(...hashes));
}

/** The tiles above are looked at too: proofs that others make come from them. */
async function checkRows({ options, rows }: Look): Promise<Finding | undefined> {
  for (const { place: at, bytes } of rows.take()) {
    const shown = await readHashes((one) => options.source.read(one), at).catch((error: unknown) => {
      if (isFault(error, "LOG_TILE_INVALID")) return [];
      throw error;
    });
    const detail = `tile ${at.level}/${at.index} is not what its entries make it`;
    const first = at.index * tileWidth ** (at.level + 1);
    if (shown === undefined) return { kind: "MISSING", index: first, detail: `tile ${at.level}/${at.index} is not shown` };
    if (!sameBytes(concatBytes(...shown), bytes)) return { kind: "TILE", index: first, detail };
    options.mirror.write(at, bytes);
  }
  return undefined;
} // prettier-ignore

/** Where the log is another than what is kept: which entry of the past was changed. */
async function findChanged({ options, held, to }: Look): Promise<Finding> {
  const size = held?.size ?? 0;
  for (let index = 0; index * tileWidth < size; index += 1) {
    const shown = await readHashes((one) => options.source.read(one), place("hashes", index, to.size)).catch(() => undefined);
    const at = place("hashes", index, size);
    const kept = options.mirror.read(at);
    for (let i = 0; i < at.width; i += 1) {
      const isSame = sameBytes(shown?.[i] ?? new Uint8Array(), kept.subarray(i * 32, i * 32 + 32));
      if (!isSame) return { kind: "SPLIT", index: index * tileWidth + i, detail: "the log has another entry here than it had" };
    }
  }
  return { kind: "ROOT", index: size, detail: "the entries do not lead to the root that was signed" };
} // prettier-ignore

/** Where a part of the past is another, what comes before it may be so too. */
async function findFirstChanged(look: Look, altered: Finding): Promise<Finding> {
  if ((altered.index ?? 0) >= (look.held?.size ?? 0)) return altered;
  const changed = await findChanged(look);
  return changed.kind === "SPLIT" ? changed : altered;
}

/** Reads all that is new; says what stops it. */
async function readNew(look: Look): Promise<Finding | "stopped" | undefined> {
  const { options, to, frontier } = look;
  for (let index = Math.floor(frontier.size() / tileWidth); index * tileWidth < to.size; index += 1) {
    if (options.isStopped?.() === true) return "stopped";
    const bundle = await readBundle(look, index);
    if ("kind" in bundle) return bundle;
    const altered = findAltered(look, bundle);
    if (altered !== undefined) return findFirstChanged(look, altered);
    takeBundle(look, bundle);
  }
  if (!sameBytes(frontier.root(), to.root)) return findChanged(look);
  return checkRows(look);
} // prettier-ignore

function beginLook(options: FollowOptions, to: Checkpoint): Look {
  const { held } = options.mirror;
  const { size = 0, edge = [], marks = none, seenAt } = held ?? {};
  const frontier = makeFrontier(size, edge);
  const rows = makeUpperRows(size, (at) => options.mirror.read(at));
  const rules = makeRules({ marks, now: options.now, seenAt });
  return { options, held, to, frontier, rows, rules, found: [] };
}

/** A size that was passed before: whether it is one that we know, or another log. */
function judgeOld({ options, held, to }: Look): readonly Finding[] {
  const { mirror } = options;
  const size = held?.size ?? 0;
  const reader = makeTileHashReader(size, (tiles) => tiles.map((tile) => mirror.read({ ...tile, holds: "hashes" })));
  if (!sameBytes(rootOf(to.size, reader), to.root)) {
    return [{ kind: "SPLIT", detail: `two roots were signed for ${to.size} entries` }];
  }
  if (held === undefined || to.size === size) return [];
  const kind = options.now - held.seenAt > behindMs ? "ROLLED_BACK" : "BEHIND";
  return [{ kind, detail: `the log shows ${to.size} entries, and has shown ${size}` }];
} // prettier-ignore

function readSigned({ keys }: FollowOptions, note: Bytes, held: FollowedLog | undefined): Checkpoint | Finding {
  try {
    const { checkpoint } = verifyCheckpoint(note, ...keys);
    const isSame = held === undefined || held.origin === checkpoint.origin;
    return isSame ? checkpoint : { kind: "SIGNATURE", detail: "the checkpoint is of another log than the one that is kept" };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { kind: "SIGNATURE", detail: `the checkpoint is not one that this log signed: ${error.detail}` };
  }
} // prettier-ignore

/** Keeps both notes where each of them was signed and they do not fit. */
function accuse({ options, held }: Look, note: Bytes, findings: readonly Finding[]): void {
  const isOther = findings.some(({ kind }) => kind === "SPLIT" || kind === "ALTERED");
  if (held === undefined || !isOther) return;
  options.mirror.accuse([held.checkpoint, note]);
}

async function takeNew(look: Look, note: Bytes): Promise<FollowRound> {
  const { options, held, to, frontier, rules, found } = look;
  const before = held?.size ?? 0;
  const stop = await readNew(look);
  if (stop === "stopped") return { size: before, added: 0, findings: [] };
  if (stop !== undefined) {
    accuse(look, note, [stop]);
    return { size: before, added: 0, findings: [stop, ...found] };
  }
  const { origin, root } = to;
  const state = { origin, size: to.size, root, edge: frontier.edge(), marks: rules.marks };
  options.mirror.save({ ...state, checkpoint: note, seenAt: options.now });
  return { size: to.size, added: to.size - before, findings: found };
}

/**
 * Looks at a log once: reads all that is new since the last look, holds each leaf against the rules and all of it
 * against the signed root, and keeps it. Where something stops it, what was kept before stays as it was.
 *
 * @throws {Fault} what source and mirror throw; what is wrong with the log is told, not thrown
 */
export async function followLog(options: FollowOptions): Promise<FollowRound> {
  const { source, mirror } = options;
  const { held } = mirror;
  const note = await source.checkpoint();
  const size = held?.size ?? 0;
  const to = readSigned(options, note, held);
  if ("kind" in to) return { size, added: 0, findings: [to] };
  const look = beginLook(options, to);
  if (to.size > size) return takeNew(look, note);
  const findings = judgeOld(look);
  accuse(look, note, findings);
  if (held !== undefined && findings.length === 0) mirror.save({ ...held, checkpoint: note, seenAt: options.now });
  return { size, added: 0, findings };
} // prettier-ignore
