import { z } from "zod";

import { Fault, parseUuid } from "../../schemas/ground/index.ts";
import type { OnwardDesk } from "../onward/index.ts";
import { visibleTo } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";

const whom = z.strictObject({
  agency: z.string().optional(),
  country: z.string().optional(),
  body: z.string().optional(),
});

/** What was done with one message. */
export const usesShape = z.strictObject({
  items: z.array(
    z.strictObject({
      kind: z.string().meta({ description: "ONWARD, EXPORT or COURT" }),
      owner: z.string(),
      to: whom,
      uses: z.array(z.string()),
      purposes: z.array(z.string()),
      crimes: z.array(z.string()),
      ground: z.string().meta({ description: "CONSENT, NOT_ASKED or HELD_ALREADY" }),
      consent: z.string().optional().meta({ description: "the message that gives it" }),
      carrier: z.string().meta({ description: "the message or export that carried it" }),
      at: z.iso.datetime(),
      by: z.string(),
    }),
  ),
});

function onwardOf({ services }: Desk): OnwardDesk {
  if (services?.onward !== undefined) return services.onward;
  throw new Fault("NOT_FOUND", "this gateway tells nothing of uses");
}

/** Whose uses a caller may see: those of a message that he may see. */
function seenId({ exchange }: Desk, { caller, params, record }: Call): string {
  const id = params["id"] ?? "";
  parseUuid(id);
  const seen = exchange.glance(id);
  if (seen === undefined || !visibleTo(caller, seen)) throw new Fault("NOT_FOUND", "no message here has this id");
  record.about(id);
  return id;
} // prettier-ignore

/** All uses that were made of a message: to whom, for what, on which consent. */
export function getUses(desk: Desk, call: Call): Response {
  const items = onwardOf(desk).uses(seenId(desk, call));
  call.record.count(items.length);
  return renderAnswer({ items });
}

/** The uses of a message as its owner is told of them: a message to be looked at and sent. */
export function getOnwardLog(desk: Desk, call: Call): Response {
  return renderAnswer(onwardOf(desk).declare(seenId(desk, call)));
}
