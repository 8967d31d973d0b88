import { renderInstant } from "../../schemas/index.ts";
import type { ExchangeStatus, MessageDetail, MessageSummary, Rung } from "../exchange/index.ts";

/** A message of a list in JSON; times are RFC 3339. */
export function renderSummary(message: MessageSummary): Record<string, unknown> {
  return {
    ...message,
    createdAt: renderInstant(message.createdAt),
    expiresAt: renderInstant(message.expiresAt),
    storedAt: renderInstant(message.storedAt),
  };
}

function renderRung(rung: Rung): Record<string, unknown> {
  return { ...rung, at: renderInstant(rung.at) };
}

/** A message in full in JSON; times are RFC 3339, the ladder in the order of its receipts. */
export function renderDetail(message: MessageDetail): Record<string, unknown> {
  return { ...message, ...renderSummary(message), ladder: message.ladder.map(renderRung) };
}

/** The gateway's state in JSON; times are RFC 3339. */
export function renderStatus(status: ExchangeStatus): Record<string, unknown> {
  const { lastContactAt, clockBehind, registerUse, certificates, ...rest } = status;
  return {
    ...rest,
    registerExpiresAt: renderInstant(status.registerExpiresAt),
    registerUse: registerUse.map((use) => ({ ...use, until: renderInstant(use.until) })),
    ...(clockBehind === undefined ? {} : { clockBehind: renderInstant(clockBehind) }),
    certificates: certificates.map((end) => ({ ...end, notAfter: renderInstant(end.notAfter) })),
    ...(lastContactAt === undefined ? {} : { lastContactAt: renderInstant(lastContactAt) }),
  };
}
