import { type ReadonlySignal, signal } from "@preact/signals";

import { stir } from "./live.ts";
import type { WordId } from "./words.ts";

/** What was just done and can be taken back as long as it has not left. */
export interface Undoable {
  /** What is said of it; told `n`. */
  readonly word: WordId;
  readonly n?: number;
  /** @throws {Refusal} where it is too late */
  readonly undo: () => Promise<void>;
}

const last = signal<Undoable | undefined>(undefined);

/** The last act that can be taken back. No time ends the offer: the gateway says when it is too late. */
export const undoable: ReadonlySignal<Undoable | undefined> = last;

/** Offers to take an act back, in the place of the one before. */
export function offerUndo(act: Undoable): void {
  last.value = act;
}

/** Offers it no more. */
export function dropUndo(): void {
  last.value = undefined;
}

/** Takes the last act back. @throws {Refusal} where it is too late */
export async function undoLast(): Promise<void> {
  await last.value?.undo();
  last.value = undefined;
  stir();
}
