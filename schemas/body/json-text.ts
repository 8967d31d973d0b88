import { Fault } from "../ground/index.ts";

/** How deep objects and lists may stand in each other; our deepest own form needs 7. */
export const maxJsonDepth = 32;

interface Frame {
  /** Names seen so far; absent in a list. */
  readonly names?: Set<string>;
  /** Whether the next text is a name. */
  awaitsName: boolean;
}

function refuse(detail: string): never {
  throw new Fault("JSON_MALFORMED", detail);
}

/** The offset after the text that starts at `from` with a quotation mark. */
function endOfText(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') return at + 1;
    if (sign === "\\") at += 1;
  }
  return refuse("a text is not closed");
}

function parseName(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    // the engine's error quotes the name, so it is not kept as the cause
    return refuse("a name is not a JSON text");
  }
}

function takeName(frame: Frame, quoted: string): void {
  const name = parseName(quoted);
  if (name === "__proto__") refuse("a member is named __proto__");
  if (frame.names?.has(name) === true) refuse("a member is given twice in one object");
  frame.names?.add(name);
  frame.awaitsName = false;
}

/** Looks at one sign outside of texts; keeps the stack of open objects and lists. */
function step(stack: Frame[], sign: string): void {
  if (sign === "{" || sign === "[") {
    if (stack.length >= maxJsonDepth) {
      throw new Fault("CODEC_TOO_DEEP", `JSON nests deeper than ${maxJsonDepth}`);
    }
    stack.push(sign === "{" ? { names: new Set(), awaitsName: true } : { awaitsName: false });
  } else if (sign === "}" || sign === "]") {
    stack.pop();
  } else if (sign === ",") {
    const frame = stack.at(-1);
    if (frame?.names !== undefined) frame.awaitsName = true;
  }
}

/** Half of a pair of escapes is a character to some readers, another one to others, and none to the rest. */
function checkEscapes(quoted: string): void {
  if (quoted.includes("\\u") && !parseName(quoted).isWellFormed()) {
    refuse("a text holds half of a character");
  }
}

const ofNumber = /[-+.0-9eE]*/y;
const isWhole = /^-?[0-9]+$/;

/** The offset after the number that starts at `from`. Whole ones that not every reader can hold are refused. */
function endOfNumber(text: string, from: number): number {
  ofNumber.lastIndex = from;
  const [number = ""] = ofNumber.exec(text) ?? [];
  const value = Number(number);
  if (Math.abs(value) === Infinity || (isWhole.test(number) && !Number.isSafeInteger(value))) {
    refuse("a number is larger than every reader holds exactly");
  }
  return from + number.length;
}

/** The offset after a text, which is a name where one is awaited. */
function takeText(stack: readonly Frame[], text: string, from: number): number {
  const end = endOfText(text, from);
  const frame = stack.at(-1);
  const quoted = text.slice(from, end);
  checkEscapes(quoted);
  if (frame?.awaitsName === true) takeName(frame, quoted);
  return end;
}

/**
 * Refuses what `JSON.parse` would let pass: names given twice, `__proto__`, any depth, halves of characters, and numbers that
 * readers round differently. One pass.
 */
function scan(text: string): void {
  const stack: Frame[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text[at] ?? "";
    if (sign === '"') at = takeText(stack, text, at);
    else if (sign === "-" || (sign >= "0" && sign <= "9")) at = endOfNumber(text, at);
    else {
      step(stack, sign);
      at += 1;
    }
  }
}

/**
 * Reads JSON text from outside: at most `maxBytes` of UTF-8, 32 levels deep, no name twice in an object,
 * no `__proto__`, no half of a character, no number that is rounded by some. So two readers of the text cannot see two different values.
 *
 * @throws {Fault} CODEC_TOO_LARGE, CODEC_TOO_DEEP, JSON_MALFORMED
 */
export function parseJsonText(text: string, maxBytes: number): unknown {
  if (text.length > maxBytes || Buffer.byteLength(text, "utf8") > maxBytes) {
    throw new Fault("CODEC_TOO_LARGE", `the JSON has more than ${maxBytes} bytes`);
  }
  if (!text.isWellFormed()) refuse("a text holds half of a character");
  scan(text);
  try {
    return JSON.parse(text);
  } catch {
    // the engine's error quotes the text, so it is not kept as the cause
    throw new Fault("JSON_MALFORMED", "the text is not JSON");
  }
}
