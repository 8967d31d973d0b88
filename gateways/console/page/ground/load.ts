import { type Signal, useSignal } from "@preact/signals";
import { useCallback, useEffect, useRef } from "preact/hooks";

import { now } from "./clock.ts";
import { beginRequest } from "./quiet.ts";
import { reached } from "./reach.ts";

/** Something of the gateway on its way: what one has of it, and what went wrong with the last try. What one has stays. */
export interface Loaded<T> {
  readonly value?: T;
  readonly error?: unknown;
  readonly isLoading: boolean;
  /** Whether the person would not wait any longer. */
  readonly isGivenUp?: true;
  /** When `value` came, in milliseconds since 1970. */
  readonly at?: number;
}

/** What a screen loads, and how it is asked for again. */
export interface Loading<T> {
  readonly state: Signal<Loaded<T>>;
  readonly again: () => void;
  /** Waits no longer for what is on its way. */
  readonly giveUp: () => void;
}

/**
 * Loads something when the screen is shown, when `key` changes, and whenever it is asked to. A try that is overtaken counts no more.
 */
export function useLoad<T>(key: string, load: () => Promise<T>): Loading<T> {
  const state = useSignal<Loaded<T>>({ isLoading: true });
  const turn = useSignal(0);
  const current = useRef({ isOver: false });
  const again = useCallback(() => {
    turn.value = turn.peek() + 1;
  }, []);
  const giveUp = useCallback(() => {
    current.current.isOver = true;
    state.value = { ...state.peek(), isLoading: false, isGivenUp: true };
  }, []);
  useEffect(() => {
    let wasUp = reached.peek().isUp;
    // what failed while nothing was reached is tried again as soon as something is
    return reached.subscribe(({ isUp }) => {
      if (isUp && !wasUp && state.peek().error !== undefined) again();
      wasUp = isUp;
    });
  }, []);
  useEffect(() => {
    const own = { isOver: false };
    current.current = own;
    const { isGivenUp: _, ...had } = state.peek();
    state.value = { ...had, isLoading: true };
    const end = beginRequest();
    const settle = (next: Loaded<T>): void => {
      if (!own.isOver) state.value = next;
      end();
    };
    load().then(
      (value) => settle({ value, isLoading: false, at: now() }),
      (error: unknown) => settle({ ...state.peek(), error, isLoading: false }),
    );
    return () => {
      own.isOver = true;
    };
  }, [key, turn.value]);
  return { state, again, giveUp };
}
