import { type EpochMs, Fault, renderHex, sha256, utf8 } from "../../../schemas/ground/index.ts";

/** Digits of the running digest that each line bears: 128 bits. */
const shown = 32;
const maxLineLength = 500;

/** A line that bears its number, the digest of all before and itself, the time, and what was said. */
const lineShape = /^(\d{4}) ([0-9a-f]{32}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ([^\n]{0,600})$/;

/** The written record of one ceremony. Each line is bound to all before it, so none can be changed alone. */
export interface Transcript {
  add(at: EpochMs, said: string): void;
  /** The whole text, to be printed and signed by hand. */
  text(): string;
  /** SHA-256 of the text, hexadecimal; it goes into the journal. */
  digest(): string;
}

function renderTime(at: EpochMs): string {
  // oxlint-disable-next-line no-restricted-globals -- calendar arithmetic; no clock is read
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function link(previous: string, rest: string): string {
  return renderHex(sha256(utf8(`${previous}\n${rest}`))).slice(0, shown);
}

/** Begins a transcript. */
export function makeTranscript(): Transcript {
  const lines: string[] = [];
  let previous = "";
  const text = (): string => lines.map((line) => `${line}\n`).join("");
  return {
    add: (at, said) => {
      const number = String(lines.length + 1).padStart(4, "0");
      // what an officer typed may hold anything; a line stays a line
      const plain = said.replace(/[^\P{C}]/gu, " ").slice(0, maxLineLength);
      const rest = `${renderTime(at)} ${plain}`;
      previous = link(previous, `${number} ${rest}`);
      lines.push(`${number} ${previous} ${rest}`);
    },
    text,
    digest: () => renderHex(sha256(utf8(text()))),
  };
}

/**
 * Holds that no line of a transcript was changed, moved, lost or put in. That its end is there, its digest in
 * the journal says.
 *
 * @returns its SHA-256, hexadecimal
 * @throws {Fault} INTEGRITY_STORE
 */
export function verifyTranscript(text: string): string {
  let previous = "";
  const lines = text.split("\n");
  const isEnded = lines.pop() === "";
  lines.forEach((line, at) => {
    const [, number, digest, time, said] = lineShape.exec(line) ?? [];
    previous = link(previous, `${number ?? ""} ${time ?? ""} ${said ?? ""}`);
    if (Number(number) !== at + 1 || digest !== previous)
      throw new Fault(
        "INTEGRITY_STORE",
        `line ${at + 1} of the transcript does not follow those before`,
      );
  });
  if (!isEnded || lines.length === 0)
    throw new Fault("INTEGRITY_STORE", "the transcript does not end with a whole line");
  return renderHex(sha256(utf8(text)));
}
