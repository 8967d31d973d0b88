import { z } from "zod";

import type { InnerHeader } from "../../schemas/index.ts";
import { Fault, tryShape, type Violation } from "../../schemas/ground/index.ts";

const code = z.string().min(1).max(60);

/** What `ceiling` of `gateway.json` may say. */
export const ceilingShape = z.strictObject({
  /** The strictest handling code that this machine may carry; H3 when left out. */
  handling: z.enum(["H0", "H1", "H2", "H3"]).optional(),
  /** Classifications that it may carry, by their scheme; none but UNCLASSIFIED when left out. */
  classifications: z
    .array(z.strictObject({ scheme: code, codes: z.array(code).min(1).max(20) }))
    .max(20)
    .optional(),
});

/** What a deployment may carry, as its operator was cleared for. */
export type Ceiling = z.infer<typeof ceilingShape>;

/** A message as far as a ceiling looks at it. */
interface Carried {
  readonly handling: string;
  readonly inner: Pick<InnerHeader, "classification">;
}

/** In every scheme: nobody's permission is needed. */
const open = "UNCLASSIFIED";

function isCleared({ classification }: Carried["inner"], { classifications = [] }: Ceiling): boolean {
  if (classification === undefined || classification.code === open) return true;
  const { scheme, code: level } = classification;
  return classifications.some((one) => one.scheme === scheme && one.codes.includes(level));
} // prettier-ignore

/**
 * What of a message is above what this deployment may carry: a machine in an office that nobody cleared holds nothing
 * classified, whoever sends it there (domain.md T37). Unclassified first: what the operator does not name is above.
 */
export function findAboveCeiling(said: Carried, ceiling: Ceiling = {}): readonly Violation[] {
  const found: Violation[] = [];
  const { handling: most = "H3" } = ceiling;
  if (said.handling > most) {
    const message = `handling: this gateway may carry messages up to ${most}; send it from one that may carry more`;
    found.push({ path: "/handling", code: "DEPLOYMENT_CEILING", message });
  }
  if (!isCleared(said.inner, ceiling)) {
    const message = "classification: this gateway is not cleared for it; send it from one that is, or unclassified";
    found.push({ path: "/inner/classification", code: "DEPLOYMENT_CEILING", message });
  }
  return found;
} // prettier-ignore

/** @throws {Fault} DEPLOYMENT_CEILING when a message that came is above what this deployment may carry */
export function checkCeiling(came: Carried, ceiling: Ceiling | undefined): void {
  const [first] = findAboveCeiling(came, ceiling);
  if (first === undefined) return;
  const { path } = first;
  throw new Fault("DEPLOYMENT_CEILING", `${path} is above what this gateway may carry; ask its sender to send it to one that may`);
} // prettier-ignore

const claimShape = z.looseObject({
  handling: z.enum(["H0", "H1", "H2", "H3"]).catch("H0").default("H0"),
  inner: z.looseObject({ classification: z.unknown() }).catch({ classification: undefined }).optional(),
}); // prettier-ignore
const levelShape = z.looseObject({ scheme: z.string().catch("").default(""), code: z.string() });

/**
 * What a text that is not whole yet claims above what this deployment may carry, read as far as it can be: what is only being
 * written lies on the machine as well.
 */
export function findClaimedAbove(json: unknown, ceiling: Ceiling | undefined): readonly Violation[] {
  const claim = tryShape(claimShape, json);
  if (!claim.success) return [];
  const { handling, inner } = claim.data;
  const level = tryShape(levelShape, inner?.classification);
  const classification = level.success ? { scheme: level.data.scheme, code: level.data.code, mapped: [] } : undefined;
  return findAboveCeiling({ handling, inner: { classification } }, ceiling);
} // prettier-ignore
