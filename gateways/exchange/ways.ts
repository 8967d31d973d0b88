import type { Draft } from "../release/index.ts";
import { checkHubs } from "./hubs.ts";
import type { Office } from "./office.ts";

/** Refuses mail to somebody whom no hub carries it to and no relay. @throws {Fault} as `checkHubs` */
export function checkWays(
  { register, agency: sender, clock }: Pick<Office, "register" | "agency" | "clock">,
  { header, audience: recipients, type }: Pick<Draft, "header" | "audience" | "type">,
): void {
  const { scope, handling } = header;
  if (scope !== "DIRECT") return;
  checkHubs(register(), { sender, recipients, type, handling }, clock.now());
}
