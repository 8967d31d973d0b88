import { type FaultCode, isFault } from "../../schemas/ground/index.ts";
import { type EncodedQuestion, verifyPath } from "../../certs/trust/index.ts";

/** The code of the fault that `act` ends with; "accepted" when it ends well. Throws on what is no fault. */
export function codeOf(act: () => unknown): FaultCode | "accepted" {
  try {
    act();
    return "accepted";
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

/** The code that `verifyPath` refuses with, or "accepted". */
export function codeOfPath(question: EncodedQuestion): FaultCode | "accepted" {
  const answer = verifyPath(question);
  return answer.ok ? "accepted" : answer.code;
}
