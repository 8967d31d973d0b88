import type { Chance, Clock, Log } from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import type { Store } from "../store/index.ts";
import type { KeyHolder } from "./keys.ts";

/** What inspections work with. */
export interface InspectionParts {
  readonly agency: string;
  readonly store: Pick<Store, "inspections" | "messages" | "threads" | "people" | "audit" | "logActs" | "logHeads" | "write">;
  readonly signer: Pick<Signer, "signer" | "sign">;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Adds a line to the record, inside the write that is under way. */
  readonly note: (line: { readonly who: string; readonly act: "INSPECTION_DECLINED" | "INSPECTION_CLOSED"; readonly object: string; readonly outcome?: string }) => void;
} // prettier-ignore

/** An act on an inspection, and who does it. */
export interface InspectionAct {
  readonly caller: KeyHolder;
  readonly id: string;
  /** Called inside the write of the act, with whether it was open when it was done, and the digest of its terms as it opens. */
  readonly also?: ((id: string, told?: { readonly wasOpen?: boolean; readonly digest?: string }) => void) | undefined;
} // prettier-ignore
