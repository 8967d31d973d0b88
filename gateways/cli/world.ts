import type { Bytes, Chance, Clock } from "../../schemas/ground/index.ts";
import type { Verb } from "./start.ts";

/** A register in a file, by names as a person gave them. */
export interface RegisterFile {
  readonly register: string;
  readonly root?: string | undefined;
  /** The moment that is asked about, as RFC 3339; now unless said. */
  readonly time?: string | undefined;
}

/** What a gateway's own reading says of its folder. */
export interface ConfigSeen {
  readonly problems: readonly {
    readonly field: string;
    readonly code: string;
    /** What kind of wrong it is; sentences of other languages name the facts. */
    readonly kind: string;
    readonly facts: Readonly<Record<string, string | number>>;
    readonly says: string;
    readonly fix: string;
  }[];
  /** What it says, without secrets. */
  readonly shown?: unknown;
}

/** Everything a command may touch. */
export interface World {
  /** Arguments after the command's own name. */
  readonly args: readonly string[];
  readonly version: string;
  /** The folder from which files and contexts are looked for. */
  readonly cwd: string;
  /** The context named by the environment, if any. */
  readonly context?: string;
  /** Where a person's own settings lie: `~/.config`, or what XDG_CONFIG_HOME names. */
  readonly configHome?: string;
  /** Results; exactly as given, nothing is added. */
  readonly out: (text: string) => void;
  /** Talk: progress, hints, errors. */
  readonly err: (text: string) => void;
  /** Whether a person watches the talk on a screen that may be redrawn; results are never coloured. */
  readonly isWatched: boolean;
  readonly stdin: () => Promise<string>;
  /** The same as it comes, for what is read line by line without end. */
  readonly input?: AsyncIterable<Bytes>;
  /** Results as `out` takes them; resolves when more may be written. */
  readonly write?: (text: string) => Promise<void>;
  /** Asks whoever sits there, without showing what is typed when it is secret; not there where nobody can be asked. */
  readonly ask?: (question: string, isSecret: boolean) => Promise<string>;
  /**
   * Answers a question about rights as a gateway would, from a register in a file, proved from the root that is named or
   * lies beside it. Not there where nobody composed it in.
   */
  readonly decideFromFile?: (file: RegisterFile, search: URLSearchParams) => unknown;
  /** Looks at a gateway's folder as the gateway would. Not there where nobody composed it in. */
  readonly seeConfig?: (dir: string) => Promise<ConfigSeen>;
  readonly fetch: typeof globalThis.fetch;
  /** The same, believing no other authority than these (PEM) of a server. */
  readonly fetchBelieving?: (authorities: string) => typeof globalThis.fetch;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Commands of other parts of the house, which stand beside ours under the same rules. */
  readonly verbs?: readonly Verb[];
  /** Aborted when the person wants to stop. */
  readonly signal: AbortSignal;
}
