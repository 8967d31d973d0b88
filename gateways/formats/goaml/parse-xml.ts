import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from "saxes";

import { findCharacterFault } from "../../../schemas/check/index.ts";
import { type Bytes, type Clock, Fault, parseUtf8 } from "../../../schemas/ground/index.ts";
import type { XmlElement } from "./element.ts";
import { xmlLimits } from "./xml-limits.ts";

/** What a reader of XML needs beside the bytes. */
export interface XmlReading {
  /** The namespaces whose elements are read; "" is none. */
  readonly namespaces: readonly string[];
  readonly clock: Pick<Clock, "elapsed">;
}

type Mutable = { -readonly [K in Exclude<keyof XmlElement, "children">]: XmlElement[K] } & {
  readonly children: Mutable[];
};

/** An element whose end was not seen yet. */
interface Open {
  readonly element: Mutable;
  /** How many children of each name there are. */
  readonly counts: Map<string, number>;
  readonly pieces: string[];
  length: number;
}

type Parser = SaxesParser<{ xmlns: true }>;

const schemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
const namespaceDeclarations = "http://www.w3.org/2000/xmlns/";
/** Only say where a schema lies; nothing is ever fetched. */
const schemaHints = new Set(["schemaLocation", "noNamespaceSchemaLocation"]);

const plainName = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

class Tree {
  root: XmlElement | undefined;
  private readonly stack: Open[] = [];
  private elements = 0;
  private attributes = 0;
  private allAttributes = 0;
  private readonly parser: Parser;
  private readonly namespaces: ReadonlySet<string>;

  constructor(parser: Parser, namespaces: readonly string[]) {
    this.parser = parser;
    this.namespaces = new Set(namespaces);
  }

  refuse(code: Fault["code"], detail: string): never {
    throw new Fault(code, `line ${this.parser.line}: ${detail}`);
  }

  startTag(): void {
    this.attributes = 0;
    this.elements += 1;
    if (this.elements > xmlLimits.maxElements) {
      this.refuse(
        "XML_TOO_MANY_ELEMENTS",
        `more than ${xmlLimits.maxElements} elements; split the file`,
      );
    }
    if (this.stack.length >= xmlLimits.maxDepth) {
      this.refuse("XML_TOO_DEEP", `more than ${xmlLimits.maxDepth} elements in each other`);
    }
  }

  attribute(value: string): void {
    this.attributes += 1;
    this.allAttributes += 1;
    if (this.attributes > xmlLimits.maxAttributes) {
      this.refuse("XML_TOO_MANY_ATTRIBUTES", `more than ${xmlLimits.maxAttributes} attributes`);
    }
    if (this.allAttributes > xmlLimits.maxAllAttributes) {
      this.refuse("XML_TOO_MANY_ATTRIBUTES", `more than ${xmlLimits.maxAllAttributes} in the file`);
    }
    if (value.length > xmlLimits.maxText) this.refuseLength();
  }

  private refuseLength(): never {
    return this.refuse("XML_TEXT_TOO_LONG", `a text has more than ${xmlLimits.maxText} characters`);
  }

  open({ prefix, local, uri, attributes }: SaxesTagNS): void {
    // a prefix is another way to write a name we know: two readers could disagree about it
    if (!this.namespaces.has(uri) || prefix !== "") {
      this.refuse("XML_NAMESPACE", "an element is not of goAML; remove the prefix or the element");
    }
    if (local.length > xmlLimits.maxName || !plainName.test(local)) {
      this.refuse("XML_MALFORMED", "an element's name is longer than 100 or not of plain letters");
    }
    const above = this.stack.at(-1);
    const at = (above?.counts.get(local) ?? 0) + 1;
    above?.counts.set(local, at);
    const element: Mutable = {
      name: local,
      at,
      isRepeated: false,
      line: this.parser.line,
      parent: above?.element,
      attributes: this.attributesOf(Object.values(attributes)),
      children: [],
      text: "",
    };
    above?.element.children.push(element);
    if (above === undefined) this.root = element;
    this.stack.push({ element, counts: new Map(), pieces: [], length: 0 });
  }

  private attributesOf(all: readonly SaxesAttributeNS[]): XmlElement["attributes"] {
    return all
      .filter(({ uri, local }) => uri !== schemaInstance || !schemaHints.has(local))
      .filter(({ uri }) => uri !== namespaceDeclarations)
      .map(({ name, value, uri, local }) => {
        // whatever prefix it has, "there is no value" is said in one way
        const known = uri === schemaInstance ? `xsi:${local}` : name;
        return [known, this.clean(value)] as const;
      });
  }

  text(piece: string): void {
    const open = this.stack.at(-1);
    // white space before a text, or between elements, is only layout
    if (open === undefined || (open.length === 0 && piece.trim() === "")) return;
    open.length += piece.length;
    // many short sections make one long text
    if (open.length > xmlLimits.maxText) this.refuseLength();
    open.pieces.push(piece);
  }

  close(): void {
    const open = this.stack.pop();
    if (open === undefined) return;
    const { element, counts, pieces } = open;
    for (const child of element.children) child.isRepeated = (counts.get(child.name) ?? 0) > 1;
    const text = this.clean(pieces.join(""));
    if (text !== "" && element.children.length > 0) {
      this.refuse("XML_MIXED_TEXT", "a text stands beside elements; move it into one");
    }
    element.text = text;
  }

  private clean(text: string): string {
    const clean = text.normalize("NFC").trim();
    // some letters become two or three in NFC
    if (clean.length > xmlLimits.maxText) this.refuseLength();
    if (findCharacterFault(clean) !== undefined) {
      this.refuse("XML_CHARACTER", "a text holds control characters or open direction marks");
    }
    return clean;
  }
}

/** The parser's words name what they found, so only the kind of trouble is passed on. */
function refuseMalformed(tree: Tree, { message }: Error): never {
  if (message.endsWith("undefined entity.")) {
    tree.refuse(
      "XML_ENTITY",
      "only amp, lt, gt, quot and apos are known; write the character itself",
    );
  }
  if (message.endsWith("doctype declaration.")) {
    tree.refuse("XML_DOCTYPE", "a document type is declared; remove the declaration");
  }
  if (message.includes("processing instruction")) {
    tree.refuse("XML_INSTRUCTION", "a processing instruction; remove it");
  }
  return tree.refuse("XML_MALFORMED", "the XML is not well formed; export the file again");
}

function checkDeclaration(
  tree: Tree,
  version: string | undefined,
  encoding: string | undefined,
): void {
  if (version !== "1.0") tree.refuse("XML_VERSION", "the file says it is not XML 1.0");
  if (encoding !== undefined && encoding.toLowerCase() !== "utf-8") {
    tree.refuse(
      "XML_NOT_UTF8",
      "the file says it is written in another encoding; save it as UTF-8",
    );
  }
}

function makeTree(namespaces: readonly string[]): { parser: Parser; tree: Tree } {
  const parser: Parser = new SaxesParser({
    xmlns: true,
    defaultXMLVersion: "1.0",
    forceXMLVersion: true,
  });
  const tree = new Tree(parser, namespaces);
  parser.on("error", (error) => refuseMalformed(tree, error));
  parser.on("xmldecl", ({ version, encoding }) => checkDeclaration(tree, version, encoding));
  parser.on("doctype", () =>
    tree.refuse("XML_DOCTYPE", "a document type is declared; remove the declaration"),
  );
  parser.on("processinginstruction", () =>
    tree.refuse("XML_INSTRUCTION", "a processing instruction; remove it"),
  );
  parser.on("opentagstart", () => tree.startTag());
  parser.on("attribute", ({ value }) => tree.attribute(value));
  parser.on("opentag", (tag) => tree.open(tag));
  parser.on("text", (piece) => tree.text(piece));
  parser.on("cdata", (piece) => tree.text(piece));
  parser.on("closetag", () => tree.close());
  return { parser, tree };
}

function readText(bytes: Bytes): string {
  if (bytes.length > xmlLimits.maxBytes) {
    throw new Fault("XML_TOO_LARGE", `more than ${xmlLimits.maxBytes} bytes; split the report`);
  }
  try {
    const text = parseUtf8(bytes);
    // UTF-16 of plain letters is also UTF-8, with a zero after each
    if (text.startsWith("\u0000") || text[1] === "\u0000")
      throw new Fault("XML_NOT_UTF8", "it is UTF-16");
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  } catch (cause) {
    throw new Fault("XML_NOT_UTF8", "the bytes are not UTF-8; save the file as UTF-8", { cause });
  }
}

/** Whether a document type stands before the first element. Seen at once, its megabytes are never read. */
function hasDoctype(text: string): boolean {
  let at = 0;
  for (;;) {
    at += /^[ \t\r\n]*/.exec(text.slice(at, at + 1000))?.[0].length ?? 0;
    const closing = text.startsWith("<?", at) ? "?>" : text.startsWith("<!--", at) ? "-->" : "";
    if (closing === "") return text.startsWith("<!DOCTYPE", at);
    const end = text.indexOf(closing, at + 2);
    if (end < 0) return false;
    at = end + closing.length;
  }
}

/**
 * Reads an XML 1.0 file from outside into a tree, strictly: UTF-8, no document type, no entity but the five, no
 * processing instruction, only the given namespaces and no prefixes, no text beside elements, and every
 * limit of `xmlLimits`. Nothing is ever fetched. A refusal names the line, never the content.
 *
 * @throws {Fault} XML_TOO_LARGE, XML_NOT_UTF8, XML_VERSION, XML_MALFORMED, XML_DOCTYPE, XML_ENTITY,
 * XML_INSTRUCTION, XML_NAMESPACE, XML_TOO_DEEP, XML_TOO_MANY_ELEMENTS, XML_TOO_MANY_ATTRIBUTES,
 * XML_TEXT_TOO_LONG, XML_MIXED_TEXT, XML_CHARACTER, XML_TOO_SLOW
 */
export function parseXml(bytes: Bytes, { namespaces, clock }: XmlReading): XmlElement {
  const text = readText(bytes);
  const { parser, tree } = makeTree(namespaces);
  if (hasDoctype(text)) {
    tree.refuse("XML_DOCTYPE", "a document type is declared; remove the declaration");
  }
  const end = clock.elapsed() + xmlLimits.maxMs;
  for (let at = 0; at < text.length; at += xmlLimits.chunk) {
    if (clock.elapsed() > end) {
      tree.refuse("XML_TOO_SLOW", `more than ${xmlLimits.maxMs} ms; split the report`);
    }
    parser.write(text.slice(at, at + xmlLimits.chunk));
  }
  parser.close();
  return tree.root ?? tree.refuse("XML_MALFORMED", "there is no element");
}
