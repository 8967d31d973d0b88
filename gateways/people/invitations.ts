import { Fault } from "../../schemas/ground/index.ts";
import type { InvitationRow, PersonRow } from "../store/index.ts";
import type { PeopleDesk } from "./desk.ts";
import { digestSecret, isSecret, makeSecret } from "./secrets.ts";

/** Long enough to be carried by hand to a border post. */
const lifeMs = 7 * 86_400_000;

/** A one-time code and when it ends. Shown once, kept as a digest. */
export interface GivenCode {
  readonly code: string;
  readonly endsAt: number;
}

/** Gives a person a new code; older ones are void from then on. Called inside `write`. */
export function giveCode({ store, chance, clock }: PeopleDesk, person: string): GivenCode {
  const code = makeSecret(chance);
  const endsAt = clock.now() + lifeMs;
  store.people.purge(clock.now());
  store.people.dropInvitations(person);
  store.people.invite({ digest: digestSecret(code), person, endsAt });
  return { code, endsAt };
}

/** Somebody's invitation, and who is invited. */
export interface Invited {
  readonly invitation: InvitationRow;
  readonly person: PersonRow;
}

/**
 * Whose code this is. One answer for a code that never was, was used, is too late, or of somebody who may not.
 *
 * @throws {Fault} SIGN_IN_REFUSED
 */
export function readCode({ store, clock }: PeopleDesk, code: string): Invited {
  const invitation = isSecret(code) ? store.people.invitation(digestSecret(code)) : undefined;
  const person = invitation === undefined ? undefined : store.people.get(invitation.person);
  const isGood = person?.state === "invited" || person?.state === "active";
  if (invitation === undefined || invitation.endsAt <= clock.now() || person === undefined || !isGood) {
    throw new Fault("SIGN_IN_REFUSED", "the code is not known, was used or is too late; ask an administrator for a new one");
  }
  return { invitation, person };
} // prettier-ignore
