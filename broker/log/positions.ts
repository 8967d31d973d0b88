import { parseLogLeaf } from "../../schemas/index.ts";
import { type Clock, Fault, type Timer } from "../../schemas/ground/index.ts";
import type { Book } from "./book.ts";
import { type LogPlace, placeKey, seriesOf } from "./place.ts";

/** Where messages' leaves stand, or will. */
export interface Positions {
  /**
   * The index of a place's leaf, once its entry is stored and written down here.
   *
   * @throws {Fault} HUB_STREAM_WRITE_FAILED, LOG_ENTRY_MISSING, and what ended the log
   */
  wait(place: LogPlace): Promise<number>;
  /** The index, when the leaf stands in the log. @throws {Fault} LOG_TILE_INVALID when the folder says otherwise */
  find(place: LogPlace): number | undefined;
  /** Tells those who wait for what stands there now. */
  settle(): void;
  /** Nobody will be told of these places any more. */
  give(up: Fault, series?: Pick<LogPlace, "stream" | "instance">): void;
}

/** Below what the intake waits for an acknowledgement: the message then comes again. */
const waitMs = 20_000;

interface Waiting {
  readonly place: LogPlace;
  readonly timer: Timer;
  readonly resolve: (index: number) => void;
  readonly reject: (fault: Fault) => void;
}

/** Starts with nobody waiting. */
export function makePositions(clock: Clock, book: () => Book | undefined): Positions {
  const waiting = new Set<Waiting>();

  const find = (place: LogPlace): number | undefined => {
    const at = book();
    const mark = at?.state.head.marks.get(seriesOf(place));
    if (at === undefined || mark === undefined || place.sequence > mark.last) return undefined;
    if (place.sequence < mark.first) {
      throw new Fault("LOG_ENTRY_MISSING", "the message was taken before the log was begun");
    }
    const found = at.folder.places.find(place, mark);
    if (found === undefined) throw new Fault("LOG_TILE_INVALID", "a place has no index");
    if (!found.isHint) return found.index;
    const { stream, instance = "", sequence } = parseLogLeaf(at.folder.tiles.leaf(found.index));
    if (placeKey({ stream, instance, sequence }) === placeKey(place)) return found.index;
    throw new Fault("LOG_TILE_INVALID", "another leaf stands where one was noted");
  };

  const end = (item: Waiting): void => {
    item.timer.stop();
    waiting.delete(item);
  };

  return {
    find,
    wait: (place) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      try {
        const found = find(place);
        if (found !== undefined) return Promise.resolve(found);
      } catch (error) {
        return Promise.reject(error);
      }
      const timer = clock.after(waitMs, () => {
        end(item);
        reject(new Fault("HUB_STREAM_WRITE_FAILED", "the log was not written in time"));
      });
      const item: Waiting = { place, timer, resolve, reject };
      waiting.add(item);
      return promise;
    },
    settle: () => {
      for (const item of waiting) {
        try {
          const found = find(item.place);
          if (found === undefined) continue;
          end(item);
          item.resolve(found);
        } catch (error) {
          end(item);
          item.reject(error instanceof Fault ? error : new Fault("INTERNAL", "no index"));
        }
      }
    },
    give: (up, series) => {
      for (const item of waiting) {
        if (series !== undefined && seriesOf(series) !== seriesOf(item.place)) continue;
        end(item);
        item.reject(up);
      }
    },
  };
}
