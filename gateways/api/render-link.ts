import { renderInstant } from "../../schemas/index.ts";
import type { HubWay, WaitingView } from "../exchange/index.ts";

/** The way to the hub in JSON; times are RFC 3339. */
export function renderWay(way: HubWay): Record<string, unknown> {
  const { since, lastContactAt, lastFailure, nextTryAt, stopped, ...rest } = way;
  return {
    ...rest,
    ...(since === undefined ? {} : { since: renderInstant(since) }),
    ...(lastContactAt === undefined ? {} : { lastContactAt: renderInstant(lastContactAt) }),
    ...(lastFailure === undefined
      ? {}
      : { lastFailure: { ...lastFailure, at: renderInstant(lastFailure.at) } }),
    ...(nextTryAt === undefined ? {} : { nextTryAt: renderInstant(nextTryAt) }),
    ...(stopped === undefined
      ? {}
      : { stopped: { ...stopped, since: renderInstant(stopped.since) } }),
  };
}

/** What waits in JSON; times are RFC 3339. */
export function renderQueue({ byUrgency, ...rest }: WaitingView): Record<string, unknown> {
  const lines = byUrgency.map((line) => ({ ...line, oldestAt: renderInstant(line.oldestAt) }));
  return { ...rest, byUrgency: lines };
}
