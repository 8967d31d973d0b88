import { renderInstant } from "../../schemas/index.ts";
import { renderQueue, renderWay } from "./render-link.ts";
import type {
  CarriedBy,
  ExchangeStatus,
  MessageDetail,
  MessageSummary,
  Rung,
} from "../exchange/index.ts";

/** A message of a list in JSON; times are RFC 3339. */
export function renderSummary(message: MessageSummary): Record<string, unknown> {
  const { dueAt } = message;
  return {
    ...message,
    createdAt: renderInstant(message.createdAt),
    expiresAt: renderInstant(message.expiresAt),
    storedAt: renderInstant(message.storedAt),
    ...(dueAt === undefined ? {} : { dueAt: renderInstant(dueAt) }),
  };
}

function renderRung(rung: Rung): Record<string, unknown> {
  return { ...rung, at: renderInstant(rung.at) };
}

function renderCarried({ agency, at, hubAt }: CarriedBy): Record<string, unknown> {
  const hub = hubAt === undefined ? {} : { hubAt: renderInstant(hubAt) };
  return { agency, at: renderInstant(at), ...hub };
}

/** A message in full in JSON; times are RFC 3339, the ladder in the order of its receipts. */
export function renderDetail(message: MessageDetail): Record<string, unknown> {
  const { carried, ...rest } = message;
  const marks = carried === undefined ? {} : { carried: carried.map(renderCarried) };
  return { ...rest, ...renderSummary(rest), ladder: rest.ladder.map(renderRung), ...marks };
}

/** The gateway's state in JSON; times are RFC 3339. */
export function renderStatus(status: ExchangeStatus): Record<string, unknown> {
  const { lastContactAt, clockBehind, clockAhead, registerUse, certificates, ...rest } = status;
  return {
    ...rest,
    hub: renderWay(status.hub),
    queue: renderQueue(status.queue),
    registerExpiresAt: renderInstant(status.registerExpiresAt),
    registerUse: registerUse.map(({ alone, ...use }) => ({
      ...use,
      until: renderInstant(use.until),
      alone: { ...alone, until: renderInstant(alone.until) },
    })),
    ...(clockBehind === undefined ? {} : { clockBehind: renderInstant(clockBehind) }),
    ...(clockAhead === undefined ? {} : { clockAhead: renderInstant(clockAhead) }),
    certificates: certificates.map((end) => ({ ...end, notAfter: renderInstant(end.notAfter) })),
    ...(lastContactAt === undefined ? {} : { lastContactAt: renderInstant(lastContactAt) }),
  };
}
