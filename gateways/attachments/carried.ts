import { type Bytes, sameBytes } from "../../schemas/ground/index.ts";
import type { FileRow, StoredMessage } from "../store/index.ts";
import { type Named, namedBy } from "./named.ts";
import type { AttachmentParts } from "./parts.ts";
import { chunksOf, manifestIndex } from "./seal-chunk.ts";
import { lengthOf, readRun, sealedBytes, sealedPlace } from "./sealed-file.ts";
import { type Piece, type PieceEnd, takePiece } from "./take-piece.ts";

/** A piece of a file, and which: by the message that names it, and by the digest of its manifest. */
export interface CarriedPiece extends Piece {
  readonly message: Bytes;
  readonly manifest: Bytes;
}

/** A file that can be carried: as it lies sealed, the manifest among its bytes. */
export interface CarriedFile {
  readonly manifest: Bytes;
  readonly bytes: number;
  readonly pieces: number;
}

/** Files as a carry file holds them: the very pieces that the hub would hold. */
export interface CarriedFiles {
  /** Of those that a message names, what lies here whole. */
  of(message: Bytes): readonly CarriedFile[];
  /** The pieces of one of them, the manifest first; none once the file is gone. */
  pieces(message: Bytes, manifest: Bytes): AsyncGenerator<Piece>;
  /** Takes a piece in; of a message that is not here and proved it is left. @throws {Fault} STORE_FULL, STORE_WRITE_FAILED */
  take(piece: CarriedPiece): Promise<PieceEnd>;
}

/** Makes sure that the store knows a file and that the message names it. */
type Know = (message: StoredMessage, named: Named) => Promise<void>;

interface WholeFile {
  readonly row: FileRow;
  readonly sealed: Bytes;
}

function findWhole({ office, places }: AttachmentParts, id: Bytes): readonly WholeFile[] {
  const message = office.store.messages.find(id);
  if (message === undefined) return [];
  return namedBy(message).flatMap(({ carried, digest }) => {
    if (office.store.erasures.isFileGone(message.id, digest)) return [];
    const row = carried && office.store.attachments.file(carried.ref);
    if (row?.sealed === undefined || row.state !== "HERE") return [];
    const isWhole = lengthOf(places.file(row.ref)) === sealedBytes(row.size);
    return isWhole ? [{ row, sealed: row.sealed }] : [];
  });
}

async function* piecesOf(parts: AttachmentParts, { row, sealed }: WholeFile): AsyncGenerator<Piece> {
  yield { index: manifestIndex, bytes: sealed };
  for (let index = 0; index < chunksOf(row.size); index += 1) {
    const { at, length } = sealedPlace(row.size, index);
    yield { index, bytes: await readRun(parts.places.file(row.ref), at, length) };
  }
} // prettier-ignore

class Carrier implements CarriedFiles {
  readonly #parts: AttachmentParts;
  readonly #know: Know;
  /** The file whose pieces are being taken: they come one behind the other. */
  #last: Pick<CarriedPiece, "message" | "manifest"> & { readonly ref: Bytes } | undefined;

  constructor(parts: AttachmentParts, know: Know) {
    this.#parts = parts;
    this.#know = know;
  }

  of(message: Bytes): readonly CarriedFile[] {
    return findWhole(this.#parts, message).map(({ row, sealed }) => ({
      manifest: row.manifest,
      bytes: sealedBytes(row.size) + sealed.length,
      pieces: chunksOf(row.size) + 1,
    }));
  }

  async *pieces(message: Bytes, manifest: Bytes): AsyncGenerator<Piece> {
    const whole = findWhole(this.#parts, message);
    const file = whole.find(({ row }) => sameBytes(row.manifest, manifest));
    if (file !== undefined) yield* piecesOf(this.#parts, file);
  }

  async take(piece: CarriedPiece): Promise<PieceEnd> {
    const ref = await this.#refOf(piece);
    return ref === undefined ? "LEFT" : await takePiece(this.#parts, ref, piece);
  }

  async #refOf({ message: id, manifest }: CarriedPiece): Promise<Bytes | undefined> {
    const last = this.#last;
    if (last !== undefined && sameBytes(last.message, id) && sameBytes(last.manifest, manifest)) return last.ref;
    const message = this.#parts.office.store.messages.find(id);
    if (message?.box !== "in" || message.state !== "VERIFIED") return undefined;
    const named = namedBy(message).find(({ carried }) => carried !== undefined && sameBytes(carried.manifest, manifest));
    if (named?.carried === undefined) return undefined;
    if (this.#parts.office.store.erasures.isFileGone(id, named.digest)) return undefined;
    await this.#know(message, named);
    const { ref } = named.carried;
    this.#last = { message: id, manifest, ref };
    return ref;
  }
} // prettier-ignore

/** Builds what carry files need of the files of one gateway. */
export function makeCarriedFiles(parts: AttachmentParts, know: Know): CarriedFiles {
  return new Carrier(parts, know);
}
