import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderMinute } from "./render-minute.ts";

/** Who wants to do what, in the words of a command line. */
export interface WhyActor {
  readonly agency: string;
  /** `read` or `publish`. */
  readonly act: string;
  readonly type: string;
}

/** Everything else that a decision hangs on. */
export interface WhyOptions {
  readonly crime: string;
  readonly of?: string;
  readonly in: string;
  readonly at: string;
  readonly to?: string;
  readonly purpose?: readonly string[];
  readonly protectedFrom?: readonly string[];
  readonly excluded?: readonly string[];
  readonly lang: string;
  readonly register?: string;
  readonly root?: string;
  readonly time?: string;
}

const shape = z.looseObject({
  question: z.looseObject({
    action: z.string(),
    agency: z.string(),
    originator: z.string(),
    scope: z.string(),
    type: z.string(),
    crime: z.string(),
    handling: z.string(),
    recipient: z.string().optional(),
  }),
  allow: z.boolean(),
  reasons: z.array(z.object({ code: z.string(), says: z.string() })),
  epoch: z.number(),
  at: z.string(),
});

type Answer = z.infer<typeof shape>;

function actionOf(act: string): "READ" | "PUBLISH" {
  if (act === "read") return "READ";
  if (act === "publish") return "PUBLISH";
  throw new Fault("USAGE_INVALID", "after the agency stands read or publish");
}

function searchOf({ agency, act, type }: WhyActor, options: WhyOptions): URLSearchParams {
  const { crime, of, in: scope, at: handling, to: recipient, lang } = options;
  const action = actionOf(act);
  if (action === "READ" && of === undefined) {
    throw new Fault("USAGE_INVALID", "whose message it would read is said with --of AGENCY");
  }
  const search = new URLSearchParams({ action, agency, scope, type, crime, handling, lang });
  if (of !== undefined) search.set("originator", of);
  if (recipient !== undefined) search.set("recipient", recipient);
  for (const one of options.purpose ?? []) search.append("purpose", one);
  for (const one of options.protectedFrom ?? []) search.append("protectedFrom", one);
  for (const one of options.excluded ?? []) search.append("excludedRecipient", one);
  return search;
}

/** The question and the answer as people say them, then every reason with its code. */
function renderAnswer({ question, allow, reasons, epoch, at }: Answer): string {
  const { action, agency, originator, scope, type, crime, handling, recipient } = question;
  const may = `${agency} ${allow ? "may" : "may not"} ${action.toLowerCase()}`;
  const of = action === "READ" ? ` of ${originator}` : "";
  const to = recipient === undefined ? "" : ` to ${recipient}`;
  const place = scope === "direct" ? "by name" : `in ${scope}`;
  return [
    `${may} ${type} about ${crime}${of}${to} ${place} at ${handling}:`,
    ...reasons.map(({ code, says }) => `  ${says}  (${code})`),
    `By epoch ${epoch} of the register, ${renderMinute(at)}.`,
  ].join("\n");
}

async function ask(
  desk: Desk,
  { register, root, time }: WhyOptions,
  search: URLSearchParams,
): Promise<Answer> {
  const path = `/v1/register/decision?${search.toString()}`;
  if (register === undefined) {
    if ((root ?? time) === undefined) return await desk.client().askFor(shape, { path });
    throw new Fault("USAGE_INVALID", "--root and --time go with --register FILE");
  }
  const { decideFromFile } = desk.world;
  if (decideFromFile !== undefined) {
    return shape.parse(await decideFromFile({ register, root, time }, search));
  }
  throw new Fault(
    "USAGE_INVALID",
    "no register can be read here; ask a gateway, without --register",
  );
}

/**
 * Says why an agency may, or may not, read or publish something, by the register of a gateway or of a file. Ends as
 * "not permitted" when it may not, so that scripts can ask.
 */
export async function runWhy(desk: Desk, actor: WhyActor, options: WhyOptions): Promise<number> {
  const answer = await ask(desk, options, searchOf(actor, options));
  desk.result(answer, renderAnswer(answer));
  return answer.allow ? exitCodes.ok : exitCodes.notPermitted;
}
