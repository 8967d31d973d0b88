import { limits, type LogLeaf, logStreams, parseLogLeaf } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, isFault } from "../../schemas/ground/index.ts";
import type { Finding } from "./finding.ts";
import { type LeftOut, streamKey, type StreamMark } from "./state.ts";

/** What leaves are held against, in the order in which they stand. */
export interface Rules {
  /** @returns what is wrong with this leaf; none of it is thrown */
  check(index: number, bytes: Bytes): readonly Finding[];
  /** How far each stream is. */
  readonly marks: ReadonlyMap<string, StreamMark>;
}

/** What the rules begin with. */
export interface RuleStart {
  readonly marks: ReadonlyMap<string, StreamMark>;
  readonly now: EpochMs;
  /** When the log was looked at last; undefined the first time. */
  readonly seenAt?: EpochMs | undefined;
}

const withGaps: ReadonlySet<string> = new Set(Object.values(logStreams));

/** Numbers of the register and of the hub's journal may be left out; those of messages, and of acts of agencies, may not. */
function mayLeaveOut({ stream, origin }: LogLeaf): boolean {
  return withGaps.has(stream) && origin === undefined;
}

/** Beyond it an old gap is forgotten: its number is then told as standing twice. */
const maxLeftOut = 100;
/** A hub that was away enters late what it took; more than this is told. */
const lateMs = 600_000;

interface Numbered {
  readonly findings: readonly Finding[];
  readonly last: number;
  readonly leftOut: readonly LeftOut[];
}

/** Takes one number out of those that were left out; undefined when it is not among them. */
function fillIn(leftOut: readonly LeftOut[], sequence: number): readonly LeftOut[] | undefined {
  if (!leftOut.some(([first, last]) => first <= sequence && sequence <= last)) return undefined;
  return leftOut
    .flatMap(([first, last]): readonly LeftOut[] =>
      first <= sequence && sequence <= last
        ? [[first, sequence - 1], [sequence + 1, last]]
        : [[first, last]],
    )
    .filter(([first, last]) => first <= last);
} // prettier-ignore

function checkNumber(index: number, leaf: LogLeaf, mark: StreamMark): Numbered {
  const { stream, sequence } = leaf;
  const { last, leftOut } = mark;
  const place = `${stream} ${sequence}`;
  if (sequence === last + 1) return { findings: [], last: sequence, leftOut };
  if (sequence > last) {
    if (mayLeaveOut(leaf)) return { findings: [], last: sequence, leftOut };
    const gap: LeftOut = [last + 1, sequence - 1];
    const detail = `${place} follows ${last}: what is between was left out`;
    return { findings: [{ kind: "GAP", index, detail }], last: sequence, leftOut: [...leftOut, gap].slice(-maxLeftOut) };
  }
  const filled = fillIn(leftOut, sequence);
  const finding: Finding = filled === undefined
    ? { kind: "REPEATED", index, detail: `${place} stands in the log a second time` }
    : { kind: "ORDER", index, detail: `${place} stands after ${last}` };
  return { findings: [finding], last, leftOut: filled ?? leftOut };
} // prettier-ignore

/** What the time of a leaf is held against: the times of its stream, and the follower's own. */
interface Times extends Pick<RuleStart, "now" | "seenAt"> {
  readonly since: EpochMs;
}

function checkTime(index: number, leaf: LogLeaf, { since, now, seenAt }: Times): readonly Finding[] {
  const { kind, time, stream, sequence } = leaf;
  // of what was gone before it was entered nobody knows when it was taken
  if (kind === "VOID") return [];
  const place = `${stream} ${sequence}`;
  const say = (what: Finding["kind"], detail: string): readonly Finding[] => [{ kind: what, index, detail: `${place} ${detail}` }];
  if (time < since - limits.maxAheadMs) return say("BACKDATED", "is dated before what was taken earlier");
  if (time > now + limits.maxAheadMs) return say("AHEAD", "is dated in the future");
  if (seenAt !== undefined && time < seenAt - lateMs) return say("LATE", "is new and dated long before the last look");
  return [];
} // prettier-ignore

function readLeaf(bytes: Bytes): LogLeaf | string {
  try {
    return parseLogLeaf(bytes);
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

/** The rules that the leaves of a log keep, for whoever reads them one after another. */
export function makeRules(start: RuleStart): Rules {
  const marks = new Map(start.marks);
  const check = (index: number, bytes: Bytes): readonly Finding[] => {
    const leaf = readLeaf(bytes);
    if (typeof leaf === "string") return [{ kind: "FORM", index, detail: `no leaf as it should be (${leaf})` }];
    const { stream, instance = "", sequence, kind } = leaf;
    const key = streamKey({ stream, instance });
    const mark = marks.get(key) ?? { stream, instance, last: sequence - 1, time: 0, leftOut: [] };
    const { findings, last, leftOut } = checkNumber(index, leaf, mark);
    const late = checkTime(index, leaf, { ...start, since: mark.time });
    const time = kind === "VOID" || late.some((one) => one.kind === "AHEAD") ? mark.time : Math.max(mark.time, leaf.time);
    marks.set(key, { stream, instance, last, leftOut, time });
    return [...findings, ...late];
  };
  return { check, marks };
} // prettier-ignore
