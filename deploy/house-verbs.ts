import type { Verb } from "../gateways/cli/index.ts";

/** The commands that need more than a gateway's room, under the rules of all: offices, a hub, a verifier, a witness, a played country. */
export const houseVerbs: readonly Verb[] = [
  [["hub"], async () => (await import("./hub-command.ts")).addHub],
  [["verify"], async () => (await import("./verify-command.ts")).addVerify],
  [["authority"], async () => (await import("./office/index.ts")).addAuthority],
  [["join"], async () => (await import("./join/index.ts")).addJoin],
  [["register"], async () => (await import("./office/index.ts")).addRegister],
  [["revoke"], async () => (await import("./office/index.ts")).addRevoke],
  [["log"], async () => (await import("./auditor/index.ts")).addLog],
  [["oversight"], async () => (await import("./auditor/index.ts")).addRecount],
  [["witness"], async () => (await import("./witness/index.ts")).addWitness],
  [["simulate"], async () => (await import("./simulate/index.ts")).addSimulate],
];
