import { Refusal } from "./bytes.ts";
import type { CourtCase, CourtMessage } from "./case.ts";

/** An answer as the page shows it. */
export interface CourtVerdict {
  readonly says: "YES" | "NO" | "UNKNOWN";
  /** A fault code of a no; else a reason. */
  readonly why: string;
  readonly detail?: string;
}

/** It holds. */
export function yes(why = ""): CourtVerdict {
  return { says: "YES", why };
}

/** It could not be asked. */
export function unknown(why: string, detail = ""): CourtVerdict {
  return { says: "UNKNOWN", why, detail };
}

/** Makes a check into its answer; what refuses says no. */
export async function judgeOne(check: () => Promise<CourtVerdict>): Promise<CourtVerdict> {
  try {
    return await check();
  } catch (error) {
    return { says: "NO", why: error instanceof Refusal ? error.code : "EVIDENCE_INVALID" };
  }
}

/** Answers what is asked of the message, or says that the file holds none. */
export async function ofCourtMessage(
  one: CourtCase,
  ask: (message: CourtMessage) => Promise<CourtVerdict>,
): Promise<CourtVerdict> {
  const message = one.message();
  return message === undefined ? unknown("CONTENT_ABSENT") : await ask(message);
}
