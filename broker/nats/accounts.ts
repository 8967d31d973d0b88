import {
  accountOf,
  consumerOf,
  inboxPrefixOf,
  intakePrefix,
  outSubjects,
  renderFeedChannel,
  streamOf,
} from "../../schemas/index.ts";
import { hasRight, type RegisterView } from "../../certs/trust/index.ts";

/** The accounts that are not an agency's. */
export const hubAccounts = { system: "SYS", callout: "AUTH", hub: "HUB" } as const;

/** Streams that every agency reads. */
const commonStreams = ["DIRECT", "RECEIPTS"] as const;

/** The stream of a REC's feeds. */
export function feedStream(rec: string): string {
  return streamOf(renderFeedChannel({ rec, crime: "any", handling: "H0", type: "any.any" }));
}

/** One agency's NATS account. */
export interface AgencyAccount {
  readonly agency: string;
  readonly account: string;
  /** What the server maps its `out.>` to, without the last token. */
  readonly intake: string;
  readonly consumer: string;
  /** Streams it has a consumer on, or may come to have. */
  readonly streams: readonly string[];
}

/** The RECs a hub serves by the register; none when the register does not know the hub. */
export function recsOf(register: RegisterView, hub: string): readonly string[] {
  return register.hubs.find((one) => one.hub === hub)?.recs ?? [];
}

/** Whether an agency is one that links to hubs: a hub itself is not. */
export function isLinking(register: RegisterView, agency: string): boolean {
  const found = register.agency(agency);
  return found !== undefined && found.kind !== "HUB";
}

/** The account of one agency, with the streams of the communities that both sides let it read in. */
export function agencyAccount(register: RegisterView, hub: string, agency: string): AgencyAccount {
  const feeds = recsOf(register, hub)
    .filter((scope) => hasRight(register, { agency, action: "READ", scope }))
    .map(feedStream);
  return {
    agency,
    account: accountOf(agency),
    intake: intakePrefix(agency),
    consumer: consumerOf(agency),
    streams: [...feeds.toSorted(), ...commonStreams],
  };
}

/** The accounts of every agency of the register that may link, in alphabetical order. */
export function agencyAccounts(register: RegisterView, hub: string): readonly AgencyAccount[] {
  return register.agencies
    .map(({ agency }) => agency)
    .filter((agency) => isLinking(register, agency))
    .toSorted()
    .map((agency) => agencyAccount(register, hub, agency));
}

/** Subjects of the JetStream API by which one consumer is read, and no other thing can be done. */
export interface ConsumerSubjects {
  readonly next: string;
  /** Acknowledgements, in the form of servers up to 2.14 and of those after. */
  readonly acks: readonly string[];
}

/** The subjects by which an agency reads one stream. */
export function consumerSubjects(stream: string, consumer: string): ConsumerSubjects {
  return {
    next: `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
    // The later form begins with the server's JetStream domain, which is "_" because we set none. A wildcard
    // there would take in `$JS.ACK.<other stream>.<other consumer>.…`, and an acknowledgement can ask for the
    // next message: any agency could read any consumer.
    acks: [`$JS.ACK.${stream}.${consumer}.>`, `$JS.ACK._.*.${stream}.${consumer}.>`],
  };
}

/** All that an agency's connections may do. Allow-lists: what is not named is refused. */
export interface AgencyPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The permissions of an agency's connections: its own intake, its own consumers, its own replies. */
export function permissionsOf({ agency, consumer, streams }: AgencyAccount): AgencyPermissions {
  const reading = streams.flatMap((stream) => {
    const { next, acks } = consumerSubjects(stream, consumer);
    return [next, ...acks];
  });
  return { publish: [...outSubjects, ...reading], subscribe: [`${inboxPrefixOf(agency)}.>`] };
}
