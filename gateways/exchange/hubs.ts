import { Fault } from "../../schemas/ground/index.ts";
import { isDirectChannel, parseFeedChannel, renderDirectChannel } from "../../schemas/index.ts";
import { findMailHub, hubsOf, mailboxOf, type RegisterView } from "../../certs/trust/index.ts";

/** One of a sender's channels. */
export interface SenderChannel {
  readonly originator: string;
  readonly channel: string;
}

const owners = new WeakMap<RegisterView, ReadonlyMap<string, string>>();

/**
 * Refuses mail to somebody whom no hub carries it to: it would wait here until it expires. A register without hubs refuses
 * nothing: there all goes by hand.
 *
 * @throws {Fault} HUB_NOT_SHARED
 */
export function checkHubs(register: RegisterView, agency: string, recipients: readonly string[]): void {
  if (register.hubs.length === 0) return;
  const far = recipients.find((one) => one !== agency && findMailHub(register, agency, one) === undefined);
  if (far === undefined) return;
  const way = "write to it through a body that both are linked with, or have the register link both to one hub";
  throw new Fault("HUB_NOT_SHARED", `recipients: ${far} is linked to none of our hubs; ${way}`);
} // prettier-ignore

/** Whose mail goes into a channel. */
function findOwner(register: RegisterView, channel: string): string | undefined {
  const held =
    owners.get(register) ??
    new Map(
      register.mailboxKeys.flatMap((key) =>
        register.agencies.map(
          ({ agency }) => [renderDirectChannel(mailboxOf(key, agency)), agency] as const,
        ),
      ),
    );
  owners.set(register, held);
  return held.get(channel);
}

/**
 * The hub that carries one of a sender's channels: of a feed the first that serves its community, of mail the one that sender
 * and recipient share. Undefined where the register names none.
 */
export function findHub(register: RegisterView, { originator, channel }: SenderChannel): string | undefined {
  if (!isDirectChannel(channel)) {
    const { rec } = parseFeedChannel(channel);
    const served = register.hubs.find(({ recs }) => recs.includes(rec));
    // a hub that does not serve it says so, with its reason
    return (served ?? hubsOf(register, originator)[0])?.hub;
  }
  const owner = findOwner(register, channel);
  return owner === undefined ? undefined : findMailHub(register, originator, owner);
} // prettier-ignore
