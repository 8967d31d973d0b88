import { Fault } from "../../../schemas/ground/index.ts";
import { renderPath, type XmlElement } from "./element.ts";

/**
 * The one child of this name.
 *
 * @throws {Fault} GOAML_ELEMENT_TWICE
 */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  const found = element.children.filter((child) => child.name === name);
  if (found.length > 1) {
    throw new Fault(
      "GOAML_ELEMENT_TWICE",
      `line ${element.line}: ${renderPath(element)} has ${name} twice`,
    );
  }
  return found[0];
}

/** The children of this name inside the one list of that name: `phones` and `phone`. */
export function itemsOf(element: XmlElement, list: string, name: string): readonly XmlElement[] {
  const held = childOf(element, list);
  return held === undefined ? [] : held.children.filter((child) => child.name === name);
}

/**
 * The child of one of two names that exclude each other, as those of clients and of others do.
 *
 * @throws {Fault} GOAML_CHOICE, GOAML_ELEMENT_TWICE
 */
export function oneOf(element: XmlElement, name: string, other: string): XmlElement | undefined {
  const [first, second] = [childOf(element, name), childOf(element, other)];
  if (first !== undefined && second !== undefined) {
    throw new Fault(
      "GOAML_CHOICE",
      `line ${element.line}: ${renderPath(element)} has ${name} and ${other}; leave one out`,
    );
  }
  return first ?? second;
}
