import { z } from "zod";

import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderMinute } from "./render-minute.ts";
import type { Question } from "./client.ts";

const thoughtShape = z.looseObject({
  url: z.string(),
  state: z.string(),
  types: z.array(z.string()).optional(),
  crimes: z.array(z.string()).optional(),
  boxes: z.array(z.string()).optional(),
  states: z.array(z.string()).optional(),
  fat: z.boolean(),
  handlingUpTo: z.string(),
  failingSince: z.string().nullable(),
  oldSecretUntil: z.string().nullable(),
});
const triedShape = z.object({
  tried: z.literal(true),
  before: thoughtShape.nullable(),
  after: thoughtShape.nullable(),
  moved: z.int(),
});

type Thought = z.infer<typeof thoughtShape>;
type Tried = z.infer<typeof triedShape>;

/** An act on a webhook that can be tried. */
export type HookAct = "add" | "rm" | "rotate" | "pause" | "resume" | "replay";

/** What a webhook is told, of which messages. */
function renderWish({ types, crimes, boxes, states, handlingUpTo, fat }: Thought): string {
  const told = [
    types === undefined ? "messages of every type" : `messages of ${types.join(", ")}`,
    ...(crimes === undefined ? [] : [`about ${crimes.join(", ")}`]),
    ...(boxes === undefined ? [] : [`in box ${boxes.join(", ")}`]),
    ...(states === undefined ? [] : [`that come to ${states.join(", ")}`]),
    `up to ${handlingUpTo}`,
  ];
  return `${told.join(", ")}; ${fat ? "with the line of each" : "id and state alone"}`;
}

function renderRotated({ before, after }: Tried): readonly string[] {
  const until = after?.oldSecretUntil ?? null;
  const last = before?.oldSecretUntil ?? null;
  return [
    "It would get a new secret, shown once.",
    until === null
      ? "The secret of now would sign no more."
      : `The secret of now would sign too until ${renderMinute(until)}.`,
    ...(last === null
      ? []
      : [`The one before it, good until ${renderMinute(last)}, would end at once.`]),
  ];
}

function renderMoved({ moved }: Tried): string {
  if (moved === 0) return "It would go on where it is.";
  return moved < 0
    ? `It would look again at ${-moved} changes, and be told of those that it asked for.`
    : `It would pass over ${moved} changes: of them it would be told nothing.`;
}

function renderState({ before, after }: Tried): readonly string[] {
  const [was = "?", becomes = "?"] = [before?.state, after?.state];
  const fresh =
    after?.state === "ACTIVE" && (before?.failingSince ?? null) !== null
      ? ["It would be tried again at once, as if nothing had failed."]
      : [];
  const state =
    was === becomes ? `It would stay ${was}.` : `It would be ${becomes}, and is ${was} now.`;
  return [state, ...fresh];
}

function renderTried(act: HookAct, tried: Tried): readonly string[] {
  const { before, after } = tried;
  switch (act) {
    case "add":
      return after === null
        ? []
        : [
            `${after.url} would be told of ${renderWish(after)}.`,
            "Its secret would be shown once.",
          ];
    case "rm":
      return before === null
        ? []
        : [
            `It would be gone, with what is known of its calls. ${before.url} would be told no more of ${renderWish(before)}.`,
          ];
    case "rotate":
      return renderRotated(tried);
    case "replay":
      return [renderMoved(tried)];
    default:
      return renderState(tried);
  }
}

/** Asks what an act on a webhook would change, and says it; nothing is changed. */
export async function tryHookAct(desk: Desk, act: HookAct, question: Question): Promise<number> {
  const path = `${question.path}?dryRun=true`;
  const tried = await desk.client().askFor(triedShape, { ...question, path });
  desk.result(tried, ["Nothing was changed.", ...renderTried(act, tried)].join("\n"));
  return exitCodes.ok;
}
