/**
 * Erasure: what its owner takes back, and what is past its time, leaves the streams; the bytes are overwritten.
 *
 * Promises: only its own sender has a message taken out, over his signature and by its digest, and only who put a chunk of a
 * file, by the token of the mark he left; each act is a line of the hub's record that holds no content, and of direct mail and
 * files no name; asked again it changes nothing. Start at `eraser.ts`.
 */
export * from "./eraser.ts";
