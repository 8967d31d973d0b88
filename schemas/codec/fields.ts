import protobuf from "protobufjs/minimal.js";

import { type Bytes, Fault } from "../ground/index.ts";

/** All of one first-level field of an encoded message: its number and its bytes, tags included. */
export interface FieldBytes {
  readonly number: number;
  readonly bytes: Bytes;
}

/**
 * Cuts an encoded message into its first-level fields. Joined again in order they are the message, byte
 * for byte. Fields must stand in rising order, as our encoder writes them.
 *
 * @throws {Fault} CODEC_MALFORMED
 */
export function splitFields(message: Bytes): readonly FieldBytes[] {
  const reader = protobuf.Reader.create(message);
  const cuts: { number: number; from: number; to: number }[] = [];
  try {
    while (reader.pos < reader.len) {
      const from = reader.pos;
      const tag = reader.uint32();
      reader.skipType(tag & 7);
      const last = cuts.at(-1);
      if (last?.number === tag >>> 3) last.to = reader.pos;
      else cuts.push({ number: tag >>> 3, from, to: reader.pos });
    }
  } catch (cause) {
    throw new Fault("CODEC_MALFORMED", "the bytes end early or are not Protocol Buffers", {
      cause,
    });
  }
  if (cuts.some((cut, i) => i > 0 && cut.number <= (cuts[i - 1]?.number ?? 0))) {
    throw new Fault("CODEC_MALFORMED", "fields are not in rising order");
  }
  return cuts.map(({ number, from, to }) => ({ number, bytes: message.subarray(from, to) }));
}
