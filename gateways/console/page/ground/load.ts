import { type Signal, useSignal } from "@preact/signals";
import { useCallback, useEffect } from "preact/hooks";

import { now } from "./clock.ts";

/** Something of the gateway on its way: what one has of it, and what went wrong with the last try. What one has stays. */
export interface Loaded<T> {
  readonly value?: T;
  readonly error?: unknown;
  readonly isLoading: boolean;
  /** When `value` came, in milliseconds since 1970. */
  readonly at?: number;
}

/** What a screen loads, and how it is asked for again. */
export interface Loading<T> {
  readonly state: Signal<Loaded<T>>;
  readonly again: () => void;
}

/**
 * Loads something when the screen is shown, when `key` changes, and whenever it is asked to. A try that is overtaken counts no more.
 */
export function useLoad<T>(key: string, load: () => Promise<T>): Loading<T> {
  const state = useSignal<Loaded<T>>({ isLoading: true });
  const turn = useSignal(0);
  const again = useCallback(() => {
    turn.value = turn.peek() + 1;
  }, []);
  useEffect(() => {
    let isOver = false;
    state.value = { ...state.peek(), isLoading: true };
    const settle = (next: Loaded<T>): void => {
      if (!isOver) state.value = next;
    };
    load().then(
      (value) => settle({ value, isLoading: false, at: now() }),
      (error: unknown) => settle({ ...state.peek(), error, isLoading: false }),
    );
    return () => {
      isOver = true;
    };
  }, [key, turn.value]);
  return { state, again };
}
