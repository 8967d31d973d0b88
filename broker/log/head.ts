import { logStreams, parseLogLeaf } from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import {
  type Frontier,
  type HashedSubtree,
  leafHash,
  makeFrontier,
} from "../../certs/log/index.ts";
import { seriesOf } from "./place.ts";

/** What of one stream stands in the log: every number from the first to the last, once. */
export interface LogMark {
  readonly stream: string;
  readonly instance: string;
  readonly first: number;
  readonly last: number;
}

/** How far the log is. Never changed: what follows is another. */
export interface LogHead {
  readonly size: number;
  readonly root: Bytes;
  /** The hashes that the tree goes on from. */
  readonly edge: readonly Bytes[];
  /** By stream and instance. */
  readonly marks: ReadonlyMap<string, LogMark>;
}

/** One leaf as it is entered. */
export interface EnteredLeaf {
  readonly index: number;
  readonly bytes: Bytes;
  readonly stream: string;
  readonly instance: string;
  readonly sequence: number;
}

/** What a head becomes when leaves are added. */
export interface Extension {
  readonly head: LogHead;
  readonly leaves: readonly EnteredLeaf[];
  /** What of the tree became complete. */
  readonly subtrees: readonly HashedSubtree[];
}

const withGaps: ReadonlySet<string> = new Set(Object.values(logStreams));

/** Numbers of the register and of the hub's journal may be left out; those of messages, and of acts of agencies, may not. */
function mayLeaveOut({ stream, instance }: Pick<LogMark, "stream" | "instance">): boolean {
  return withGaps.has(stream) && !instance.includes("/");
}

function follow(marks: Map<string, LogMark>, leaf: Omit<LogMark, "first" | "last">, sequence: number): void {
  const { stream, instance } = leaf;
  const key = seriesOf(leaf);
  const mark = marks.get(key);
  const follows = mark === undefined || (mayLeaveOut(leaf) ? sequence > mark.last : sequence === mark.last + 1);
  if (!follows) {
    throw new Fault("LOG_INCONSISTENT", `a leaf of ${stream} does not follow the one before it`);
  }
  marks.set(key, { stream, instance, first: mark?.first ?? sequence, last: sequence });
} // prettier-ignore

/** A log without leaves. */
export function makeEmptyHead(): LogHead {
  return { size: 0, root: makeFrontier().root(), edge: [], marks: new Map() };
}

function enter(frontier: Frontier, leaves: readonly Bytes[], marks: Map<string, LogMark>): Omit<Extension, "head"> {
  const subtrees: HashedSubtree[] = [];
  const entered = leaves.map((bytes): EnteredLeaf => {
    const { stream, instance = "", sequence } = parseLogLeaf(bytes);
    follow(marks, { stream, instance }, sequence);
    const index = frontier.size();
    subtrees.push(...frontier.append(leafHash(bytes)));
    return { index, bytes, stream, instance, sequence };
  });
  return { leaves: entered, subtrees };
} // prettier-ignore

/**
 * What the log is with these leaves after the others.
 *
 * @throws {Fault} LOG_INCONSISTENT when a place would stand twice or out of its stream's order, CODEC_*, SCHEMA_*
 */
export function extendHead(head: LogHead, leaves: readonly Bytes[]): Extension {
  const frontier = makeFrontier(head.size, head.edge);
  const marks = new Map(head.marks);
  const entered = enter(frontier, leaves, marks);
  const next = { size: frontier.size(), root: frontier.root(), edge: frontier.edge(), marks };
  return { head: next, ...entered };
}
