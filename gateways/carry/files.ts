import type { Bytes } from "../../schemas/ground/index.ts";

/** A piece of a file beside a message: its list of pieces, or one of them by its number. */
export interface FilePiece {
  readonly index: number;
  readonly bytes: Bytes;
}

/** Which file: one that a message names, by the digest of its list of pieces. */
export interface FileKey {
  readonly message: Bytes;
  readonly manifest: Bytes;
}

/**
 * The files beside messages, as carry files hold them; made by the room that has them. What is taken is believed only for what
 * a proved message says of it.
 */
export interface CarriedFiles {
  /** Of those that a message names, what lies here whole, and what it takes. */
  of(
    message: Bytes,
  ): readonly { readonly manifest: Bytes; readonly bytes: number; readonly pieces: number }[];
  /** The pieces of one of them, in the order in which they can be taken. */
  pieces(message: Bytes, manifest: Bytes): AsyncIterable<FilePiece>;
  /** With it the file CAME whole; it is HERE already; it is a PART of one; or it was LEFT. */
  take(piece: FileKey & FilePiece): Promise<"CAME" | "HERE" | "PART" | "LEFT">;
}
