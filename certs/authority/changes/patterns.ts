import { isKnownCode, messageTypes, type Relaying } from "../../../schemas/index.ts";
import { Fault } from "../../../schemas/ground/index.ts";

interface Line {
  readonly types: readonly string[];
  readonly crimes: readonly string[];
}

const families: ReadonlySet<string> = new Set(
  messageTypes.flatMap((type) => [type, `${type.slice(0, type.indexOf("."))}.*`]),
);

/**
 * Refuses lines that name a type or a crime which does not exist: nobody would gain what was meant, and nobody would
 * notice. What a reader does not know it passes over; who writes has to know.
 *
 * @param field where the lines stand
 * @throws {Fault} CHANGE_INVALID
 */
export function checkPatterns(lines: readonly Line[], field: string): void {
  for (const [at, { types, crimes }] of lines.entries()) {
    if (!types.every((type) => type === "*" || families.has(type))) {
      const way = "a type such as alert.incident, a family such as alert.*, or *";
      throw new Fault("CHANGE_INVALID", `${field}[${at}].types names none that exists: write ${way}`);
    }
    if (!crimes.every((crime) => crime === "*" || isKnownCode("CRIME", crime))) {
      const way = "a code of the list CRIME such as drugs, or *";
      throw new Fault("CHANGE_INVALID", `${field}[${at}].crimes names none that exists: write ${way}`);
    }
  }
} // prettier-ignore

/**
 * The same of relay agreements, which name types and no crimes.
 *
 * @throws {Fault} CHANGE_INVALID
 */
export function checkRelayTypes({ relaying }: { readonly relaying?: Relaying | undefined }): void {
  const lines = (relaying?.agreements ?? []).map(({ types }) => ({ types, crimes: [] }));
  checkPatterns(lines, "relaying.agreements");
}
