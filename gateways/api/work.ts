import { labelOf, type Language } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { visibleTo } from "../people/index.ts";
import type { Matter, ShownBreach, WorkDesk } from "../work/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { makeContactTeller } from "./late-contacts.ts";
import { chooseLanguage } from "./negotiate.ts";
import { awaitedQueryShape, breachesQueryShape } from "./work-shapes.ts";

function workOf({ services }: Desk): WorkDesk {
  if (services?.work !== undefined) return services.work;
  throw new Fault("NOT_FOUND", "this gateway tells nothing of threads");
}

/** A matter is told to who may see the message that opened it; nothing else of it is. */
function isTold({ exchange }: Desk, { caller }: Call, opening: string): boolean {
  const seen = exchange.glance(opening);
  return seen !== undefined && visibleTo(caller, seen);
}

function onlySeen(desk: Desk, call: Call, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => isTold(desk, call, id));
}

/** What is awaited, with its name in the reader's language. */
function nameDue<T extends { readonly closing: string }>(due: T, lang: Language): T & { readonly closingName: string } {
  return { ...due, closingName: labelOf("AWAITED", due.closing, lang) };
} // prettier-ignore

function tellMatter(desk: Desk, call: Call, matter: Matter): Record<string, unknown> {
  const lang = chooseLanguage(call.request.headers);
  return {
    ...matter,
    stateName: labelOf("MATTER_STATE", matter.state, lang),
    awaited: matter.awaited.map((due) => nameDue(due, lang)),
    messages: onlySeen(desk, call, matter.messages),
    refused: matter.refused.filter(({ id }) => isTold(desk, call, id)),
  };
}

/** How a thread stands: its matters, what is awaited of whom, and who may say what next. */
export function getThreadState(desk: Desk, call: Call): Response {
  const thread = workOf(desk).thread(call.params["id"] ?? "");
  const matters = thread.matters.filter(({ opening }) => isTold(desk, call, opening));
  const beside = onlySeen(desk, call, thread.beside);
  // a thread of which nothing is for him is answered as one that is not there
  if (matters.length + beside.length === 0) throw new Fault("NOT_FOUND", "no message of this thread is here");
  call.record.about(thread.id);
  return renderAnswer({ ...thread, beside, matters: matters.map((one) => tellMatter(desk, call, one)) });
} // prettier-ignore

/** What is awaited in all threads, the earliest first. */
export async function getAwaited(desk: Desk, call: Call): Promise<Response> {
  const asked = tryShape(awaitedQueryShape, Object.fromEntries(call.url.searchParams));
  if (!asked.success) throw new Fault("REQUEST_INVALID", "say overdue=true, or of= an agency, or nothing");
  const { overdue, of } = asked.data;
  const work = workOf(desk);
  await work.catchUp();
  const lines = work.awaited({ overdue: overdue === "true" });
  const told = lines.filter((line) => (of === undefined || line.of === of) && isTold(desk, call, line.opening));
  call.record.count(told.length);
  const lang = chooseLanguage(call.request.headers);
  const items = told.map((line) => ({ ...nameDue(line, lang), stateName: labelOf("MATTER_STATE", line.state, lang) }));
  return renderAnswer({ items });
} // prettier-ignore

/** What of a deadline that passed is nothing of the messages: the overseer of this agency sees it, whatever its handling. */
function tellOverseer({ workflow, closing, of, by, isOpen, stands, ...rest }: ShownBreach): Omit<ShownBreach, "thread" | "opening" | "opener" | "other"> {
  const { endedAt, escalatedAt } = rest;
  const ended = endedAt === undefined ? {} : { endedAt };
  return { workflow, closing, of, by, isOpen, stands, ...ended, ...(escalatedAt === undefined ? {} : { escalatedAt }) };
} // prettier-ignore

/**
 * Deadlines that passed, the latest first: whole to whoever may see the message that opened the matter; to an auditor every
 * one, without what leads to a message.
 */
export function getBreaches(desk: Desk, call: Call): Response {
  const asked = tryShape(breachesQueryShape, Object.fromEntries(call.url.searchParams));
  if (!asked.success) throw new Fault("REQUEST_INVALID", "say open=true, of= an agency, opening= a message, or nothing");
  const { open, of, opening } = asked.data;
  const lang = chooseLanguage(call.request.headers);
  const tell = makeContactTeller(desk, call, lang);
  const isAsked = (one: ShownBreach): boolean => opening === undefined || one.opening === opening;
  const isOverseer = call.caller.roles.has("auditor");
  const told = workOf(desk).breaches({ open: open === "true", of }).flatMap((one) => {
    if (isTold(desk, call, one.opening)) return isAsked(one) ? [{ ...one, ...tell(one) }] : [];
    // which message opened it is not an overseer's to ask
    return isOverseer && opening === undefined ? [tellOverseer(one)] : [];
  });
  call.record.count(told.length);
  return renderAnswer({ items: told.map((one) => nameDue(one, lang)) });
} // prettier-ignore
