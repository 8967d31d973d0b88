import type { RegisterView } from "../../certs/trust/index.ts";
import type { Clock } from "../../schemas/ground/index.ts";

/** An agency as the register says it, as far as those who address or report need it. */
export interface AgencyEntry {
  readonly agency: string;
  /** Code of AGENCY_KIND. */
  readonly kind: string;
  readonly authority: string;
  /** RECs its state is a member of now, in the register's order; none while it or its state is suspended. */
  readonly recs: readonly string[];
}

/** Who exists, and which communities a hub serves. Every call answers from the register held at that moment. */
export interface Directory {
  agencies(): readonly AgencyEntry[];
  /** RECs that some hub of the register serves. */
  servedRecs(): readonly string[];
}

/** Builds a directory over the register that `register` gives, which may be a newer one at each call. */
export function makeDirectory(register: () => RegisterView, clock: Clock): Directory {
  return {
    agencies: () => {
      const view = register();
      const at = clock.now();
      return view.agencies.map(({ agency, kind, authority, suspendedFrom }) => {
        const suspended = suspendedFrom !== undefined && suspendedFrom <= at;
        const recs = suspended
          ? []
          : view.recs.filter((rec) => view.membership(rec, authority, at) === "member");
        return { agency, kind, authority, recs };
      });
    },
    servedRecs: () => {
      const view = register();
      const served = new Set(view.hubs.flatMap((hub) => hub.recs));
      return view.recs.filter((rec) => served.has(rec));
    },
  };
}
