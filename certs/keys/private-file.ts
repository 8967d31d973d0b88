import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

import { Fault } from "../../schemas/ground/index.ts";

const othersMask = 0o077;

/** What lies in a private file and how much of it there may be. */
interface Expected {
  /** `key` or `PIN`, for the refusal. */
  readonly what: string;
  readonly maxBytes: number;
}

/**
 * Reads a text that only its owner may read, through one handle, so that the file judged is the file read.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function readPrivateFile(file: string, { what, maxBytes }: Expected): string {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY);
    const { mode, size } = fstatSync(handle);
    if ((mode & othersMask) !== 0) {
      throw new Fault(
        "KEY_UNUSABLE",
        `${file}: others may read this ${what}; make it readable to its owner alone (0600)`,
      );
    }
    if (size > maxBytes)
      throw new Fault("KEY_UNUSABLE", `${file}: too large for a private ${what}`);
    return readFileSync(handle, "utf8");
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault("KEY_UNUSABLE", `${file}: the ${what} file cannot be read`, { cause });
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
