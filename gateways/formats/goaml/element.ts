/** One element of a file that was read: text or children, never both. */
export interface XmlElement {
  readonly name: string;
  /** Which one of its name it is under its parent, from 1. */
  readonly at: number;
  /** Whether its parent has another of its name. */
  readonly isRepeated: boolean;
  readonly line: number;
  readonly parent: XmlElement | undefined;
  /** Name and value; declarations of namespaces and hints where a schema lies are left out. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly XmlElement[];
  /** Without the white space around it, in Unicode form NFC. */
  readonly text: string;
}

/** Characters of a path; a hostile file could make each as long as its depth times its longest name. */
const maxPath = 400;

/**
 * Where an element stands: the names from the root's child down, with a number where the name stands more than
 * once: `transaction[2]/t_from/from_country`. At most 400 characters; of a longer one the end is shown.
 */
export function renderPath(element: XmlElement): string {
  const steps: string[] = [];
  for (let one = element; one.parent !== undefined; one = one.parent) {
    steps.push(one.isRepeated ? `${one.name}[${one.at}]` : one.name);
  }
  const path = steps.toReversed().join("/");
  return path.length > maxPath ? `…${path.slice(1 - maxPath)}` : path;
}
