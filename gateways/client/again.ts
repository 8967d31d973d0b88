import { setTimeout as sleep } from "node:timers/promises";

import { ProblemError } from "./problem-error.ts";

const tries = 6;
/** Before the first other try. */
export const firstWaitMs = 500;

/** Whether another try may come good. */
export function mayComeLater(error: unknown): boolean {
  // a connection that broke is a TypeError of fetch
  return error instanceof ProblemError ? error.retry === "later" : error instanceof TypeError;
}

/** Does it again, ever later, while it may still come good: a no that says "later", or a connection that broke. */
export async function again<T>(act: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await act();
    } catch (error) {
      if (tried >= tries || !mayComeLater(error)) throw error;
      const said = error instanceof ProblemError ? error.retryAfter : undefined;
      await sleep(said === undefined ? firstWaitMs * 2 ** tried : said * 1_000);
    }
  }
}

/** Every no was thrown before: what is not there is a success without a body, which these paths do not have. */
export function had<T>(data: T | undefined): T {
  if (data !== undefined) return data;
  throw new TypeError("the answer has no body");
}
