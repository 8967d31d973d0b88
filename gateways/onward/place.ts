import type { RegisterView } from "../../certs/trust/index.ts";
import type { Clock } from "../../schemas/ground/index.ts";
import type { Recipient } from "../../schemas/work/index.ts";
import type { Store } from "../store/index.ts";

/** Where the use of others' messages is judged. */
export interface OnwardPlace {
  readonly agency: string;
  readonly store: Store;
  register(): RegisterView;
  readonly clock: Clock;
}

/** An agency as consents name it: by itself, or by its kind and its state. */
export function recipientOf({ register }: Pick<OnwardPlace, "register">, agency: string): Recipient {
  const known = register().agency(agency);
  const [state = ""] = agency.split("/", 1);
  return { agency, agencyKind: known?.kind, country: state.toUpperCase() };
} // prettier-ignore
