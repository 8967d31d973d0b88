import type { Sight } from "../exchange/index.ts";
import type { Change, WebhookRow } from "../store/index.ts";
import { type HookEvent, renderChangeEvent, renderCutEvent } from "./event.ts";
import type { HookParts } from "./parts.ts";
import { makeTally, type Tally } from "./tally.ts";
import { tryEvent } from "./try.ts";
import { matchChange, parseWish, sightOfHook } from "./wish.ts";

/** Lines of the log looked at in one go: few where the next is wanted, as it mostly is. */
const scanSizes = [8, 500] as const;
/** Lines that are none of a webhook's before that is written down; looked at again at most. */
const idleLines = 200;

/** What a webhook is told next, and where it stands once it was. */
interface Next {
  readonly event?: HookEvent;
  readonly position: number;
  readonly hasMore: boolean;
}

function findNext({ store, clock }: HookParts, hook: WebhookRow, sight: Sight): Next {
  const { changes } = store;
  const begin = changes.begin().position;
  if (hook.position < begin) {
    return { event: renderCutEvent(hook.id, begin, clock.now()), position: begin, hasMore: true };
  }
  const wish = parseWish(hook);
  let lines: readonly Change[] = [];
  for (const size of scanSizes) {
    lines = changes.after(hook.position, size);
    for (const line of lines) {
      const matched = matchChange(store, line, { wish, sight });
      if (matched === undefined) continue;
      const event = renderChangeEvent(matched.change, matched.message);
      return { event, position: line.position, hasMore: true };
    }
    if (lines.length < size) break;
  }
  const position = lines.at(-1)?.position ?? hook.position;
  return { position, hasMore: lines.length === scanSizes[1] };
}

async function disable({ store, log }: HookParts, { id }: WebhookRow): Promise<void> {
  await store.write(() => {
    const row = store.webhooks.get(id);
    if (row !== undefined) store.webhooks.put({ ...row, state: "DISABLED", reason: "OWNER" });
  });
  log.warn("a webhook is disabled", { code: "ROLE_MISSING" });
}

/** Tells it the next event; false when there is none, or it was not taken. */
async function deliverNext(parts: HookParts, tally: Tally): Promise<boolean> {
  const { store, clock, signal } = parts;
  const hook = tally.hook();
  if (hook?.state !== "ACTIVE" || hook.nextAt > clock.now()) return false;
  const sight = sightOfHook(store, hook);
  if (sight === undefined) {
    await disable(parts, hook);
    return false;
  }
  const { event, position, hasMore } = findNext(parts, hook, sight);
  if (event === undefined) {
    if (hasMore || position - hook.position >= idleLines) await tally.passed(position);
    return hasMore;
  }
  const tried = await tryEvent(parts, hook, event);
  // cut off by us: it was not told, and nothing was its fault
  if (signal.aborted && tried.code !== undefined) return false;
  await (tried.code === undefined ? tally.took(position, tried) : tally.missed(tried));
  return tried.code === undefined;
}

/**
 * Tells one webhook what it was not told yet, one event after another, until there is no more or one is not taken. At no
 * time is more than one event of it in memory, however many wait.
 */
export async function deliver(parts: HookParts, id: string): Promise<void> {
  const tally = makeTally(parts, id);
  try {
    while (!parts.signal.aborted && (await deliverNext(parts, tally)));
  } finally {
    await tally.flush();
  }
}
