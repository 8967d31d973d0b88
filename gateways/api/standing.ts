import type { ListQuery, MessagePage } from "../exchange/index.ts";
import { sightOf, visibleTo } from "../people/index.ts";
import type { WorkDesk } from "../work/index.ts";
import type { Call, Desk } from "./call.ts";

type Awaited = ReturnType<WorkDesk["awaited"]>[number];

/** A list as one caller may see it; of a page that shows several, the record tells what was asked and not each. */
export function listSeen({ exchange }: Desk, { caller, purpose }: Pick<Call, "caller" | "purpose">, query: ListQuery): MessagePage {
  return exchange.list({ ...query, sight: sightOf(caller), purpose });
} // prettier-ignore

/** How many messages of others came since a moment. */
export function countCame(desk: Desk, call: Call, since: number): NonNullable<MessagePage["count"]> {
  const { count } = listSeen(desk, call, { box: "in", since, limit: 1, isCounted: true });
  return count ?? { messages: 0, isMore: false };
} // prettier-ignore

/** What is awaited of us and late, of messages that the caller may see. */
export function listOverdue({ services, exchange }: Desk, { caller }: Call): readonly Awaited[] {
  const late = services?.work?.awaited({ overdue: true }) ?? [];
  return late.filter(({ of, opening }) => {
    const seen = of === exchange.agency ? exchange.glance(opening) : undefined;
    return seen !== undefined && visibleTo(caller, seen);
  });
}

/** What waits for a second officer and is not the caller's own. */
export function countApprovals({ services }: Desk, { caller }: Call): number {
  if (!caller.roles.has("approver")) return 0;
  const waiting = services?.releases?.list(caller, "WAITING") ?? [];
  return waiting.filter(({ maker, writers }) => maker !== caller.id && !writers.includes(caller.id)).length;
} // prettier-ignore
