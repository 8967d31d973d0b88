import type { Kept } from "../../certs/trust/index.ts";

/** As a gateway that holds no message which is kept from anyone. */
export function keptFromNobody(): Kept {
  return { states: [], agencies: [] };
}
