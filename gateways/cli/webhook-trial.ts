import { z } from "zod";

import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderMinute } from "./render-minute.ts";
import type { Question } from "./client.ts";
import { type Say, sayOf } from "./words.ts";

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
function renderWish(
  say: Say,
  { types, crimes, boxes, states, handlingUpTo, fat }: Thought,
): string {
  const list = (name: string, all: readonly string[] | undefined): readonly string[] =>
    all === undefined ? [] : [say(`dry.wish.${name}`, { [name]: all.join(", ") })];
  const told = [
    ...(types === undefined ? [say("dry.wish.all")] : list("types", types)),
    ...list("crimes", crimes),
    ...list("boxes", boxes),
    ...list("states", states),
    say("dry.wish.upTo", { handling: handlingUpTo }),
  ];
  return `${told.join(", ")}; ${say(fat ? "dry.wish.fat" : "dry.wish.thin")}`;
}

function renderRotated(say: Say, { before, after }: Tried): readonly string[] {
  const until = after?.oldSecretUntil ?? null;
  const last = before?.oldSecretUntil ?? null;
  return [
    say("dry.hook.rotate"),
    until === null
      ? say("dry.hook.noMore")
      : say("dry.hook.signToo", { until: renderMinute(until) }),
    ...(last === null ? [] : [say("dry.hook.before", { until: renderMinute(last) })]),
  ];
}

function renderMoved(say: Say, { moved }: Tried): string {
  if (moved === 0) return say("dry.hook.same");
  return moved < 0
    ? say("dry.hook.again", { count: -moved })
    : say("dry.hook.past", { count: moved });
}

function renderState(say: Say, { before, after }: Tried): readonly string[] {
  const [was = "?", becomes = "?"] = [before?.state, after?.state];
  const isFresh = after?.state === "ACTIVE" && (before?.failingSince ?? null) !== null;
  const name = was === becomes ? "dry.hook.stay" : "dry.hook.become";
  return [say(name, { state: becomes, was }), ...(isFresh ? [say("dry.hook.retry")] : [])];
}

function renderTried(say: Say, act: HookAct, tried: Tried): readonly string[] {
  const { before, after } = tried;
  switch (act) {
    case "add":
      if (after === null) return [];
      return [
        say("dry.hook.add", { url: after.url, wish: renderWish(say, after) }),
        say("dry.hook.once"),
      ];
    case "rm":
      if (before === null) return [];
      return [say("dry.hook.rm", { url: before.url, wish: renderWish(say, before) })];
    case "rotate":
      return renderRotated(say, tried);
    case "replay":
      return [renderMoved(say, tried)];
    default:
      return renderState(say, tried);
  }
}

/** Asks what an act on a webhook would change, and says it; nothing is changed. */
export async function tryHookAct(desk: Desk, act: HookAct, question: Question): Promise<number> {
  const path = `${question.path}?dryRun=true`;
  const tried = await desk.client().askFor(triedShape, { ...question, path });
  const say = sayOf(desk);
  desk.result(tried, [say("dry.nothing"), ...renderTried(say, act, tried)].join("\n"));
  return exitCodes.ok;
}
