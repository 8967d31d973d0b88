import type { MessageType } from "../../schemas/index.ts";
import { type Dice, pick } from "./dice.ts";
import { recastExample } from "./recast.ts";

/** Ten kinds of direct message that one crime unit writes to another, from the shortest to the longest. */
export const directKinds = [
  "directory.ping",
  "request.remind",
  "query.check",
  "core_data.request",
  "preserve.data",
  "firearm.trace_request",
  "asset.trace_request",
  "evidence.transfer",
  "request.information",
  "suspect.handover",
] as const satisfies readonly MessageType[];

/** What of one message no hub may ever hold a byte of. */
export interface Canary {
  /** Stands in the message's case reference. */
  readonly caseRef: string;
  /** Stands in every text of its body. */
  readonly word: string;
  /** The name of every person in it. */
  readonly person: string;
}

/** How every canary of a kind begins: whoever finds none of these has found none of them. */
export const canaryStems = ["CANARY-CASE-", "kanarienvogel", "Zebulon Canary"] as const;

/** The words of one message, which stand nowhere else in the world. */
export function canaryOf(number: number): Canary {
  const tag = String(1000 + number);
  const [caseRef, word, person] = canaryStems;
  return { caseRef: `${caseRef}${tag}`, word: `${word}${tag}`, person: `${person}${tag}mane` };
} // prettier-ignore

const syllables = "ba ke li mo nu ra se ti wo ya".split(" ");

function words(dice: Dice, count: number): string {
  const one = (): string => Array.from({ length: 1 + dice(4) }, () => pick(dice, syllables)).join("");
  return Array.from({ length: count }, one).join(" ");
} // prettier-ignore

/** How much an officer writes: mostly a sentence or two, seldom half a page. */
function drawText(dice: Dice, { word }: Canary): string {
  return `${word} ${words(dice, 4 + dice([12, 30, 60][dice(3)] ?? 12))}`;
}

function rewrite(json: unknown, write: { dice: Dice; canary: Canary }): unknown {
  if (Array.isArray(json)) return json.map((item) => rewrite(item, write));
  if (typeof json !== "object" || json === null) return json;
  const { dice, canary } = write;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      if (name === "text" && "lang" in json) return [name, drawText(dice, canary)];
      if (name === "full" && "kind" in json) return [name, canary.person];
      return [name, rewrite(value, write)];
    }),
  );
}

/** A message of a kind from one agency to another, as an officer writes it, with its canary in every place that takes one. */
export function drawDirect(kind: (typeof directKinds)[number], place: { readonly dice: Dice; readonly canary: Canary; readonly now: number; readonly from: string; readonly to: string }): Record<string, unknown> {
  const { dice, canary, now, from, to } = place;
  const cast = { sender: from, readers: [to] };
  const { body, inner, ...rest } = recastExample(kind, cast, { now, rec: "ecowas" });
  const said = { ...(inner as object), caseRef: canary.caseRef };
  return { ...rest, inner: said, body: rewrite(body, { dice, canary }) };
} // prettier-ignore
