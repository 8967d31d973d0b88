import { type Bytes, utf8 } from "../../schemas/ground/index.ts";

/** How inputs are built, so that some changes keep what is around them whole. */
export type Shape = "bytes" | "proto" | "der" | "text" | "json";

/** Something that reads what comes from outside. */
export interface Target {
  /** Room and reader: `schemas/parseSlip`. */
  readonly name: string;
  readonly shape: Shape;
  /** Real, good inputs: `run` takes each of them without a fault. */
  readonly seeds: readonly Bytes[];
  /** Inputs that are changed and taken pieces from like good ones, whether `run` takes them or not. */
  readonly material?: readonly Bytes[];
  /**
   * Reads an input and checks what must hold whenever it was taken. May throw a Fault that is not INTERNAL;
   * any other error is a finding.
   */
  readonly run: (input: Bytes) => unknown;
  /** What the reader's documentation promises: a Fault of another code is a finding. Prefixes will do. */
  readonly codes?: readonly string[];
}

/** The text of an input; bytes that are not UTF-8 stand as U+FFFD. */
export function textOf(input: Bytes): string {
  return Buffer.from(input).toString("utf8");
}

/** A target that reads text. */
export function textTarget(
  name: string,
  seeds: readonly string[],
  run: (text: string) => unknown,
): Target {
  return { name, shape: "text", seeds: seeds.map(utf8), run: (input) => run(textOf(input)) };
}

/** A target that reads text which is JSON. */
export function jsonTarget(
  name: string,
  seeds: readonly unknown[],
  run: (text: string) => unknown,
): Target {
  const texts = seeds.map((seed) => JSON.stringify(seed));
  return { ...textTarget(name, texts, run), shape: "json" };
}
