import { Fault, type FaultCode, isFault } from "../../schemas/ground/index.ts";

import type { Reason } from "./names.ts";

/** The answer to one question: yes, no and by which code, or that it could not be asked and why. */
export type Verdict =
  | { readonly says: "YES"; readonly reason?: Reason | undefined; readonly detail?: string | undefined }
  | { readonly says: "NO"; readonly code: FaultCode; readonly detail?: string | undefined }
  | { readonly says: "UNKNOWN"; readonly reason: Reason; readonly detail?: string | undefined }; // prettier-ignore

/** It holds; a reason says how far. */
export function holds(reason?: Reason): Verdict {
  return reason === undefined ? { says: "YES" } : { says: "YES", reason };
}

/** It could not be asked. */
export function cannotSay(reason: Reason, detail?: string): Verdict {
  return { says: "UNKNOWN", reason, ...(detail === undefined ? {} : { detail }) };
}

/** Makes a check into its verdict: what throws a Fault says no. Never throws. */
export function giveVerdict(check: () => Verdict): Verdict {
  try {
    return check();
  } catch (error) {
    const fault = isFault(error) ? error : new Fault("INTERNAL", "it could not be judged");
    return { says: "NO", code: fault.code, detail: fault.detail };
  }
}
