import type { EpochMs } from "../../schemas/ground/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { figureTypes } from "./read-tables.ts";

/** What a seat of oversight needs: figures, and the keys of what is sealed, which gateways send each other. */
const needed: ReadonlySet<string> = new Set([...figureTypes, "statistics.*", "key.*"]);

/**
 * The types that the register lets an agency read beyond what a seat of oversight needs, in any community or by name. None
 * is what is promised of a seat: that it has nothing to read.
 */
export function findWider(
  register: Pick<RegisterView, "recs" | "mandates">,
  agency: string,
  now: EpochMs,
): readonly string[] {
  const lines = [...register.recs, "direct"].flatMap((scope) =>
    register.mandates(agency, "READ", scope),
  );
  const inForce = lines.filter(({ from, until }) => from <= now && (until === undefined || now < until)); // prettier-ignore
  const types = inForce.flatMap((line) => line.types).filter((type) => !needed.has(type));
  return [...new Set(types)].toSorted();
}
