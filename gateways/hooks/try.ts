import { type FaultCode, isFault, toFault } from "../../schemas/ground/index.ts";
import type { WebhookAttempt, WebhookRow } from "../store/index.ts";
import { type HookEvent, signEvent } from "./event.ts";
import type { HookParts } from "./parts.ts";
import { parseRetryAfter } from "./schedule.ts";

/** How one try went. */
export interface Tried extends Omit<WebhookAttempt, "seq"> {
  readonly code?: FaultCode | undefined;
  /** Milliseconds that the receiver asks us to stay away. */
  readonly stayAway?: number | undefined;
}

/** Hands one event to the receiver of a webhook, once. Everything that may go wrong is in the answer. */
export async function tryEvent(parts: HookParts, hook: WebhookRow, event: HookEvent): Promise<Tried> {
  const { egress, callOut, clock, signal } = parts;
  const at = clock.now();
  const begun = clock.elapsed();
  const done = (): { readonly event: string; readonly at: number; readonly ms: number } => ({
    event: event.id,
    at,
    ms: Math.round(clock.elapsed() - begun),
  });
  try {
    const target = await egress.find(hook.url);
    const headers = signEvent(hook, event, at);
    const { status, retryAfter } = await callOut.post({ target, headers, body: event.body, signal });
    if (status >= 200 && status < 300) return { ...done(), status };
    const stayAway = parseRetryAfter(retryAfter, at);
    return { ...done(), status, code: "WEBHOOK_NOT_TAKEN", stayAway };
  } catch (error) {
    if (!isFault(error)) parts.log.error("a webhook was not called", { code: "INTERNAL" });
    return { ...done(), code: toFault(error, "INTERNAL").code };
  }
} // prettier-ignore
