import { bodyCodecs } from "../../schemas/index.ts";
import type { Draft } from "../release/index.ts";
import { listAttachments } from "./find-attachments.ts";
import { checkHubs } from "./hubs.ts";
import type { Office } from "./office.ts";

/** Whether files travel with it; one that is only spoken of does not. */
function carriesFiles({ type, bodyBytes }: Pick<Draft, "type" | "bodyBytes">): boolean {
  return listAttachments(type, bodyCodecs[type].decode(bodyBytes)).some(({ manifest }) => manifest !== undefined);
} // prettier-ignore

/** Refuses mail to somebody whom no hub carries it to and no relay, and files where a relay does. @throws {Fault} as `checkHubs` */
export function checkWays(
  { register, agency: sender, clock }: Pick<Office, "register" | "agency" | "clock">,
  { header, audience: recipients, type, bodyBytes }: Pick<Draft, "header" | "audience" | "type" | "bodyBytes">,
): void {
  const { scope, handling } = header;
  if (scope !== "DIRECT") return;
  const hasFiles = carriesFiles({ type, bodyBytes });
  checkHubs(register(), { sender, recipients, type, handling, hasFiles }, clock.now());
} // prettier-ignore
