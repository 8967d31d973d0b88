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

/** Refuses what `JSON.parse` would let pass: names given twice, `__proto__`, any depth. One pass. */
function scan(text: string): void {
  const stack: Frame[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? "";
    if (sign === '"') {
      const end = endOfText(text, at);
      const frame = stack.at(-1);
      if (frame?.awaitsName === true) takeName(frame, text.slice(at, end));
      at = end - 1;
    } else step(stack, sign);
  }
}

/**
 * Reads JSON text from outside: at most `maxBytes` of UTF-8, 32 levels deep, no name twice in an object,
 * no `__proto__`. So two readers of the text cannot see two different values.
 *
 * @throws {Fault} CODEC_TOO_LARGE, CODEC_TOO_DEEP, JSON_MALFORMED
 */
export function parseJsonText(text: string, maxBytes: number): unknown {
  if (text.length > maxBytes || Buffer.byteLength(text, "utf8") > maxBytes) {
    throw new Fault("CODEC_TOO_LARGE", `the JSON has more than ${maxBytes} bytes`);
  }
  scan(text);
  try {
    return JSON.parse(text);
  } catch {
    // the engine's error quotes the text, so it is not kept as the cause
    throw new Fault("JSON_MALFORMED", "the text is not JSON");
  }
}
