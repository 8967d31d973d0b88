import { Fault } from "../../schemas/ground/index.ts";

const maxProtectors = 8;

/** Names of protectors: spelt so, each once, not too many. @throws {Fault} USAGE_INVALID */
export function checkNames(names: readonly string[]): void {
  if (names.some((name) => !/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)))
    throw new Fault(
      "USAGE_INVALID",
      "a protector's name is of a to z, 0 to 9 and dashes, at most 40",
    );
  if (new Set(names).size !== names.length)
    throw new Fault("USAGE_INVALID", "a protector of this name is there; choose another name");
  if (names.length < 1 || names.length > maxProtectors)
    throw new Fault("USAGE_INVALID", `a store has 1 to ${maxProtectors} protectors`);
}
