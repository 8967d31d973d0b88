import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Role } from "./roles.ts";

/** The handling codes, the least strict first. */
export const handlings = ["H0", "H1", "H2", "H3"] as const;

/** One of `handlings`. */
export type Handling = (typeof handlings)[number];

/** Who asks, after it was proved. */
export interface Caller {
  /** `owner`, `person:<id>` or `machine:<id>`; never given to another, and what the audit record names. */
  readonly id: string;
  readonly kind: "owner" | "person" | "machine";
  /** For people to read; nothing is decided by it. */
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
  /** Above this, content is not shown to it and not taken from it. */
  readonly handlingUpTo: Handling;
  /** When a person last proved to be there herself; absent of machines. Acts that sign in her name want it fresh. */
  readonly provedAt?: EpochMs | undefined;
  /** What it reads for when a request does not say: a code of PURPOSE. */
  readonly purpose?: string | undefined;
}

/** The other end of the connection a request came by, as the machine itself saw it; no header is believed. */
export interface Peer {
  readonly address: string;
  readonly isTls: boolean;
  /** A client certificate whose key the other end has shown to hold; who vouches for it was not asked. */
  readonly certificate?: PeerCertificate | undefined;
}

/** What is looked at of a client certificate. */
export interface PeerCertificate {
  /** SHA-256. */
  readonly thumbprint: Bytes;
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
}

/** Proves who asks by one of the ways there are. */
export interface Callers {
  /**
   * Undefined when the request bears nothing of these ways.
   *
   * @throws {Fault} NOT_AUTHENTICATED, ORIGIN_FOREIGN when it does and it is not good; TOO_MANY_TRIES
   */
  who(request: Request, peer?: Peer): Promise<Caller | undefined>;
  /** Told of every proved caller once a request, and of who was not proved (undefined). @throws {Fault} TOO_MANY_TRIES */
  count?(caller: Caller | undefined, peer?: Peer): void;
}
