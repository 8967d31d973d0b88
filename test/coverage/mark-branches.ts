import { parseAst } from "vitest/node";

/** A place of a file that a run is to reach. */
export interface Branch {
  /** Its first character, counted from 0. */
  readonly start: number;
  /** The first character after it. */
  readonly end: number;
  /** As `Branch` is known to the marked code. */
  readonly name: string;
  /** What of it is to be seen, in words. */
  readonly says: string;
}

/** A file with marks in it, and what they mark. */
export interface Marked {
  readonly code: string;
  readonly branches: readonly Branch[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Text that goes round a range, so that what it holds is told and given on. */
interface Mark {
  readonly start: number;
  readonly end: number;
  readonly open: string;
  readonly close: string;
}

type Kind = "decides" | "lacks" | "runs";

const outcomes: Readonly<Record<Kind, readonly string[]>> = {
  decides: ["true", "false"],
  lacks: ["absent", "present"],
  runs: ["run"],
};

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function nodesIn(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return isNode(value) ? [value] : [];
}

type Place = readonly [Kind, unknown];

const decided = (node: Node): readonly Place[] => [["decides", node["test"]]];
const ran = (node: Node): readonly Place[] => [["runs", node["body"]]];

/** What of a node is to be seen, and how; of others nothing. */
const places: Readonly<Record<string, (node: Node) => readonly Place[]>> = {
  IfStatement: decided,
  ConditionalExpression: decided,
  WhileStatement: decided,
  DoWhileStatement: decided,
  ForStatement: decided,
  LogicalExpression: (node) => [[node["operator"] === "??" ? "lacks" : "decides", node["left"]]],
  MemberExpression: (node) => (node["optional"] === true ? [["lacks", node["object"]]] : []),
  AssignmentPattern: (node) => [["runs", node["right"]]],
  AssignmentExpression: (node) =>
    ["&&=", "||=", "??="].includes(String(node["operator"])) ? [["runs", node["right"]]] : [],
  SwitchCase: (node) => [["runs", node]],
  ArrowFunctionExpression: ran,
  FunctionDeclaration: ran,
  FunctionExpression: ran,
  CatchClause: ran,
};

function placesOf(node: Node): readonly Place[] {
  return places[node.type]?.(node) ?? [];
}

/** Where statements may be put into a node; undefined when it is a value. */
function statementsAt(node: Node, code: string): number | undefined {
  if (node.type === "BlockStatement") return node.start + 1;
  if (node.type !== "SwitchCase") return undefined;
  const [first] = nodesIn(node["consequent"]);
  return first?.start ?? code.indexOf(":", nodesIn(node["test"])[0]?.end ?? node.start) + 1;
}

function makeMark(kind: Kind, node: Node, code: string): { mark: Mark; name: string } {
  const at = statementsAt(node, code);
  const name = `${node.start}-${node.end}`;
  const call = `__branches.${kind}(import.meta.url,"${name}"`;
  if (at !== undefined) {
    return { mark: { start: at, end: at, open: `${call});`, close: "" }, name };
  }
  return { mark: { start: node.start, end: node.end, open: `${call},(`, close: "))" }, name };
}

/** Puts the marks in, an outer one round an inner one. */
function renderMarks(code: string, marks: readonly Mark[]): string {
  const opens = marks.map(({ start, end, open }) => ({ at: start, text: open, depth: -end }));
  const closes = marks
    .filter(({ close }) => close !== "")
    .map(({ start, end, close }) => ({ at: end, text: close, depth: -Infinity, start }));
  const inner = closes.toSorted((a, b) => b.start - a.start);
  const all = [...inner, ...opens].toSorted((a, b) => a.at - b.at || a.depth - b.depth);
  let done = 0;
  let text = "";
  for (const { at, text: put } of all) {
    text += code.slice(done, at) + put;
    done = at;
  }
  return text + code.slice(done);
}

/**
 * Marks every place where a run can go one way or another: conditions and the left of `&&`, `||`, `??`, `?.` (both
 * ways), fallbacks, cases, `catch`, and every function (once). Lines stay where they are.
 */
export function markBranches(code: string, file: string): Marked {
  const marks: Mark[] = [];
  const branches: Branch[] = [];
  const visit = (node: Node): void => {
    for (const [kind, place] of placesOf(node)) {
      if (!isNode(place)) continue;
      const { mark, name } = makeMark(kind, place, code);
      marks.push(mark);
      for (const says of outcomes[kind]) {
        const { start, end } = place;
        branches.push({ start, end, name: `${name} ${says}`, says });
      }
    }
    for (const value of Object.values(node)) nodesIn(value).forEach(visit);
  };
  nodesIn(parseAst(code, { lang: "ts" }, file)).forEach(visit);
  return { code: renderMarks(code, marks), branches };
}
