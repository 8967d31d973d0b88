import { hubLimits } from "./limits.ts";

/** Bytes of the streams that grow with the hub: the feed of each community, direct mail and receipts. */
export interface Rooms {
  readonly feed: number;
  readonly direct: number;
  readonly receipts: number;
}

/** What rooms are reckoned from. */
export interface RoomNeed {
  /** Agencies that are linked to the hub. */
  readonly agencies: number;
  /** Communities whose feeds it keeps. */
  readonly feeds: number;
  /** What the server may keep in files. */
  readonly maxFileBytes: number;
}

/** In steps of twice as much: a stream is not changed for each agency that joins. */
function roomOf(least: number, wanted: number, most: number): number {
  const steps = Math.max(0, Math.ceil(Math.log2(wanted / least)));
  return Math.max(least, Math.min(least * 2 ** steps, most));
}

/** An equal part of what feeds may have of the files, in steps of twice as much: a feed is not changed for each community that joins. */
function feedRoomOf({ feeds, maxFileBytes }: RoomNeed): number {
  const { feedMinBytes, feedShare } = hubLimits;
  const part = maxFileBytes / feedShare / Math.max(1, feeds);
  const steps = Math.floor(Math.log2(part / feedMinBytes));
  return feedMinBytes * 2 ** Math.max(0, steps);
}

/**
 * The rooms of feeds, and of direct mail and receipts for so many agencies. Never less than for few. Feeds share a quarter of the
 * server's files, whatever their number: a full one stops its senders until its oldest message ends, and room that is not used costs
 * nothing. Direct mail and receipts get an eighth each at most.
 */
export function roomsOf(need: RoomNeed): Rooms {
  const { agencies, maxFileBytes } = need;
  const { directMaxBytes, directBytesPerAgency, receiptMaxBytes, receiptBytesPerAgency, roomShare } = hubLimits;
  const most = Math.floor(maxFileBytes / roomShare);
  return {
    feed: feedRoomOf(need),
    direct: roomOf(directMaxBytes, agencies * directBytesPerAgency, most),
    receipts: roomOf(receiptMaxBytes, agencies * receiptBytesPerAgency, most),
  };
} // prettier-ignore
