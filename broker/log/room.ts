import { type Clock, type EpochMs, Fault, type Log } from "../../schemas/ground/index.ts";
import type { StreamRoom } from "./stream.ts";

/** How much room the log has, and how long it lasts at the pace at which it grows. */
export interface RoomStatus extends StreamRoom {
  /** Missing while it does not grow, or nothing can be said of it yet. */
  readonly daysLeft?: number | undefined;
}

/** Watches the room of the log, and warns before it stops all acceptance. */
export interface RoomWatch {
  /** What the stream said of itself just now. */
  note(room: StreamRoom, begunAt: EpochMs | undefined): void;
  readonly status: RoomStatus | undefined;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** Percent of the room at which people are told, once each. */
const marks = [80, 90, 95, 99] as const;

interface Mark {
  readonly at: EpochMs;
  readonly bytes: number;
}

/** The log has no room for another entry. */
export function noRoom(): Fault {
  return new Fault(
    "LOG_FULL",
    "LOG: no room left; give the server more files (server.maxFileBytes, the log has an eighth) or disk, and start the hub anew",
  );
}

/** Bytes a day since a mark; 0 while that is too short to say. */
function paceSince(mark: Mark | undefined, now: Mark): number {
  const ms = now.at - (mark?.at ?? now.at);
  return mark === undefined || ms < hourMs ? 0 : ((now.bytes - mark.bytes) * dayMs) / ms;
}

/** Starts to watch. The faster of two paces counts: of all the log's life, and of the last day or two. */
export function makeRoomWatch({ clock, log }: { readonly clock: Clock; readonly log: Log }): RoomWatch {
  let status: RoomStatus | undefined;
  let before: Mark | undefined;
  let since: Mark | undefined;
  let told = 0;

  const daysLeftOf = ({ bytes, maxBytes }: StreamRoom, begunAt: EpochMs | undefined): number | undefined => {
    const now = { at: clock.now(), bytes };
    since ??= now;
    if (now.at - since.at >= dayMs) [before, since] = [since, now];
    const born = begunAt === undefined ? undefined : { at: begunAt, bytes: 0 };
    const pace = Math.max(paceSince(born, now), paceSince(before ?? since, now));
    return pace <= 0 ? undefined : Math.max(0, (maxBytes - bytes) / pace);
  };

  const tell = ({ bytes, maxBytes, daysLeft }: RoomStatus): void => {
    const percent = Math.floor((100 * bytes) / maxBytes);
    const mark = marks.findLast((one) => percent >= one) ?? 0;
    if (mark > told) {
      const left = daysLeft === undefined ? {} : { count: Math.floor(daysLeft) };
      log.warn(`the log has used ${mark} percent of its room; count is the days left`, { code: "LOG_FULL", ...left });
    }
    told = mark;
  };

  return {
    note: (room, begunAt) => {
      status = { ...room, daysLeft: daysLeftOf(room, begunAt) };
      tell(status);
    },
    get status() {
      return status;
    },
  };
} // prettier-ignore
