import { parseCarryHead } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, isFault } from "../../schemas/ground/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import {
  type ContentEncryption,
  openBody,
  type OpeningKey,
  readableEncryptions,
} from "../crypto/index.ts";
import { makeByteReader } from "./byte-reader.ts";
import { type FileName, readContent, type ReadItem } from "./content.ts";
import { type Front, readFrames, readFront } from "./frames.ts";
import { carryOriginator, openPieces } from "./pieces.ts";
import { readOrRefuse } from "./refusals.ts";

/** Who reads, with which keys, by which register, when. */
export interface ReadPlace {
  readonly agency: string;
  readonly keys: readonly OpeningKey[];
  readonly register: RegisterView;
  readonly now: EpochMs;
}

/** A file while it is read: what it calls itself, and its records as they come. Nothing of it is proved. */
export interface ReadFile {
  readonly name: FileName;
  readonly items: AsyncGenerator<ReadItem>;
}

/** What a head is bound to, beside its file's number. */
export const headType = "carry.head";

/** A head and the key in it. */
interface OpenedHead {
  readonly name: FileName;
  readonly key: Bytes;
}

async function openHead(
  { agency, keys }: ReadPlace,
  { fileId, head }: Front,
  encryptions: readonly ContentEncryption[],
): Promise<OpenedHead> {
  let opened: Bytes;
  try {
    const binding = { originator: carryOriginator, id: fileId, type: headType };
    opened = await openBody({ ...binding, sealed: head, encryptions, keys });
  } catch (cause) {
    if (!isFault(cause, "BODY_CANNOT_BE_OPENED")) throw cause;
    const detail = "it is sealed to none of our keys, or was changed; ask its writer for one to our agency";
    throw new Fault("CARRY_NOT_FOR_US", detail, { cause });
  }
  const { writer, reader, writtenAt, key } = readOrRefuse("the head", () => parseCarryHead(opened));
  if (reader !== agency) throw new Fault("CARRY_NOT_FOR_US", "its writer names another agency as its reader");
  return { name: { fileId, writer, reader, writtenAt }, key };
} // prettier-ignore

/**
 * Opens a file for as long as `use` reads it, and gives the source back however that ends. Memory does not grow with
 * the file.
 *
 * @throws {Fault} CARRY_INVALID, CARRY_NOT_FOR_US, SEAL_ALGORITHM_NOT_PERMITTED, and what `use` throws
 */
export async function withFile<T>(
  place: ReadPlace,
  source: AsyncIterable<Bytes>,
  use: (file: ReadFile) => Promise<T>,
): Promise<T> {
  const { register, now } = place;
  // what was written is read soon after: which algorithms may be used is asked of now
  const encryptions = readableEncryptions(register, { createdAt: now, now });
  const reader = makeByteReader(source);
  try {
    const front = await readFront(reader);
    const { name, key } = await openHead(place, front, encryptions);
    const { fileId } = name;
    const pieces = openPieces(readFrames(reader), { fileId, key }, encryptions);
    return await use({ name, items: readContent(pieces) });
  } finally {
    await reader.close();
  }
}
