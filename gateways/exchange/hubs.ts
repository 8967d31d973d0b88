import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import { isDirectChannel, parseFeedChannel, renderDirectChannel } from "../../schemas/index.ts";
import {
  findMailHub,
  findRelayWay,
  hubsOf,
  mailboxOf,
  type RegisterView,
  type RelayedMail,
  type RelayWay,
  relayWaysOf,
} from "../../certs/trust/index.ts";

/** One of a sender's channels. */
export interface SenderChannel {
  readonly originator: string;
  readonly channel: string;
}

const owners = new WeakMap<RegisterView, ReadonlyMap<string, string>>();

/** Mail to several, before it goes. */
export interface MailTo {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly type?: string | undefined;
  readonly handling?: string | undefined;
  /** Whether files go with it: a relay takes none of them on. */
  readonly hasFiles?: boolean | undefined;
}

/** Why mail cannot go by any relay: which agreement is missing, or covers it not. */
function refuseFar(register: RegisterView, { sender, recipient }: Pick<RelayedMail, "sender" | "recipient">): never {
  const [way] = relayWaysOf(register, { sender, recipient });
  if (way !== undefined) {
    const { agreementRef, relay } = way.agreement;
    const why = `the relay agreement ${agreementRef} with ${relay} does not cover this mail, or is not in force`;
    throw new Fault("RELAY_NOT_AGREED", `recipients: ${recipient} is linked to none of our hubs, and ${why}`);
  }
  const [ours = "none", theirs = "none"] = [sender, recipient].map((one) => hubsOf(register, one).map(({ hub }) => hub).join(", "));
  const other = "write to it through a body that both are linked with, or have the register link both to one hub";
  const missing = `there is no relay agreement between ${ours} and ${theirs}`;
  throw new Fault("HUB_NOT_SHARED", `recipients: ${recipient} is linked to none of our hubs, and ${missing}; ${other}`);
} // prettier-ignore

/** The pieces of a file stand at its sender's hubs alone, and its reader would find none of them. */
function refuseFiles({ agreement: { relay } }: RelayWay, recipient: string): never {
  const why = `mail to ${recipient} goes by ${relay}, which takes on the message and none of its files`;
  throw new Fault("RELAY_FILES", `body: ${why}; send it without them`);
}

/**
 * Refuses mail to somebody whom no hub carries it to and no relay: it would wait here until it expires; and files to somebody
 * whom only a relay reaches. A register without hubs refuses nothing: there all goes by hand.
 *
 * @throws {Fault} HUB_NOT_SHARED, RELAY_NOT_AGREED where there is an agreement that does not cover it, RELAY_FILES
 */
export function checkHubs(register: RegisterView, { sender, recipients, type, handling, hasFiles }: MailTo, at: EpochMs): void {
  if (register.hubs.length === 0) return;
  for (const recipient of recipients) {
    if (recipient === sender || findMailHub(register, sender, recipient) !== undefined) continue;
    const way = findRelayWay(register, { sender, recipient, type, handling }, at);
    if (way === undefined) refuseFar(register, { sender, recipient });
    if (hasFiles === true) refuseFiles(way, recipient);
  }
} // prettier-ignore

/** Whose mail goes into a channel. */
export function findMailOwner(register: RegisterView, channel: string): string | undefined {
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

/** The way by a relay; where none is in force, the first there could be: what waits for it waits there. */
function findWay(register: RegisterView, mail: Pick<RelayedMail, "sender" | "recipient">, at: EpochMs | undefined): RelayWay | undefined {
  const now = at === undefined ? undefined : findRelayWay(register, mail, at);
  return now ?? relayWaysOf(register, mail)[0];
} // prettier-ignore

/**
 * The hub that carries one of a sender's channels away from him: of a feed the first that serves its community, of mail the one
 * that sender and recipient share, else the one from which a relay takes it on. Undefined where the register names none.
 *
 * @param at when, for agreements of relays
 */
export function findHub(register: RegisterView, { originator, channel }: SenderChannel, at?: EpochMs): string | undefined {
  if (!isDirectChannel(channel)) {
    const { rec } = parseFeedChannel(channel);
    const served = register.hubs.find(({ recs }) => recs.includes(rec));
    // a hub that does not serve it says so, with its reason
    return (served ?? hubsOf(register, originator)[0])?.hub;
  }
  const owner = findMailOwner(register, channel);
  if (owner === undefined) return undefined;
  const shared = findMailHub(register, originator, owner);
  return shared ?? findWay(register, { sender: originator, recipient: owner }, at)?.fromHub;
} // prettier-ignore

/** The hub at which a reader gets one of a sender's channels: the same, unless a relay takes it to another. */
export function findReadingHub(register: RegisterView, of: SenderChannel, at?: EpochMs): string | undefined {
  const { originator: sender, channel } = of;
  const recipient = isDirectChannel(channel) ? findMailOwner(register, channel) : undefined;
  if (recipient === undefined || findMailHub(register, sender, recipient) !== undefined) return findHub(register, of, at);
  return findWay(register, { sender, recipient }, at)?.toHub;
} // prettier-ignore
