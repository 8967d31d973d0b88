import { codeList } from "../../schemas/index.ts";

const codes = codeList("URGENCY")?.codes ?? [];

/** How soon a message is sent: the list names the most urgent first. A code that is not in it comes last. */
export function urgencyRank(urgency: string): number {
  const at = codes.indexOf(urgency);
  return at < 0 ? 0 : codes.length - at;
}

/** The urgency of a rank; the least urgent for a rank that is of none. */
export function urgencyOf(rank: number): string {
  return codes[codes.length - rank] ?? codes.at(-1) ?? "";
}

/** Keys go ahead of everything: what is sealed with them cannot be read before. */
export const keyRank = codes.length + 1;
