import { renderInstant } from "../../schemas/index.ts";
import { renderQueue, renderWay } from "./render-link.ts";
import { renderLogStanding } from "./render-log-standing.ts";
import type {
  CarriedBy,
  ExchangeStatus,
  MessageDetail,
  MessageSummary,
  Rung,
  ShownLogProof,
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

function renderProof({ leafAt, provedAt, cosignedAt, ...proof }: ShownLogProof): Record<string, unknown> {
  const at = leafAt === undefined ? {} : { leafAt: renderInstant(leafAt) };
  const proved = provedAt === undefined ? {} : { provedAt: renderInstant(provedAt) };
  const cosigned = cosignedAt === undefined ? {} : { cosignedAt: renderInstant(cosignedAt) };
  return { ...proof, ...at, ...proved, ...cosigned };
} // prettier-ignore

/** A message in full in JSON; times are RFC 3339, the ladder in the order of its receipts. */
export function renderDetail(message: MessageDetail): Record<string, unknown> {
  const { carried, log, ...rest } = message;
  const marks = carried === undefined ? {} : { carried: carried.map(renderCarried) };
  const proofs = log === undefined ? {} : { log: log.map(renderProof) };
  return {
    ...rest,
    ...renderSummary(rest),
    ladder: rest.ladder.map(renderRung),
    ...marks,
    ...proofs,
  };
}

function renderStanding({ log }: Pick<ExchangeStatus, "log">): Record<string, unknown> {
  return log === undefined ? {} : { log: renderLogStanding(log) };
}

/** The gateway's state in JSON; times are RFC 3339. */
export function renderStatus(status: ExchangeStatus): Record<string, unknown> {
  const { lastContactAt, clockBehind, clockAhead, registerUse, certificates, ...rest } = status;
  return {
    ...rest,
    hub: renderWay(status.hub),
    hubs: status.hubs.map(({ hub, waiting, ...one }) => ({
      hub,
      waiting,
      ...renderWay(one),
      ...renderStanding(one),
    })),
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
    ...renderStanding(status),
  };
}
