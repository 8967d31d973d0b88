import { Fault, isFault } from "../../schemas/ground/index.ts";

/**
 * Refuses a file that is not whole, or not as we write them.
 *
 * @throws {Fault} CARRY_INVALID
 */
export function refuseFile(detail: string, cause?: unknown): never {
  throw new Fault("CARRY_INVALID", detail, { cause });
}

/** Runs `read` on what a file holds; whatever it finds wrong there is wrong with the file. */
export function readOrRefuse<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isFault(error))
      return refuseFile(`${what} in it is not well formed (${error.code})`, error);
    throw error;
  }
}
