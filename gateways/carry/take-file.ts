import {
  type Bytes,
  bytesKey,
  type EpochMs,
  sameBytes,
  sha256,
} from "../../schemas/ground/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import type { Arrival, Office } from "../exchange/index.ts";
import type { FileName, ReadItem } from "./content.ts";
import type { CarriedFiles } from "./files.ts";
import {
  type CarriedPublication,
  checkSigned,
  readPublication,
  type ReadThrough,
  readThrough,
} from "./prove-file.ts";
import { refuseFile } from "./refusals.ts";
import { type ReadPlace, withFile } from "./read-file.ts";

/** What takes in what a file holds: the very same that takes what comes over a link. */
export interface TakeParts {
  takePublications(arrivals: readonly Arrival[]): Promise<void>;
  takeReceipts(receipts: readonly Bytes[]): Promise<void>;
  /** The register in force, or the one in these files where that is newer and proved; nothing is kept. */
  tryRegister(files: ReadonlyMap<string, Bytes>): Promise<RegisterView>;
  /** Takes the register in these files where it is newer and proved; says whether it came into force. */
  offerRegister(files: ReadonlyMap<string, Bytes>): Promise<boolean>;
  /** Files beside messages; pieces of them are left where there is none. */
  readonly files?: Pick<CarriedFiles, "take"> | undefined;
}

/** A file that can be read more than once, and how its taking is watched. */
export interface TakeWish {
  /** The file from its beginning. */
  readonly open: () => AsyncIterable<Bytes>;
  /** Called as records are taken, with how many of how many. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
  /** Asked between batches: whether to end here. What was taken stays, and the same file goes on from there. */
  readonly isStopped?: (() => boolean) | undefined;
}

/** What a file was found to be. */
export interface Checked {
  readonly writer: string;
  readonly writtenAt: EpochMs;
  readonly receipts: number;
  readonly publications: number;
  /** Pieces of files beside messages. */
  readonly pieces: number;
  /** The newest register there is now, counting the one in the file. */
  readonly registerEpoch: number;
}

/** What a file brought. */
export interface Taken extends Checked {
  readonly isNewRegister: boolean;
  /** Messages that were not here before and were proved. */
  readonly added: number;
  /** Publications of messages that were here already. */
  readonly known: number;
  /** Publications that could not be proved, or wait for a key: they lie in quarantine with their codes. */
  readonly quarantined: number;
  /** Files that are whole and proved now, and were not before. */
  readonly files: number;
  /** Files that are not here after it: of messages that could not be proved, or refused for what is in them. */
  readonly filesLeft: number;
}

/** Enough to share a write, few enough that a file of any size is never held. */
const batchSize = 64;

function placeOf(office: Office): ReadPlace {
  const { agency, keys, clock } = office;
  return { agency, keys, register: office.register(), now: clock.now() };
}

async function prove(
  office: Office,
  parts: TakeParts,
  source: AsyncIterable<Bytes>,
): Promise<{ readonly read: ReadThrough; readonly register: RegisterView }> {
  const read = await readThrough(placeOf(office), source);
  // its writer's certificate may be newer than our register; the one beside it proves itself
  const register = await parts.tryRegister(read.registerFiles);
  checkSigned(read, register, office.clock.now());
  return { read, register };
}

function checkedOf(
  { name, counted }: ReadThrough,
  { epoch: registerEpoch }: RegisterView,
): Checked {
  const { writer, writtenAt } = name;
  const { receipts, publications, pieces } = counted;
  return { writer, writtenAt, receipts, publications, pieces, registerEpoch };
}

/**
 * Reads a file through and proves that it is whole, for us and signed by its writer. Changes nothing. What is in it is
 * proved when it is taken in.
 *
 * @throws {Fault} CARRY_INVALID, CARRY_NOT_FOR_US, CARRY_SIGNATURE_INVALID, SEAL_ALGORITHM_NOT_PERMITTED,
 * SIGNATURE_ALGORITHM_NOT_PERMITTED, AGENCY_UNKNOWN, CERT_*
 */
export async function checkFile(
  office: Office,
  parts: TakeParts,
  source: AsyncIterable<Bytes>,
): Promise<Checked> {
  const { read, register } = await prove(office, parts, source);
  return checkedOf(read, register);
}

function isHeld({ store }: Office, { slip }: CarriedPublication): boolean {
  const known = store.messages.known("in", slip.origin, slip.messageId);
  return known !== undefined && sameBytes(known.digest, slip.envelopeDigest);
}

type Tally = Pick<Taken, "added" | "known" | "quarantined" | "files" | "filesLeft">;
type BatchTally = Pick<Taken, "added" | "known" | "quarantined">;

async function takeBatch(
  office: Office,
  parts: TakeParts,
  publications: readonly CarriedPublication[],
): Promise<BatchTally> {
  const { store, clock } = office;
  const before = publications.map((one) => isHeld(office, one));
  // before they are taken: what comes by hand first and by the hub in the next moment still came by hand
  await store.write(() => {
    for (const [at, { slip }] of publications.entries()) {
      if (before[at] === true) continue;
      store.carried.add(slip.envelopeDigest, { agency: slip.origin, at: clock.now() });
    }
  });
  await parts.takePublications(publications);
  const lie = publications.map(({ bytes }) => store.messages.isQuarantined(sha256(bytes)));
  const fresh = publications.filter((_, at) => before[at] === false && lie[at] === false);
  const added = new Set(fresh.map(({ slip }) => bytesKey(slip.envelopeDigest))).size;
  const quarantined = lie.filter(Boolean).length;
  return { added, known: publications.length - quarantined - added, quarantined };
}

/** Takes the records of a proven file in batches, in their order. */
class Taking {
  readonly #messages = { added: 0, known: 0, quarantined: 0 };
  /** By the digest of its list of pieces: the end of the last piece of each file. */
  readonly #files = new Map<string, "CAME" | "HERE" | "PART" | "LEFT">();
  done = 0;
  readonly #office: Office;
  readonly #parts: TakeParts;
  readonly #name: FileName;
  #receipts: Bytes[] = [];
  #publications: CarriedPublication[] = [];

  constructor(office: Office, parts: TakeParts, name: FileName) {
    this.#office = office;
    this.#parts = parts;
    this.#name = name;
  }

  /** Says whether a batch was taken. */
  async add(item: ReadItem): Promise<boolean> {
    if (item.kind === "receipt") this.#receipts.push(item.value);
    if (item.kind === "publication") {
      this.#publications.push(readPublication(item.value, this.#name));
    }
    const waiting = this.#receipts.length + this.#publications.length;
    // a piece is taken for what its message says, so that is taken before it
    const isFull = waiting >= batchSize || (item.kind === "piece" && waiting > 0);
    if (isFull || item.kind === "end") await this.#flush();
    if (item.kind === "piece") await this.#takePiece(item.value);
    return isFull || (item.kind === "piece" && this.done % batchSize === 0);
  }

  tally(): Tally {
    const count = (...ends: readonly string[]): number =>
      [...this.#files.values()].filter((one) => ends.includes(one)).length;
    return { ...this.#messages, files: count("CAME"), filesLeft: count("PART", "LEFT") };
  }

  async #takePiece({
    message,
    manifest,
    index,
    content: bytes,
  }: Extract<ReadItem, { kind: "piece" }>["value"]): Promise<void> {
    const name = bytesKey(manifest);
    const end = (await this.#parts.files?.take({ message, manifest, index, bytes })) ?? "LEFT";
    // pieces of one that came whole just now may stand in it again
    if (!(end === "HERE" && this.#files.get(name) === "CAME")) this.#files.set(name, end);
    this.done += 1;
  }

  async #flush(): Promise<void> {
    const [receipts, publications] = [this.#receipts, this.#publications];
    this.#receipts = [];
    this.#publications = [];
    if (receipts.length > 0) await this.#parts.takeReceipts(receipts);
    if (publications.length > 0) {
      const { added, known, quarantined } = await takeBatch(
        this.#office,
        this.#parts,
        publications,
      );
      this.#messages.added += added;
      this.#messages.known += known;
      this.#messages.quarantined += quarantined;
    }
    this.done += receipts.length + publications.length;
  }
}

async function takeAll(
  { office, parts, read }: { office: Office; parts: TakeParts; read: ReadThrough },
  { open, onProgress, isStopped }: TakeWish,
): Promise<Tally> {
  const { counted, name } = read;
  const of = counted.receipts + counted.publications + counted.pieces;
  return await withFile(placeOf(office), open(), async ({ items }) => {
    const taking = new Taking(office, parts, name);
    for await (const item of items) {
      const isTaken = await taking.add(item);
      if (isTaken) onProgress?.(taking.done, of);
      if (isTaken && isStopped?.() === true) return taking.tally();
      if (item.kind === "end" && !sameBytes(item.counted.digest, counted.digest)) {
        refuseFile("it was exchanged for another while it was read");
      }
    }
    onProgress?.(of, of);
    return taking.tally();
  });
}

/**
 * Takes in a carry file. It is read through and proved first; only then the register in it is offered, then its receipts
 * and publications go the way of what comes over a link, each proved for itself: nothing is believed because it came
 * by hand. The same file again, another order, or an end in the middle leave one and the same store. Files beside messages are
 * taken behind them, for what a proved message says of them.
 *
 * @throws {Fault} as `checkFile`; STORE_WRITE_FAILED
 */
export async function takeFile(office: Office, parts: TakeParts, wish: TakeWish): Promise<Taken> {
  const { read } = await prove(office, parts, wish.open());
  const isNewRegister = await parts.offerRegister(read.registerFiles);
  const tally = await takeAll({ office, parts, read }, wish);
  return { ...checkedOf(read, office.register()), isNewRegister, ...tally };
}
