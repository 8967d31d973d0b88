import { z } from "zod";

import {
  type Bytes,
  type EpochMs,
  Fault,
  isFault,
  parseUtf8,
  renderHex,
  sameBytes,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";
import { makeFrontier, parseCheckpoint, parseNote } from "../log/index.ts";

/** Numbers that were left out, first and last. */
export type LeftOut = readonly [first: number, last: number];

/** How far one stream is. */
export interface StreamMark {
  readonly stream: string;
  readonly instance: string;
  readonly last: number;
  /** The latest time of its messages. */
  readonly time: EpochMs;
  readonly leftOut: readonly LeftOut[];
}

/** A log as far as it was followed and proved. */
export interface FollowedLog {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  /** The hashes that the tree goes on from. */
  readonly edge: readonly Bytes[];
  readonly marks: ReadonlyMap<string, StreamMark>;
  /** The signed note of this size. */
  readonly checkpoint: Bytes;
  /** When it was asked for, by the follower's clock. */
  readonly seenAt: EpochMs;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const whole = z.int().min(0);
const name = z.string().max(42);
const maxStreams = 10_000;
const maxStateBytes = 16 * 1024 * 1024;
const shape = z.strictObject({
  origin: z.string().min(1).max(255),
  size: whole,
  root: hash,
  edge: z.array(hash).max(64),
  marks: z
    .array(
      z.strictObject({
        stream: name,
        instance: name,
        last: whole,
        time: whole,
        leftOut: z.array(z.tuple([whole, whole])).max(100),
      }),
    )
    .max(maxStreams),
  checkpoint: z.string().min(1).max(200_000),
  seenAt: whole,
});

/** What a stream is told apart by. */
export function streamKey({ stream, instance }: Pick<StreamMark, "stream" | "instance">): string {
  return `${stream} ${instance}`;
}

/** The file of a state; `parseFollowedLog` reads it back. */
export function renderFollowedLog(state: FollowedLog): Bytes {
  const { root, edge, marks, checkpoint, ...rest } = state;
  const text: z.infer<typeof shape> = {
    ...rest,
    root: renderHex(root),
    edge: edge.map(renderHex),
    marks: [...marks.values()].map(({ leftOut, ...mark }) => ({
      ...mark,
      leftOut: leftOut.map(([first, last]) => [first, last]),
    })),
    checkpoint: parseUtf8(checkpoint),
  };
  return utf8(`${JSON.stringify(text)}\n`);
}

function readJson(bytes: Bytes): unknown {
  try {
    return JSON.parse(parseUtf8(bytes));
  } catch (cause) {
    throw new Fault("INTEGRITY_STORE", "the state of the mirror is not JSON", { cause });
  }
}

/** Whether the state is of the note that stands in it. */
function isOfNote(
  { origin, size, root }: Pick<FollowedLog, "origin" | "size" | "root">,
  note: Bytes,
): boolean {
  try {
    const said = parseCheckpoint(parseNote(note).text);
    return said.origin === origin && said.size === size && sameBytes(said.root, root);
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

/**
 * Reads the file of a state. It fits itself: its edge leads to its root, and its note says both.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function parseFollowedLog(bytes: Bytes): FollowedLog {
  const isBounded = bytes.length <= maxStateBytes;
  const read = isBounded ? tryShape(shape, readJson(bytes)) : undefined;
  if (read?.success !== true) throw new Fault("INTEGRITY_STORE", "the state of the mirror is not one");
  const { root: text, edge: texts, marks, checkpoint, ...rest } = read.data;
  const [root, edge] = [Buffer.from(text, "hex"), texts.map((one) => Buffer.from(one, "hex"))];
  const note = utf8(checkpoint);
  const isWhole = sameBytes(rootOfEdge(rest.size, edge), root) && isOfNote({ ...rest, root }, note);
  if (!isWhole) throw new Fault("INTEGRITY_STORE", "the state of the mirror does not fit itself");
  const byKey = new Map(marks.map((mark) => [streamKey(mark), mark]));
  return { ...rest, root, edge, marks: byKey, checkpoint: note };
} // prettier-ignore

function rootOfEdge(size: number, edge: readonly Bytes[]): Bytes {
  try {
    return makeFrontier(size, edge).root();
  } catch (cause) {
    throw new Fault("INTEGRITY_STORE", "the state of the mirror does not fit itself", { cause });
  }
}
