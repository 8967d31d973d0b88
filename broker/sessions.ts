import { accountOf } from "../schemas/index.ts";
import { type EpochMs, type Fault, isFault } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { checkLink, type LinkClaim } from "./callout/index.ts";
import type { ServerControl, Session } from "./nats/index.ts";

/** A session that may not stand any more. */
export interface EndedSession {
  readonly session: Session;
  readonly agency: string;
  readonly fault: Fault;
}

/** Whose sessions stand, by the server's number of the connection. */
export type SessionOwners = ReadonlyMap<number, string>;

function faultOf(register: RegisterView, claim: LinkClaim, now: EpochMs): Fault | undefined {
  try {
    checkLink(register, claim, now);
    return undefined;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
}

/**
 * Closes the sessions of agencies that the register would not let in now. Reconnecting does not help them:
 * the callout asks the same register.
 *
 * @returns who was closed, and whose the others are
 */
export async function closeEndedSessions(
  control: ServerControl,
  register: RegisterView,
  now: EpochMs,
): Promise<{ ended: readonly EndedSession[]; owners: SessionOwners }> {
  const agencies = new Map(register.agencies.map(({ agency }) => [accountOf(agency), agency]));
  const owners = new Map<number, string>();
  const ended: EndedSession[] = [];
  for (const session of await control.sessions()) {
    const agency = agencies.get(session.account);
    if (agency === undefined) continue;
    const thumbprint = Buffer.from(session.fingerprint, "hex");
    const fault = faultOf(register, { agency, thumbprint }, now);
    owners.set(session.id, agency);
    if (fault === undefined) continue;
    await control.close(session);
    ended.push({ session, agency, fault });
  }
  return { ended, owners };
}
