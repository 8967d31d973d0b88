import type { Caller } from "../people/index.ts";
import type { WebhookRow } from "../store/index.ts";
import type { HookParts } from "./parts.ts";
import { type HookRows, type HookWishes, rowsOf, showHook, type ShownHook } from "./rows.ts";

/** An act that is only tried. */
export type HookTrial =
  | { readonly act: "ADD"; readonly given: HookWishes["add"] }
  | { readonly act: "CHANGE"; readonly given: HookWishes["change"] }
  | { readonly act: "ROTATE"; readonly given: HookWishes["rotate"] }
  | { readonly act: "REPLAY"; readonly given: HookWishes["replay"] }
  | { readonly act: "REMOVE"; readonly given: { readonly id: string } };

/** What an act would change: a webhook as it stands, and as it would. */
export interface HookTried {
  readonly before?: ShownHook | undefined;
  readonly after?: ShownHook | undefined;
  /** By how many changes it would go on from elsewhere: back by as many when below zero, and past them untold above. */
  readonly moved: number;
}

function addedTo(rows: HookRows, given: HookWishes["add"]): WebhookRow {
  const row = rows.added(given);
  rows.checkCount();
  return row;
}

function afterOf(rows: HookRows, trial: HookTrial): WebhookRow | undefined {
  if (trial.act === "ADD") return addedTo(rows, trial.given);
  if (trial.act === "CHANGE") return rows.changed(trial.given);
  if (trial.act === "ROTATE") return rows.rotated(trial.given);
  return trial.act === "REPLAY" ? rows.replayed(trial.given) : undefined;
}

/**
 * What an act of a caller would come to. It is judged as the act is, and nothing is written, called or woken.
 *
 * @throws {Fault} as the act
 */
export function tryHook(parts: HookParts, caller: Caller, trial: HookTrial): HookTried {
  const rows = rowsOf(parts, caller);
  const after = afterOf(rows, trial);
  const before = trial.act === "ADD" ? undefined : rows.find(trial.given.id);
  const now = parts.clock.now();
  const isMoved = before !== undefined && after !== undefined;
  return {
    before: before && showHook(before, now),
    after: after && showHook(after, now),
    moved: isMoved ? after.position - before.position : 0,
  };
}
