import { z } from "zod";

import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { objectShape, readId } from "./read-message.ts";
import { renderList } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { sayOf } from "./words.ts";

const usesShape = z.looseObject({
  items: z.array(
    z.looseObject({
      kind: z.string(),
      to: z.looseObject({
        agency: z.string().optional(),
        country: z.string().optional(),
        body: z.string().optional(),
      }),
      purposes: z.array(z.string()),
      crimes: z.array(z.string()),
      ground: z.string(),
      consent: z.string().optional(),
      carrier: z.string(),
      at: z.string(),
    }),
  ),
});

type Use = z.infer<typeof usesShape>["items"][number];

function renderWhom({ to: { agency, country = "", body } }: Use): string {
  if (agency !== undefined) return agency;
  return body === undefined ? "nobody named" : `${body}, ${country}`;
}

function renderUse(use: Use): readonly string[] {
  const { at, kind, purposes, crimes, ground, consent } = use;
  const right = consent ?? ground;
  return [
    renderMinute(at),
    kind,
    renderWhom(use),
    purposes.join(" "),
    crimes.join(" "),
    right,
    use.carrier,
  ];
}

/** Shows to whom a message was passed on, for what and by which right; or what its owner is to be told of that. */
export async function runUses(desk: Desk, id: string, options: { readonly declare?: true }): Promise<number> {
  const message = `/v1/messages/${readId(id)}`;
  if (options.declare === true) {
    const draft = await desk.client().askFor(objectShape, { path: `${message}/onward-log` });
    desk.result(draft, JSON.stringify(draft, undefined, 2));
    return exitCodes.ok;
  }
  const answer = await desk.client().askFor(usesShape, { path: `${message}/uses` });
  const heads = ["when", "how", "to", "purpose", "offence", "right", "carrier"];
  desk.result(answer, renderList(answer.items.map(renderUse), { say: sayOf(desk), none: "uses", heads }));
  return exitCodes.ok;
} // prettier-ignore
