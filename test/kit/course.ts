import type { MessageType } from "../../schemas/body/index.ts";
import type { Step } from "../../schemas/work/index.ts";
import { type Story, tellStory } from "./story.ts";

type Json = Readonly<Record<string, unknown>>;

/** Who says what: A opens, B and C are asked. A body may need the ids of what was said before. */
export type Line = readonly [
  who: "A" | "B" | "C",
  type: MessageType,
  body?: Json | ((said: readonly Step[]) => Json),
  more?: { readonly to?: readonly ("A" | "B" | "C")[]; readonly at?: number; readonly about?: number },
]; // prettier-ignore

/** The agencies of a course. */
export const cast = { A: "gh/tcu", B: "sn/tcu", C: "ml/tcu" } as const;

/** Tells lines one after the other, a day apart unless they say when; each is about the first unless it says of which. */
export function tellCourse(lines: readonly Line[]): Story {
  const story = tellStory();
  lines.forEach(([who, type, body = {}, more = {}], i) => {
    const { to = [who === "A" ? "B" : "A"], at = i * 24, about = 0 } = more;
    story.say({
      from: cast[who],
      to: to.map((one) => cast[one]),
      type,
      at,
      body: typeof body === "function" ? body(story.steps) : body,
      about: story.steps[about],
    });
  });
  return story;
}

/** The id of a message said before; of the last without a number. */
export function idOf(said: readonly Step[], at = said.length - 1): string {
  return said.at(at)?.id ?? "";
}
