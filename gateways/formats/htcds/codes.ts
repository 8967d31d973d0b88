import { codeList } from "../../../schemas/index.ts";

/** The standard's spelling of a code, when it has one. */
export function spellCode(list: string, code: string): string | undefined {
  return codeList(list)?.also[code]?.["HTCDS"];
}

/** Our code for a spelling of the standard. */
export function codeSpelt(list: string, text: string): string | undefined {
  return codeList(list)?.codes.find((code) => spellCode(list, code) === text);
}

/** The code that stands for what a list has no code for. */
export function fallbackCode(list: string): string {
  return codeList(list)?.codes.includes("OTHER") ? "OTHER" : "UNKNOWN";
}

/** The code that says that nobody said. */
export function unsaidCode(list: string): string {
  return codeList(list)?.codes.includes("UNKNOWN") ? "UNKNOWN" : fallbackCode(list);
}
