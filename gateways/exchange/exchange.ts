import type { AudienceHeader, Decision, Question, Reader } from "../../certs/trust/index.ts";
import type { Bytes, EpochMs, Violation } from "../../schemas/ground/index.ts";
import type { CheckedCopy, CopyWish } from "./copies.ts";
import type { RegisterUse } from "./staleness.ts";
import type { TextAsked, TranslationCheck } from "./translations.ts";

/** A message as a person or a case system hands it in: JSON, nothing of it believed yet. */
export interface Submission {
  readonly type: string;
  /** Feed messages: the communities and crimes; the first crime is the main one. */
  readonly recs?: readonly string[];
  readonly crimes: readonly string[];
  /** Direct messages: the agencies addressed, `sn/fiu`. */
  readonly recipients?: readonly string[];
  /** H0 to H3; H0 when left out. */
  readonly handling?: string;
  readonly releaseLevel?: string;
  /** The type's default when left out. */
  readonly urgency?: string;
  readonly status?: string;
  readonly action?: string;
  readonly languages?: readonly string[];
  readonly expiresAt?: string;
  readonly validFrom?: string;
  readonly threadId?: string;
  readonly inReplyTo?: string;
  readonly supersedes?: string;
  /** The rest of the inner header: caseRef, urgencyReason, h3Text, purposes… as its JSON form. */
  readonly inner?: unknown;
  /** The body in its JSON form. */
  readonly body: unknown;
}

/** What was checked without storing anything. */
export interface Validation {
  readonly valid: boolean;
  readonly problems: readonly Violation[];
  /** Bytes of the publication as it would travel; 0 when it is not valid. */
  readonly bytes: number;
  /** Agencies that would read it. */
  readonly audience: readonly string[];
}

/** What the outbox holds after a submission. */
export interface Submitted {
  readonly id: string;
  /** False when the same Idempotency-Key with the same content came before. */
  readonly created: boolean;
  readonly audience: readonly string[];
}

/**
 * How far a message of ours has come: queued here, accepted by the hub for every channel, delivered to all
 * of its audience, refused by the hub, or expired before it was delivered.
 */
export type OutState = "QUEUED" | "ACCEPTED" | "DELIVERED" | "REFUSED" | "EXPIRED";

/** One rung of a message's ladder: who says what, when. */
export interface Rung {
  readonly kind: "ACCEPTED" | "REFUSED" | "DELIVERED";
  /** The hub or agency that signed the receipt. */
  readonly by: string;
  readonly at: EpochMs;
  readonly channel: string;
  /** Of a refusal: its fault code and detail. */
  readonly code?: string;
  readonly detail?: string;
  /** Of an acceptance: where the hub holds it. */
  readonly stream?: string;
  readonly sequence?: number;
}

/** One message as lists show it. */
export interface MessageSummary {
  readonly id: string;
  readonly box: "in" | "out";
  readonly originator: string;
  readonly type: string;
  readonly crimes: readonly string[];
  readonly recs: readonly string[];
  readonly handling: string;
  readonly urgency: string;
  readonly status: string;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs;
  /** When this gateway stored it. */
  readonly storedAt: EpochMs;
  /** Of ours: how far it came. Of others': VERIFIED, or QUARANTINED with a code when it could not be proved. */
  readonly state: OutState | "VERIFIED" | "QUARANTINED";
  readonly code?: string;
}

/** One message in full. */
export interface MessageDetail extends MessageSummary {
  readonly recipients: readonly string[];
  readonly threadId?: string;
  readonly inReplyTo?: string;
  readonly form: "OPEN" | "SEALED";
  /** JSON form of inner header and body; absent when quarantined. */
  readonly inner?: unknown;
  readonly body?: unknown;
  /** Agencies that hold a key, or may read an open one; of ours only. */
  readonly audience: readonly string[];
  readonly ladder: readonly Rung[];
  /** Bytes of the message as it was signed and carried. */
  readonly bytes: number;
}

/** Which messages, and where in the list. */
export interface ListQuery {
  readonly box: "in" | "out";
  readonly state?: string;
  readonly type?: string;
  readonly crime?: string;
  /** Opaque; from the page before. */
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

/** A page, newest first; stable while messages are added. */
export interface MessagePage {
  readonly items: readonly MessageSummary[];
  readonly next?: string;
}

/**
 * A sealing key of another agency as this gateway thinks of it. FIRST: met together with its agency, and taken as
 * registered. ENDORSED: new, and vouched for by the key before or by two authorities. UNENDORSED: new, and nobody who
 * counts vouches for it. CONFIRMED, REFUSED: a person said so.
 */
export interface SealingKeyEntry {
  readonly agency: string;
  /** SHA-256 of the certificate, 64 hexadecimal digits: what people read to each other. */
  readonly fingerprint: string;
  readonly state: "FIRST" | "ENDORSED" | "UNENDORSED" | "CONFIRMED" | "REFUSED";
  /** When it was met. */
  readonly since: EpochMs;
  /** When it came to this state, and through whom if it was a person. */
  readonly at: EpochMs;
  readonly by?: string;
  /** Whether bodies are sealed to it, once its certificate holds and no newer one is believed. */
  readonly isBelieved: boolean;
  /** Whether the register names it now. */
  readonly isListed: boolean;
}

/** What a person says of a sealing key. */
export interface SealingKeyWord {
  readonly agency: string;
  /** 64 hexadecimal digits, lower case; compared with the agency by another way than this system. */
  readonly fingerprint: string;
  readonly state: "CONFIRMED" | "REFUSED";
  /** Who says so. */
  readonly by: string;
}

/** What waits and what works. */
export interface ExchangeStatus {
  readonly agency: string;
  readonly linkUp: boolean;
  readonly lastContactAt?: EpochMs;
  readonly registerEpoch: number;
  readonly registerExpiresAt: EpochMs;
  /** How far it is still used, for each handling. */
  readonly registerUse: readonly RegisterUse[];
  /** A time that has passed for certain, when this machine's clock stands before it. */
  readonly clockBehind?: EpochMs;
  /** Publications not yet accepted or refused. */
  readonly waiting: number;
  readonly inbox: number;
  readonly quarantined: number;
  /** Listed sealing keys that changed: vouched for, for information; not sealed to until a person confirms. */
  readonly sealingKeys: { readonly changed: number; readonly unconfirmed: number };
  /** Our own certificates, the lists of our own state and the register: until when each holds. */
  readonly certificates: readonly StatusEnd[];
}

/** Until when something holds that our work rests on. */
export interface StatusEnd {
  readonly kind: "LINK" | "SIGNING" | "SEALING" | "LIST" | "REGISTER";
  readonly notAfter: EpochMs;
  /** Whole days. */
  readonly daysLeft: number;
  readonly level: "ok" | "notice" | "warning" | "urgent" | "expired";
}

/**
 * What a gateway does for its people and systems; HTTP and the command line stand on it alone.
 *
 * `submit` returns only after the message is on disk (fsync). All reads are of the local store and work
 * without a link.
 */
export interface Exchange {
  readonly agency: string;
  /** @throws {Fault} SCHEMA_INVALID with violations, MANDATE_MISSING, SEAL_*, IDEMPOTENCY_KEY_REUSED, STORE_WRITE_FAILED … */
  submit(submission: unknown, idempotencyKey: string): Promise<Submitted>;
  validate(submission: unknown): Promise<Validation>;
  list(query: ListQuery): MessagePage;
  find(id: string): MessageDetail | undefined;
  /** A redacted copy of a message we hold. @throws {Fault} as `copyOf` */
  copy(id: string, wish: CopyWish): Bytes;
  /** What a copy from outside says, once its signer was proved. @throws {Fault} as `checkCopy` */
  checkCopy(bytes: Bytes): CheckedCopy;
  /** A machine translation of one text as a message to be sent; stores and sends nothing. @throws {Fault} as `translate` */
  translate(asked: TextAsked): Promise<Submission>;
  /** Whether a stored translation is of the message it names. @throws {Fault} as `checkTranslation` */
  checkTranslation(id: string): TranslationCheck;
  status(): ExchangeStatus;
  /** Sealing keys that changed of late or need a person, or all that were met. */
  sealingKeys(isAll: boolean): readonly SealingKeyEntry[];
  /** Writes down what a person says of a sealing key. @throws {Fault} NOT_FOUND, STORE_WRITE_FAILED */
  decideSealingKey(word: SealingKeyWord): Promise<SealingKeyEntry>;
  /** Whether an agency may read or publish something, by the register in force now; all that speaks for or against it. */
  decision(question: Question): Decision;
  /** Every agency, and whether it would read such a message: the function that chooses the audience of what is sent. */
  readers(header: AudienceHeader): readonly Reader[];
  /** Calls `listener` after a message was stored or moved on; returns how to stop. */
  watch(listener: (message: MessageSummary) => void): () => void;
}
