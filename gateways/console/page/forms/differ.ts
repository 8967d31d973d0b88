import { type Path, renderPointer } from "./tree.ts";

/** One place where two texts of a draft say different things; undefined is nothing. */
export interface Difference {
  readonly path: Path;
  readonly pointer: string;
  readonly mine: unknown;
  readonly theirs: unknown;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A sender's words are one thing, with their language. */
function isWords(value: unknown): boolean {
  return isPlain(value) && typeof value["text"] === "string" && typeof value["lang"] === "string";
}

function isBranch(value: unknown): boolean {
  return (isPlain(value) && !isWords(value)) || Array.isArray(value);
}

function stepsOf(mine: unknown, theirs: unknown): readonly (string | number)[] {
  if (Array.isArray(mine) && Array.isArray(theirs)) {
    return Array.from({ length: Math.max(mine.length, theirs.length) }, (_, at) => at);
  }
  const names = [mine, theirs].flatMap((one) => (isPlain(one) ? Object.keys(one) : []));
  return [...new Set(names)];
}

function memberOf(value: unknown, step: string | number): unknown {
  if (typeof step === "number") return Array.isArray(value) ? value[step] : undefined;
  return isPlain(value) ? value[step] : undefined;
}

/** Where two texts of a draft differ, the smallest places there are, in the order of the first. */
export function differencesOf(mine: unknown, theirs: unknown, path: Path = []): readonly Difference[] {
  if (JSON.stringify(mine) === JSON.stringify(theirs)) return [];
  const areAlike = Array.isArray(mine) === Array.isArray(theirs);
  if (isBranch(mine) && isBranch(theirs) && areAlike) {
    return stepsOf(mine, theirs).flatMap((step) => differencesOf(memberOf(mine, step), memberOf(theirs, step), [...path, step]));
  }
  return [{ path, pointer: renderPointer(path), mine, theirs }];
} // prettier-ignore
