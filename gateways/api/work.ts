import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { visibleTo } from "../people/index.ts";
import type { Matter, WorkDesk } from "../work/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { awaitedQueryShape } from "./work-shapes.ts";

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

function tellMatter(desk: Desk, call: Call, matter: Matter): Matter {
  return {
    ...matter,
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
export function getAwaited(desk: Desk, call: Call): Response {
  const asked = tryShape(awaitedQueryShape, Object.fromEntries(call.url.searchParams));
  if (!asked.success) throw new Fault("REQUEST_INVALID", "say overdue=true, or of= an agency, or nothing");
  const { overdue, of } = asked.data;
  const lines = workOf(desk).awaited({ overdue: overdue === "true" });
  const told = lines.filter((line) => (of === undefined || line.of === of) && isTold(desk, call, line.opening));
  call.record.count(told.length);
  return renderAnswer({ items: told });
} // prettier-ignore
