import { hubLimits } from "./limits.ts";

/** Bytes of the streams that grow with who is linked to the hub. */
export interface Rooms {
  readonly direct: number;
  readonly receipts: number;
}

/** What rooms are reckoned from. */
export interface RoomNeed {
  /** Agencies that are linked to the hub. */
  readonly agencies: number;
  /** What the server may keep in files. */
  readonly maxFileBytes: number;
}

/** In steps of twice as much: a stream is not changed for each agency that joins. */
function roomOf(least: number, wanted: number, most: number): number {
  const steps = Math.max(0, Math.ceil(Math.log2(wanted / least)));
  return Math.max(least, Math.min(least * 2 ** steps, most));
}

/**
 * The rooms of direct mail and receipts for so many agencies. Never less than for few; beyond that each gets an eighth of the
 * server's files at most, because feeds and files need theirs.
 */
export function roomsOf({ agencies, maxFileBytes }: RoomNeed): Rooms {
  const { directMaxBytes, directBytesPerAgency, receiptMaxBytes, receiptBytesPerAgency, roomShare } = hubLimits;
  const most = Math.floor(maxFileBytes / roomShare);
  return {
    direct: roomOf(directMaxBytes, agencies * directBytesPerAgency, most),
    receipts: roomOf(receiptMaxBytes, agencies * receiptBytesPerAgency, most),
  };
} // prettier-ignore
