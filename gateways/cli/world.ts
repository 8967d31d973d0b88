import type { Chance, Clock } from "../../schemas/ground/index.ts";

/** Everything a command may touch. */
export interface World {
  /** Arguments after the command's own name. */
  readonly args: readonly string[];
  readonly version: string;
  /** The folder from which files and contexts are looked for. */
  readonly cwd: string;
  /** The context named by the environment, if any. */
  readonly context?: string;
  /** Results; exactly as given, nothing is added. */
  readonly out: (text: string) => void;
  /** Talk: progress, hints, errors. */
  readonly err: (text: string) => void;
  /** Whether a person watches the talk on a screen that may be redrawn; results are never coloured. */
  readonly isWatched: boolean;
  readonly stdin: () => Promise<string>;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Aborted when the person wants to stop. */
  readonly signal: AbortSignal;
}
