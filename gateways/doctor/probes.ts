import type { Bytes, Clock } from "../../schemas/ground/index.ts";

/** What is seen of a file without reading it. */
export interface FileLook {
  /** Permission bits. */
  readonly mode: number;
  readonly bytes: number;
  readonly changedAt: number;
}

/** How a small write that was synced to the disk ended. */
export type SyncTrial = { readonly ms: number } | { readonly failed: string };

/** One end of a line. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** What is shown in a handshake. */
export interface Identity {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** How far a handshake came. */
export interface Greeting {
  readonly ms: number;
  /** The server's certificate, DER; not there when TLS came to nothing. */
  readonly certificate?: Bytes;
  /** Whether the server said its first word, so that it took what was shown. */
  readonly isGreeted: boolean;
  /** What the machine calls the failure. */
  readonly failed?: string;
}

/** Everything the checks see of the world. Nothing here throws: what fails is told, by the machine's own name. */
export interface Probes {
  readonly clock: Clock;
  readonly nodeVersion: string;
  /** Whether zones and languages that we show are known to this Node. */
  knowsZones(): boolean;
  look(path: string): FileLook | undefined;
  /** Names in a folder, a thousand at most; none of what is no folder. */
  list(folder: string): readonly string[];
  /** A small file; undefined when it cannot be read or is larger than `maxBytes`. */
  read(path: string, maxBytes: number): Bytes | undefined;
  /** Free bytes on the disk of a folder. */
  findRoom(folder: string): number | undefined;
  /** Writes and syncs a few times in a folder, and removes what it wrote. The median counts. */
  trySync(folder: string): SyncTrial;
  /** The failure of looking a name up; undefined when it is known. */
  findName(host: string): Promise<string | undefined>;
  /** The failure of reaching a port; undefined when somebody answers. */
  reach(place: Place): Promise<string | undefined>;
  greet(place: Place, identity: Identity | undefined): Promise<Greeting>;
}
