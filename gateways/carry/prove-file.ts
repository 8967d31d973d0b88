import {
  limits,
  parseCarryEnd,
  parseFraming,
  parseReceipt,
  parseSlip,
  type Slip,
  storedSubject,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  isFault,
  renderUuid,
  sameBytes,
} from "../../schemas/ground/index.ts";
import { isStatementProven, type RegisterView } from "../../certs/trust/index.ts";
import type { Arrival } from "../exchange/index.ts";
import type { Counted, FileName, ReadItem } from "./content.ts";
import { carryLimits } from "./limits.ts";
import { readOrRefuse, refuseFile } from "./refusals.ts";
import { type ReadPlace, withFile } from "./read-file.ts";

/** A file that was read to its end and is well formed. Who signed it is still to be proved. */
export interface ReadThrough {
  readonly name: FileName;
  readonly counted: Counted;
  /** By path; as anybody might offer them. */
  readonly registerFiles: ReadonlyMap<string, Bytes>;
  /** What was signed, and the signature. */
  readonly end: Bytes;
  readonly signature: string;
}

/** What a carried publication says of its message. Not proved. */
export interface CarriedPublication extends Arrival {
  readonly slip: Slip;
}

/**
 * Takes a carried publication apart. The channel is the slip's own; whether it is one the envelope asks for is proved
 * where the publication is taken in, as of every other.
 *
 * @throws {Fault} CARRY_INVALID
 */
export function readPublication(bytes: Bytes, { writer }: FileName): CarriedPublication {
  const slip = readOrRefuse("a publication", () => parseSlip(parseFraming(bytes).publication.slip));
  const { channel, origin, messageId } = slip;
  if (origin !== writer) refuseFile("a publication in it is not its writer's own");
  return { bytes, slip, subject: storedSubject(channel, origin, renderUuid(messageId)), byHand: true };
} // prettier-ignore

/** Refuses a receipt that is not the writer's for the reader. */
function checkReceipt(bytes: Bytes, { writer, reader }: FileName): void {
  const { receipt } = readOrRefuse("a receipt", () => parseReceipt(bytes));
  if (receipt.issuer !== writer || receipt.recipient !== reader) {
    refuseFile("a receipt in it is not its writer's for its reader");
  }
}

/** The register's files as they come, held against what a register may have. */
class FileShelf {
  readonly files = new Map<string, Bytes>();
  #bytes = 0;

  add({ path, content }: { readonly path: string; readonly content: Bytes }): void {
    this.#bytes += content.length;
    if (this.#bytes > carryLimits.registerBytes || this.files.has(path)) {
      refuseFile("the register in it is larger than a register may be, or has a file twice");
    }
    this.files.set(path, content);
  }
}

function checkName(end: Bytes, name: FileName, counted: Counted): void {
  const said = readOrRefuse("the end", () => parseCarryEnd(end));
  const { fileId, writer, reader, writtenAt } = name;
  const isSame =
    sameBytes(said.fileId, fileId) &&
    sameBytes(said.digest, counted.digest) &&
    said.writer === writer &&
    said.reader === reader &&
    said.writtenAt === writtenAt;
  const counts = ["registerFiles", "receipts", "publications", "pieces"] as const;
  if (!isSame || counts.some((one) => (said[one] ?? 0) !== counted[one])) {
    refuseFile("what its writer signed is not what is in it");
  }
}

async function readAll(
  name: FileName,
  items: AsyncIterable<ReadItem>,
): Promise<Omit<ReadThrough, "name">> {
  const shelf = new FileShelf();
  let found: Omit<ReadThrough, "name"> | undefined;
  for await (const item of items) {
    if (item.kind === "registerFile") shelf.add(item.value);
    if (item.kind === "receipt") checkReceipt(item.value, name);
    if (item.kind === "publication") readPublication(item.value, name);
    if (item.kind !== "end") continue;
    checkName(item.value.end, name, item.counted);
    found = { counted: item.counted, registerFiles: shelf.files, ...item.value };
  }
  return found ?? refuseFile("it has no end");
}

/**
 * Reads a file to its end and changes nothing: that it is whole, for us, and holds only its writer's own words.
 *
 * @throws {Fault} CARRY_INVALID, CARRY_NOT_FOR_US, SEAL_ALGORITHM_NOT_PERMITTED
 */
export async function readThrough(
  place: ReadPlace,
  source: AsyncIterable<Bytes>,
): Promise<ReadThrough> {
  return await withFile(place, source, async ({ name, items }) => {
    if (name.writtenAt > place.now + limits.maxAheadMs) {
      refuseFile("it is dated in the future; look at the clocks of both gateways");
    }
    return { name, ...(await readAll(name, items)) };
  });
}

/** Faults that say that the signature, and not the certificate behind it, is wrong. */
const signatureCodes: readonly string[] = [
  "BYTES_NOT_CANONICAL",
  "ORIGIN_MISMATCH",
  "SIGNATURE_KEY_NOT_PERMITTED",
  "SIGNATURE_MALFORMED",
];

/**
 * Proves that the agency a file names signed its end.
 *
 * @throws {Fault} CARRY_SIGNATURE_INVALID, AGENCY_UNKNOWN, CERT_*, SIGNATURE_ALGORITHM_NOT_PERMITTED
 */
export function checkSigned(
  { name, end, signature }: ReadThrough,
  register: RegisterView,
  now: EpochMs,
): void {
  const statement = { typ: "atumpan-carry", bytes: end, signature, signer: name.writer } as const;
  const detail = `it names ${name.writer}, and the signature is not that agency's`;
  try {
    if (isStatementProven(register, statement, now)) return;
  } catch (cause) {
    if (!isFault(cause) || !signatureCodes.includes(cause.code)) throw cause;
    throw new Fault("CARRY_SIGNATURE_INVALID", detail, { cause });
  }
  throw new Fault("CARRY_SIGNATURE_INVALID", detail);
}
