import protobuf from "protobufjs/minimal.js";

import type { Bytes, EpochMs } from "../ground/index.ts";

/** Writes Protocol Buffers wire format. */
export type Writer = protobuf.Writer;

/** Encodes one message with a generated `write` function: fields in the order of their numbers. */
export function encode<T>(value: T, write: (w: Writer, value: T) => void): Bytes {
  const writer = protobuf.Writer.create();
  write(writer, value);
  return writer.finish();
}

/** A nested message, after its tag. */
export function writeNested<T>(w: Writer, value: T, write: (w: Writer, value: T) => void): void {
  w.fork();
  write(w, value);
  w.ldelim();
}

/** A time under `tag`. */
export function writeTime(w: Writer, tag: number, at: EpochMs): void {
  const milliseconds = at % 1000;
  w.uint32(tag)
    .fork()
    .uint32(8)
    .uint32((at - milliseconds) / 1000);
  if (milliseconds !== 0) w.uint32(16).uint32(milliseconds);
  w.ldelim();
}
