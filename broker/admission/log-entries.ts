import type { Bytes } from "../../schemas/ground/index.ts";
import type { Place } from "./known.ts";

/** The hub's log, as far as receipts speak of it. */
export interface LogEntries {
  /**
   * The index of the leaf of what stands at a place, once nothing can take it out of the log any more.
   *
   * @throws {Fault} HUB_STREAM_WRITE_FAILED, LOG_*, KEY_UNUSABLE, INTEGRITY_STORE
   */
  positionOf(place: Place): Promise<number>;
  /** The newest; missing before the first. */
  readonly checkpoint: Bytes | undefined;
}
