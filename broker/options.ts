import type { Chance, Clock, Fault, Log } from "../schemas/ground/index.ts";
import type { HubStop } from "../schemas/index.ts";
import type { KeySigner } from "../certs/keys/index.ts";
import type { CertificateEnd, RenewalPlace } from "../certs/renewal/index.ts";
import type { Anchors } from "../certs/trust/index.ts";
import type { BlobCounts } from "./blobs/index.ts";
import type { LogStatus } from "./log/index.ts";
import type { HubFace, HubStanding } from "./metrics/index.ts";
import type { ClusterPlace, ServerSettings } from "./nats/index.ts";
import type { DutyKey } from "./stop/index.ts";
import type { Turn } from "./turn/index.ts";
import type { WitnessStatus } from "./witnesses/index.ts";

/** What of the server the hub writes and watches. */
export interface ServerOptions extends ServerSettings {
  /** Where the rendered configuration is written; the server is started with it. */
  readonly configFile: string;
  /** The nats-server binary, when its version is to be checked before it is started. */
  readonly binary?: string | undefined;
  /** What the server alone is shown of the broker's folder, and where it sees it when that is elsewhere. */
  readonly folder?: { readonly path: string; readonly seenAt?: string | undefined } | undefined;
}

/** One of several servers of a hub. */
export interface ClusterServer extends ServerOptions {
  /** Where it is reached: `tls://host:port`. */
  readonly url: string;
  /** Where the broker reaches it, when that is elsewhere. */
  readonly dial?: string | undefined;
  readonly cluster: ClusterPlace;
  /** Hosts that its certificate for the ways between the servers is for. */
  readonly routeHosts: readonly string[];
}

/** The servers of a hub that has several. */
export interface ClusterOptions {
  readonly servers: readonly ClusterServer[];
  /** By REC: what servers must be tagged with that keep its feeds. */
  readonly placement: Readonly<Record<string, readonly string[]>>;
}

/** Room for chunks of files. */
export interface BlobRoom {
  readonly bytesPerAgencyDay?: number | undefined;
  readonly maxBytes?: number | undefined;
}

/** One of several brokers of a hub, of which one works at a time. */
export interface StandbyOptions {
  /** What people know it by. */
  readonly name: string;
  /** What all of them share: the hub's keys, the register held last, the stop button. `dir` is each one's own. */
  readonly folder: string;
}

/** Everything a hub's broker is started with. */
export interface BrokerOptions {
  /** As the register names it: `au/hub-one`. */
  readonly hub: string;
  /** The broker's own folder: nkeys, audit record, the register held last. */
  readonly dir: string;
  /** Where a hub has several brokers: what they share lies in the folder named there. */
  readonly standby?: StandbyOptions | undefined;
  /** Whose turn it is among them: nothing is sent or signed while it is not this one's. Always is when left out. */
  readonly turn?: Pick<Turn, "isOurs" | "isLost"> | undefined;
  /** Where the server listens: `tls://host:port`. */
  readonly url: string;
  /** Where the broker reaches its one server, when that is elsewhere. */
  readonly dial?: string | undefined;
  readonly server: ServerOptions;
  /** All of its servers, where it has several; the first stands above too. */
  readonly cluster?: ClusterOptions | undefined;
  /** Re-read when it changes. */
  readonly registerFile: string;
  readonly anchors: Anchors;
  /** Signs receipts in the hub's name. */
  readonly signer: KeySigner;
  /** Its other keys; which one signs is the register's word. */
  readonly moreSigners?: readonly KeySigner[] | undefined;
  /** The hub's LINK certificate, with its issuing CA, and its key. */
  readonly link: { readonly certificatePem: string; readonly keyPem: string };
  /** Where its certificates are renewed; without it the keys above are all it ever uses. */
  readonly renewal?: RenewalPlace | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** How many bytes of files an agency may put a day on average, and how many there is room for; see `hubLimits`. */
  readonly blobs?: BlobRoom | undefined;
  /** Where witnesses of the log listen, if they do; the others come by themselves. */
  readonly witnesses?: readonly { readonly url: string }[] | undefined;
  /** Where the log is served to auditors: without a host to this machine alone; nowhere when left out. */
  readonly logService?: { readonly host?: string | undefined; readonly port: number } | undefined;
  /** Where numbers and health are shown: to this machine alone unless a host is named; nowhere when left out. */
  readonly metrics?: { readonly host?: string | undefined; readonly port: number } | undefined;
  /** Who may stop the hub; whoever may write into `dir` when left out. */
  readonly duty?: readonly DutyKey[] | undefined;
  /** How long the server may take to be there at the start; 30 s when left out. */
  readonly patienceMs?: number | undefined;
  /** Whether it waits for servers that are away for as long as they are, and shows meanwhile that it is not ready. */
  readonly isWaiting?: boolean | undefined;
  /** What shows numbers and health, where somebody opened it before; else it is opened as `metrics` says. */
  readonly face?: HubFace | undefined;
}

/** What all brokers of a hub share: its keys, the register held last, the stop button. */
export function hubFolderOf({ dir, standby }: Pick<BrokerOptions, "dir" | "standby">): string {
  return standby?.folder ?? dir;
}

/** How a broker stands: what is told of it in numbers, and what of it names servers and streams. */
export interface BrokerStatus extends HubStanding {
  /** Since when nothing new is taken in, and why; left out while all is. */
  readonly stopped?: HubStop | undefined;
  /** Until when its own certificates hold, the lists of its state, and the register. */
  readonly certificates: readonly CertificateEnd[];
  readonly serverVersion: string;
  readonly streams: Readonly<Record<string, string>>;
  /** What agencies did with chunks of files since it started. */
  readonly blobs: Readonly<BlobCounts>;
  /** Of its log, where it has one: how many entries, and why it stopped if it did. Then nothing is accepted. */
  readonly log?: LogStatus | undefined;
  /** Who watches its log, and whether enough of them cosigned it. */
  readonly witnesses?: WitnessStatus | undefined;
}

/** A running broker. */
export interface Broker {
  /** Whether publications are being admitted by a register that is in date. */
  readonly ready: boolean;
  /** Resolves when the broker cannot go on without risking what it promised (INTEGRITY_*). */
  readonly failed: Promise<Fault>;
  /** Reads the register's file now, and returns when what it says is in force or it was refused. */
  refresh(): Promise<void>;
  status(): BrokerStatus;
  /** Where its numbers are shown, if they are. */
  readonly metricsUrl?: string | undefined;
  stop(): Promise<void>;
}
