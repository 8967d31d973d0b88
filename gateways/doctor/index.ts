/**
 * Finds what keeps a gateway from its work, and says what to do, in six languages.
 *
 * Promises: looks at a gateway that runs and at one that does not; changes nothing; what is wrong becomes a finding
 * and never an exception; a finding names files, hosts and times, never keys or content. Trusts the folder's own root
 * of the register and nothing a server answers. Start at `examine.ts`; what there is to find stands in `finding.ts`.
 */
export type { GatewayFace } from "./check-gateway.ts";
export { type DoctorDesk, type Examined, makeDoctorDesk } from "./desk.ts";
export { examine, type Patient } from "./examine.ts";
export * from "./finding.ts";
export type { Probes } from "./probes.ts";
export { makeSystemProbes } from "./system-probes.ts";
export { type SaidFinding, sayFinding } from "./words.ts";
