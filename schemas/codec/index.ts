/**
 * The wire format: what generated codecs stand on, over protobufjs's reader and writer.
 *
 * Promises: a reader never crashes, hangs or reads past its message; duplicate singular fields, wrong wire
 * types, groups and non-UTF-8 text are refused; unknown fields are passed over. Knows no message type.
 */
export * from "./descriptor.ts";
export * from "./fields.ts";
export * from "./read.ts";
export * from "./write.ts";
