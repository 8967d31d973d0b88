import { z } from "zod";

import { faultSentence, type Language } from "../../schemas/index.ts";
import { type Fault, type FaultCode, isFaultCode, tryShape } from "../../schemas/ground/index.ts";
import type { Item } from "./items.ts";

/** Asks the gateway's own API, as whoever the drop acts as. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** A sentence in every language. */
export type Says = Readonly<Record<Language, string>>;

/** What became of one message. */
export type Sent =
  | { readonly row: number; readonly state: "SENT"; readonly id: string; readonly again?: true }
  | {
      readonly row: number;
      readonly state: "REJECTED";
      readonly code: string;
      readonly says: Says;
      readonly detail?: string | undefined;
      readonly problems?: readonly unknown[];
    };

/** What became of trying: it was judged, or must wait, with why. */
export type Tried = Sent | { readonly waits: FaultCode };

const doneShape = z.looseObject({ id: z.string(), created: z.boolean() });
const problemShape = z.looseObject({
  code: z.string(),
  retry: z.string().default("after-change"),
  detail: z.string().optional(),
  errors: z.array(z.unknown()).optional(),
});
const foundShape = z.looseObject({ problems: z.array(z.unknown()) });

/** Refusals of us, or of the moment, and not of the message: it waits until they are mended. */
const ours: ReadonlySet<string> = new Set([
  "STORE_LOCKED",
  "STORE_READ_ONLY",
  "NOT_AUTHENTICATED",
  "ROLE_MISSING",
]);
const maxProblems = 20;
const waitsShape = z.looseObject({ state: z.string(), reason: z.string().max(1_000).optional() });

/** What takes two officers waits for the second; what came of it is learned by handing it in again. */
function judgeWaiting(row: number, said: unknown): Tried {
  const { state = "WAITING", reason } = tryShape(waitsShape, said).data ?? {};
  if (state === "WAITING") return { waits: "RELEASE_NEEDED" };
  const code = "RELEASE_ENDED";
  return { row, state: "REJECTED", code, says: saysOf(code), detail: reason ?? `it is ${state}` };
}

/** What a code means, in every language. */
export function saysOf(code: string): Says {
  const known = isFaultCode(code) ? code : "INTERNAL";
  const say = (lang: Language): string => faultSentence(known, lang);
  return { en: say("en"), fr: say("fr"), pt: say("pt"), ar: say("ar"), es: say("es"), sw: say("sw") };
} // prettier-ignore

/** What a fault is to a result file. */
export function rejectedFor(row: number, { code, detail }: Fault): Sent {
  return { row, state: "REJECTED", code, says: saysOf(code), detail };
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

const json = { "content-type": "application/json" };

/** Everything wrong with a message, each with its pointer and a sentence in every language. */
async function explain(ask: Ask, body: string): Promise<readonly unknown[] | undefined> {
  const answer = await ask("/v1/messages:validate", { method: "POST", headers: json, body });
  const found = tryShape(foundShape, await jsonOf(answer));
  return found.success ? found.data.problems.slice(0, maxProblems) : undefined;
}

/** What the gateway said no with. */
async function judge(
  { ask, row, body, isTold }: { ask: Ask; row: number; body: string; isTold: boolean },
  said: unknown,
): Promise<Tried> {
  const problem = tryShape(problemShape, said);
  if (!problem.success) return { waits: "GATEWAY_UNREACHABLE" };
  const { code, retry, detail, errors = [] } = problem.data;
  if (retry === "later" || ours.has(code)) return { waits: isFaultCode(code) ? code : "INTERNAL" };
  const refused = { row, state: "REJECTED", code, says: saysOf(code), detail } as const;
  if (!isTold || errors.length === 0) return refused;
  const explained = await explain(ask, body);
  return { ...refused, problems: explained ?? errors.slice(0, maxProblems) };
}

/**
 * Hands one message to the gateway, once however often it is tried. With `isTold` what is wrong is explained field by field.
 */
export async function sendItem(ask: Ask, item: Item, isTold: boolean): Promise<Tried> {
  if ("fault" in item) return rejectedFor(item.row, item.fault);
  const { row, key, body } = item;
  const headers = { ...json, "idempotency-key": key };
  const answer = await ask("/v1/messages", { method: "POST", headers, body });
  const said = await jsonOf(answer);
  if (answer.status === 202) return judgeWaiting(row, said);
  const done = tryShape(doneShape, said);
  if (!answer.ok || !done.success) return await judge({ ask, row, body, isTold }, said);
  const { id, created } = done.data;
  return { row, state: "SENT", id, ...(created ? {} : { again: true }) };
}
