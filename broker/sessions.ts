import { accountOf } from "../schemas/index.ts";
import { type EpochMs, Fault, isFault, sameBytes } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { checkLink, type LinkClaim } from "./callout/index.ts";
import { hubAccounts, type ServerControl, type Session } from "./nats/index.ts";

/** A session that may not stand any more. */
export interface EndedSession {
  readonly session: Session;
  readonly agency: string;
  readonly fault: Fault;
}

/** Whose sessions stand, by server and the server's number of the connection; see `connectionKey`. */
export type SessionOwners = ReadonlyMap<string, string>;

/** What tells a connection from all others of a hub: each server counts its own. */
export function connectionKey(server: string, connection: number): string {
  return `${server} ${connection}`;
}

function faultOf(register: RegisterView, claim: LinkClaim, now: EpochMs): Fault | undefined {
  try {
    checkLink(register, claim, now);
    return undefined;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
}

const ownAccounts: readonly string[] = Object.values(hubAccounts);

/**
 * The hub's own accounts are for its own certificates, whatever login was given to somebody else for them. One
 * that the register names and that is past its time is let be: the hub would close itself.
 */
function foreignFault(
  register: RegisterView,
  hub: string,
  thumbprint: Uint8Array,
): Fault | undefined {
  const own = register.agency(hub)?.certificates ?? [];
  if (own.some((one) => one.kind === "LINK" && sameBytes(one.thumbprint, thumbprint)))
    return undefined;
  return new Fault("CERT_UNKNOWN", "a session in the hub's own account is not the hub's");
}

/**
 * Closes the sessions of agencies that the register would not let in now, and those in the hub's own accounts that
 * are not the hub's. Reconnecting does not help them: the callout asks the same register.
 *
 * @returns who was closed, and whose the others are
 */
export async function closeEndedSessions(
  control: ServerControl,
  register: RegisterView,
  { hub, now }: { hub: string; now: EpochMs },
): Promise<{ ended: readonly EndedSession[]; owners: SessionOwners }> {
  const agencies = new Map(register.agencies.map(({ agency }) => [accountOf(agency), agency]));
  const owners = new Map<string, string>();
  const ended: EndedSession[] = [];
  for (const session of await control.sessions()) {
    const isOwn = ownAccounts.includes(session.account);
    const agency = isOwn ? hub : agencies.get(session.account);
    if (agency === undefined) continue;
    const thumbprint = Buffer.from(session.fingerprint, "hex");
    const fault = isOwn
      ? foreignFault(register, hub, thumbprint)
      : faultOf(register, { agency, thumbprint }, now);
    if (!isOwn) owners.set(connectionKey(session.server.name, session.id), agency);
    if (fault === undefined) continue;
    await control.close(session);
    ended.push({ session, agency, fault });
  }
  return { ended, owners };
}
