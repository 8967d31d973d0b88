import { Fault } from "../../../schemas/ground/index.ts";
import { renderPath, type XmlElement } from "./element.ts";
import type { Json } from "./values.ts";

/** Something of the file that is not in the body. */
export interface NotTaken {
  readonly path: string;
  readonly line: number;
  /** NO_ROOM: a body holds 1,000 details. PATH_TOO_LONG: its place cannot be named. */
  readonly why: "NO_ROOM" | "PATH_TOO_LONG";
}

interface Rest {
  readonly details: readonly Json[];
  readonly notTaken: readonly NotTaken[];
}

/** As many as one body holds. */
const maxDetails = 1000;
/** Characters of a path, as the body's field has them. */
const maxPath = 400;
/** With more of it, the file is no goAML report. */
const maxNotTaken = 10_000;

/** Elements in the order of the file; depth is bounded by the reader of XML. */
function* walk(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* walk(child);
}

/** What an element says that nobody took: its text, and its attributes but for "there is no value". */
function restOf(element: XmlElement, isTaken: boolean): readonly (readonly [string, string])[] {
  const own = isTaken || element.text === "" ? [] : [["", element.text] as const];
  const attributes = element.attributes
    .filter(([name, value]) => value !== "" && !(name === "xsi:nil" && value === "true"))
    .map(([name, value]) => [`/@${name}`, value] as const);
  return [...own, ...attributes];
}

/**
 * Everything of the file that no field took, each with its place: as details of the body as far as there is
 * room, and then as a list of places.
 *
 * @throws {Fault} GOAML_TOO_MANY
 */
export function collectRest(
  root: XmlElement,
  taken: ReadonlySet<XmlElement>,
  blanks: readonly string[],
): Rest {
  const details: Json[] = [];
  const notTaken: NotTaken[] = [];
  for (const element of walk(root)) {
    const isDone = taken.has(element) || blanks.includes(element.text);
    for (const [suffix, value] of restOf(element, isDone)) {
      const path = `${renderPath(element)}${suffix}`;
      const fits = path.length <= maxPath && !path.startsWith("…") && path !== "";
      if (fits && details.length < maxDetails) details.push({ path, value });
      else notTaken.push({ path, line: element.line, why: fits ? "NO_ROOM" : "PATH_TOO_LONG" });
      if (notTaken.length > maxNotTaken) {
        throw new Fault("GOAML_TOO_MANY", `more than ${maxNotTaken} elements are not of goAML`);
      }
    }
  }
  return { details, notTaken };
}
