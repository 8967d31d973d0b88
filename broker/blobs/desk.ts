import {
  blobRefusals,
  type BlobAnswer,
  chunkMarkHeader,
  encodeBlobAnswer,
  intakeBlobSubjects,
  type IntakeSubject,
  isChunkMark,
  limits,
  parseBlobList,
  parseBlobRange,
  parseIntakeSubject,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type Chance,
  type Clock,
  Fault,
  renderHex,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { makeQuota, type ReturnableQuota } from "../admission/index.ts";
import { hubLimits, isLinking, type Link, type Msg, startPublisher } from "../nats/index.ts";
import { makeGate } from "./gate.ts";
import { makeShelf, type PutChunk, type Shelf } from "./shelf.ts";

/** How many questions about chunks ended how. */
export interface BlobCounts {
  stored: number;
  /** Put, though it was there. */
  repeated: number;
  /** Questions which of many are there. */
  listed: number;
  handedOut: number;
  refused: number;
}

/** What chunks are kept and handed out with. */
export interface BlobDeskOptions {
  /** Its own connection into the hub's account. */
  readonly link: Link;
  readonly inbox: string;
  readonly clock: Clock;
  readonly chance: Chance;
  /** The register of the moment. */
  readonly register: () => RegisterView;
  /** What an agency may put a day on average; at most twice that in one day. */
  readonly bytesPerAgencyDay: number;
}

/** The running desk. */
export interface BlobDesk {
  readonly counts: Readonly<BlobCounts>;
  /** The connection was lost: whatever is being stored has no known end. */
  reset(): void;
  stop(): void;
}

const dayMs = 86_400_000;
/** Chunks looked up at a time for one question, so that the server's queue of questions stays short. */
const lookUps = 32;
/** A question about many costs one question for each so many of them. */
const listedForOne = 8;

interface Ground {
  readonly shelf: Shelf;
  readonly asks: ReturnableQuota;
  readonly bytes: ReturnableQuota;
  readonly counts: BlobCounts;
}

/** A chunk with the mark that came with it. @throws {Fault} REQUEST_INVALID of a mark that is none */
function chunkOf({ data: bytes, headers }: Msg): PutChunk {
  const mark = headers?.get(chunkMarkHeader) ?? "";
  if (mark === "") return { bytes };
  if (isChunkMark(mark)) return { bytes, mark };
  throw new Fault("REQUEST_INVALID", "the mark of a chunk is no digest in Base64url");
}

async function put({ shelf, bytes: room, counts }: Ground, agency: string, item: PutChunk) {
  const { bytes: chunk } = item;
  if (chunk.length === 0) throw new Fault("REQUEST_INVALID", "a chunk has at least one byte");
  if (chunk.length > limits.maxBlobBytes) {
    throw new Fault("CODEC_TOO_LARGE", `a chunk has at most ${limits.maxBlobBytes} bytes`);
  }
  const digest = sha256(chunk);
  if (await shelf.holds(digest)) {
    // an answer was lost on the way: it costs the agency nothing
    counts.repeated += 1;
    return { stored: digest };
  }
  if (!room.take(agency, chunk.length)) {
    throw new Fault("BLOB_ALLOWANCE_SPENT", "the agency has put what it may for now");
  }
  let isNew = false;
  try {
    isNew = await shelf.put(digest, item);
  } finally {
    if (!isNew) room.giveBack(agency, chunk.length);
  }
  counts[isNew ? "stored" : "repeated"] += 1;
  return { stored: digest };
}

async function list({ shelf, asks, counts }: Ground, agency: string, question: Bytes) {
  const { digests } = parseBlobList(question);
  if (!asks.take(agency, digests.length / listedForOne)) {
    throw new Fault("QUOTA_EXCEEDED", "too many chunks are asked about at once");
  }
  const held = new Uint8Array(Math.ceil(digests.length / 8));
  for (let from = 0; from < digests.length; from += lookUps) {
    const some = digests.slice(from, from + lookUps);
    const found = await Promise.all(some.map((digest) => shelf.holds(digest)));
    for (const [at, isThere] of found.entries()) {
      const bit = from + at;
      if (isThere) held[bit >> 3] = (held[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  counts.listed += 1;
  return { held };
}

async function get({ shelf, counts }: Ground, question: Bytes): Promise<BlobAnswer> {
  const { digest, offset, maxBytes } = parseBlobRange(question);
  const chunk = await shelf.find(digest);
  if (chunk === undefined) throw new Fault("BLOB_MISSING", "there is no chunk of this digest");
  counts.handedOut += 1;
  return { size: chunk.length, piece: chunk.subarray(offset, offset + maxBytes) };
}

/** What a refused agency is told: a code that it believes. What it asked wrongly is told in no more detail. */
function refusalOf(error: unknown): string {
  const { code } = toFault(error, "HUB_UNREACHABLE");
  if (Object.hasOwn(blobRefusals, code)) return code;
  return /^(?:CODEC|SCHEMA|SUBJECT)_/.test(code) ? "REQUEST_INVALID" : "HUB_UNREACHABLE";
}

function checkAsker(register: RegisterView, agency: string, now: number): void {
  if (!isLinking(register, agency)) {
    throw new Fault("AGENCY_UNKNOWN", "the register knows no such agency that links to hubs");
  }
  if ((register.agency(agency)?.suspendedFrom ?? Infinity) <= now) {
    throw new Fault("MANDATE_SUSPENDED", "the agency is suspended");
  }
}

/**
 * Starts to keep and hand out chunks of files. Every question is answered, with what was asked for or with why not; more
 * than an agency may have under way is refused at once and held nowhere. Nothing is written down but counts.
 */
export function startBlobDesk(options: BlobDeskOptions): BlobDesk {
  const { link, inbox, clock, chance, register, bytesPerAgencyDay } = options;
  const publisher = startPublisher(link, `${inbox}.b${renderHex(chance.bytes(6))}`, clock);
  const counts: BlobCounts = { stored: 0, repeated: 0, listed: 0, handedOut: 0, refused: 0 };
  const { blobAsksPerSecond: perSecond, blobAsksBurst: burst } = hubLimits;
  const ground: Ground = {
    shelf: makeShelf(link, publisher),
    asks: makeQuota(clock, { perSecond, burst }),
    bytes: makeQuota(clock, {
      perSecond: (bytesPerAgencyDay * 1000) / dayMs,
      burst: bytesPerAgencyDay,
    }),
    counts,
  };
  const gate = makeGate(limits.maxBlobsUnderWay, hubLimits.maxBlobsUnderWay);

  const answer = async ({ origin, target }: IntakeSubject, asked: Msg): Promise<BlobAnswer> => {
    const { data } = asked;
    checkAsker(register(), origin, clock.now());
    if (!ground.asks.take(origin)) throw new Fault("QUOTA_EXCEEDED", "too many questions at once");
    if (target === "put") return await put(ground, origin, chunkOf(asked));
    return target === "held" ? await list(ground, origin, data) : await get(ground, data);
  };

  const respond = async (message: Msg): Promise<void> => {
    let leave: (() => void) | undefined;
    try {
      const asked = parseIntakeSubject(message.subject);
      leave = gate.enter(asked.origin);
      if (leave === undefined) throw new Fault("QUOTA_EXCEEDED", "too much is under way");
      message.respond(encodeBlobAnswer(await answer(asked, message)));
    } catch (error) {
      counts.refused += 1;
      if (!link.isClosed()) message.respond(encodeBlobAnswer({ refused: refusalOf(error) }));
    } finally {
      leave?.();
    }
  };

  const subscriptions = intakeBlobSubjects.map((subject) =>
    link.subscribe(subject, {
      callback: (error, message) => {
        // whoever wants no answer wants nothing
        if (error === null && (message.reply ?? "") !== "") void respond(message);
      },
    }),
  );
  return {
    counts,
    reset: () => publisher.reset(),
    stop: () => {
      if (!link.isClosed()) for (const subscription of subscriptions) subscription.unsubscribe();
      publisher.stop();
    },
  };
}
