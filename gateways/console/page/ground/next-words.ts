import type { Message } from "./messages.ts";
import type { ThreadState } from "./threads.ts";

/** What an agency may say next in a matter, and about which message. */
export interface NextWord {
  readonly type: string;
  /** The message it is drafted from. */
  readonly about: string;
}

/** What came of it is said of the answer itself; all else is said of what opened the matter. */
function isOfAnswer(type: string): boolean {
  return type.startsWith("feedback.") || type.endsWith(".feedback");
}

type Said = Pick<Message, "id" | "box">;

function aboutWhat({ id, box }: Said, opening: string, type: string): string | undefined {
  if (!isOfAnswer(type)) return opening;
  return box === "in" ? id : undefined;
}

/** What an agency may say next about a message, by the state of the matters it belongs to and by the register. */
export function nextWords({ matters }: Pick<ThreadState, "matters">, message: Said, agency: string): readonly NextWord[] {
  const { id } = message;
  const own = matters.filter(({ messages, opening }) => opening === id || messages.includes(id));
  const all = own.flatMap(({ opening, next }) =>
    next.flatMap(({ agency: who, type }) => {
      const about = who === agency ? aboutWhat(message, opening, type) : undefined;
      return about === undefined ? [] : [{ type, about }];
    }),
  );
  return [...new Map(all.map((one) => [`${one.type} ${one.about}`, one])).values()];
} // prettier-ignore
