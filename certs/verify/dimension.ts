import type { FaultCode } from "../../schemas/ground/index.ts";
import { refusalOf } from "./answer.ts";

/** One thing that was looked at on its own: it holds, it does not, or it could not be asked and why. */
export type Dimension =
  | { readonly holds: true }
  | { readonly holds: false; readonly code: FaultCode; readonly detail?: string | undefined }
  | { readonly holds: null; readonly reason: string };

/** What a check says: nothing that it holds, a reason that it could not be asked. */
export type Check = () => string | undefined | void;

/** Makes a check into an answer. Never throws. */
export function checkDimension(check: Check): Dimension {
  try {
    const reason = check();
    return typeof reason === "string" ? { holds: null, reason } : { holds: true };
  } catch (error) {
    const { code, detail } = refusalOf(error);
    return { holds: false, code, detail };
  }
}

/** The first of them that does not hold. */
export function findRefused(
  dimensions: readonly Dimension[],
): (Dimension & { readonly holds: false }) | undefined {
  return dimensions.find((one) => one.holds === false);
}
