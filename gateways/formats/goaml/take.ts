import { Fault } from "../../../schemas/ground/index.ts";
import { renderPath, type XmlElement } from "./element.ts";
import { childOf } from "./find.ts";
import type { Reading } from "./reading.ts";
import type { Json } from "./values.ts";

function isBlank({ dialect }: Reading, { text, attributes }: XmlElement): boolean {
  const isNil = attributes.some(([name, value]) => name === "xsi:nil" && value === "true");
  return isNil || text === "" || dialect.blanks.includes(text);
}

/**
 * What `convert` makes of the text of the child, which then counts as taken. A text it makes nothing of is
 * warned of and stays for the details. Absent, empty and "nothing chosen" are undefined.
 */
export function takeFrom<T>(
  reading: Reading,
  [element, name]: readonly [XmlElement, string],
  convert: (text: string) => T | undefined,
): T | undefined {
  const child = childOf(element, name);
  return child === undefined ? undefined : takeText(reading, child, convert);
}

/** The same for an element that is at hand. */
export function takeText<T>(
  reading: Reading,
  element: XmlElement,
  convert: (text: string) => T | undefined,
): T | undefined {
  if (element.children.length > 0 || isBlank(reading, element)) return undefined;
  const value = convert(element.text);
  if (value !== undefined) reading.taken.add(element);
  else
    reading.warnings.push({
      path: renderPath(element),
      line: element.line,
      code: "VALUE_NOT_READ",
    });
  return value;
}

/**
 * What must be there.
 *
 * @throws {Fault} GOAML_ELEMENT_MISSING, GOAML_VALUE, GOAML_ELEMENT_TWICE
 */
export function needFrom<T>(
  reading: Reading,
  [element, name]: readonly [XmlElement, string],
  convert: (text: string) => T | undefined,
): T {
  const value = takeFrom(reading, [element, name], convert);
  if (value !== undefined) return value;
  const child = childOf(element, name);
  const where = `line ${element.line}: ${renderPath(element)}`;
  if (child === undefined || isBlank(reading, child)) {
    throw new Fault("GOAML_ELEMENT_MISSING", `${where} has no ${name}; complete it`);
  }
  throw new Fault("GOAML_VALUE", `${where}: ${name} is not spelt as goAML says, or too long`);
}

/**
 * What `build` makes of a group of elements; when it makes nothing, nothing of the group counts as taken, so
 * that all of it stays for the details. At most `most` of `elements` are tried.
 */
export function takeGroups(
  reading: Reading,
  [elements, most]: readonly [readonly XmlElement[], number],
  build: (element: XmlElement) => Json | undefined,
): readonly Json[] {
  const made: Json[] = [];
  for (const element of elements) {
    if (made.length >= most) break;
    const group = takeGroup(reading, element, build);
    if (group !== undefined) made.push(group);
  }
  return made;
}

/** The same for one group that may be absent. */
export function takeGroup(
  reading: Reading,
  element: XmlElement | undefined,
  build: (element: XmlElement) => Json | undefined,
): Json | undefined {
  if (element === undefined) return undefined;
  const group = build(element);
  if (group === undefined) forget(reading, element);
  return group;
}

function forget(reading: Reading, element: XmlElement): void {
  reading.taken.delete(element);
  for (const child of element.children) forget(reading, child);
}
