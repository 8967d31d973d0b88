import { type Bytes, Fault, renderHex } from "../../schemas/ground/index.ts";
import type { HubWay, Office } from "../exchange/index.ts";
import type { Places } from "./places.ts";

/** What the work with files stands on. */
export interface AttachmentParts {
  readonly office: Office;
  readonly places: Places;
  /** How the hub is reached now. */
  readonly way: () => HubWay;
  /** Whether the gateway ends: then nothing more is begun. */
  readonly isStopped: () => boolean;
  /** Files that somebody writes to at this moment. */
  readonly busy: Set<string>;
}

/** Does something while nobody else writes to a file; nothing, and undefined, when somebody does. */
export async function alone<T>(
  { busy }: Pick<AttachmentParts, "busy">,
  ref: Bytes,
  act: () => Promise<T>,
): Promise<T | undefined> {
  const name = renderHex(ref);
  if (busy.has(name)) return undefined;
  busy.add(name);
  try {
    return await act();
  } finally {
    busy.delete(name);
  }
}

/** Bytes a second below which a line is shared carefully, and from which on it is not felt. */
const slowPerSecond = 32 * 1024;
const fastPerSecond = 256 * 1024;

/** How many chunks may be under way: one where each stands before messages for seconds, more where the way is long but wide. */
export function chunksUnderWay(perSecond: number | undefined): number {
  if (perSecond === undefined) return 2;
  if (perSecond < slowPerSecond) return 1;
  return perSecond < fastPerSecond ? 2 : 3;
}

/** Asked before each chunk. @throws {Fault} HUB_UNREACHABLE once the gateway ends */
export function checkRunning({ isStopped }: AttachmentParts): void {
  if (isStopped())
    throw new Fault("HUB_UNREACHABLE", "the gateway ends; it goes on when it runs again");
}
