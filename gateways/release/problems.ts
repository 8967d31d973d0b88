import { isFault, type Violation } from "../../schemas/ground/index.ts";

/** Everything found wrong with one submission, while it is read on. */
export interface Problems {
  readonly found: readonly Violation[];
  add(...violations: readonly Violation[]): void;
  /** What `act` returns; its faults are kept, their pointers placed under `at`. */
  attempt<T>(at: string | ((path: string) => string), act: () => T): T | undefined;
}

/** Starts a list of problems. */
export function makeProblems(): Problems {
  const found: Violation[] = [];
  return {
    found,
    add: (...violations) => void found.push(...violations),
    attempt: (at, act) => {
      const place = typeof at === "string" ? (path: string) => at + path : at;
      try {
        return act();
      } catch (error) {
        if (!isFault(error)) throw error;
        const { code, detail, violations } = error;
        const told = violations.length > 0 ? violations : [{ path: "", code, message: detail }];
        found.push(...told.map((one) => ({ ...one, path: place(one.path) })));
        return undefined;
      }
    },
  };
}
