import type { AudienceHeader, Decision, Question, Reader } from "../../certs/trust/index.ts";
import type { Bytes, EpochMs, Violation } from "../../schemas/ground/index.ts";
import type { WordsOfUse, WordsTaken } from "../onward/index.ts";
import type { CheckedCopy, CopyWish } from "./copies.ts";
import type { LogStanding } from "../proofs/index.ts";
import type { HubStanding, HubWay, WaitingView } from "./link-status.ts";
import type { Redraft } from "./redraft.ts";
import type { RegisterUse } from "./staleness.ts";
import type { TextAsked, TranslationCheck } from "./translations.ts";

export type { WordsOfUse } from "../onward/index.ts";

/** What of the messages here somebody may see. */
export interface Sight {
  readonly handlings: readonly string[];
  readonly quarantined: boolean;
}

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
  /** To which communities the regional edition goes, and how it is handled there; beside recipients, of types that have one. */
  readonly project?: { readonly recs: readonly string[]; readonly handling?: string };
  /** The rest of the inner header: caseRef, urgencyReason, h3Text, purposes… as its JSON form. */
  readonly inner?: unknown;
  /** The body in its JSON form. */
  readonly body: unknown;
}

/** What is done with a submission beside keeping it. */
export interface SubmitWays {
  /** Called inside the write that keeps the new message, with its id: kept with it, or not at all. */
  readonly also?: ((id: string) => void) | undefined;
  /** What is put into a submission that is new here before it is read; the same key stands for what was handed in. */
  readonly fill?: ((submission: unknown) => unknown) | undefined;
  /** The caller who sends it; "" or left out where the gateway does. */
  readonly by?: string | undefined;
  /** What the second of two officers was shown, where it takes two; it is sent to just these, or not at all. */
  readonly released?:
    | { readonly audience: readonly string[]; readonly projected?: readonly string[] | undefined }
    | undefined;
}

/** What was checked without storing anything. */
export interface Validation {
  readonly valid: boolean;
  readonly problems: readonly Violation[];
  /** Bytes of the publication as it would travel; 0 when it is not valid. */
  readonly bytes: number;
  /** Agencies that would read it. */
  readonly audience: readonly string[];
  /** Why it takes two officers; left out when one is enough. */
  readonly twoOfficers?: readonly string[];
  /** The regional edition that would go with it: its body in JSON, its readers and its size. */
  readonly projection?: {
    readonly audience: readonly string[];
    readonly bytes: number;
    readonly body: unknown;
  };
}

/** What the outbox holds after a submission. */
export interface Submitted {
  readonly id: string;
  /** False when the same Idempotency-Key with the same content came before. */
  readonly created: boolean;
  readonly audience: readonly string[];
  /** The regional edition that went with it. */
  readonly projection?: { readonly id: string; readonly audience: readonly string[] };
}

/**
 * How far a message of ours has come: queued here, accepted by the hub for every channel, delivered to all
 * of its audience, refused by the hub, expired before it was delivered, stopped here before it left, or taken
 * back and erased.
 */
export type OutState =
  "QUEUED" | "ACCEPTED" | "DELIVERED" | "REFUSED" | "EXPIRED" | "STOPPED" | "ERASED";

/** One rung of a message's ladder: who says what, when. */
export interface Rung {
  readonly kind: "ACCEPTED" | "TAKEN_ON" | "REFUSED" | "DELIVERED" | "OPENED";
  /** The hub or agency that signed the receipt. */
  readonly by: string;
  readonly at: EpochMs;
  /** Empty of an opening. */
  readonly channel: string;
  /** Of an opening: the how manieth person or machine of that agency it was. */
  readonly reader?: number;
  /** Of a delivery: false when that agency says it does not tell when messages are opened. */
  readonly tellsOpening?: boolean;
  /** Of a refusal: its fault code and detail; of what a relay took on: to which hub. */
  readonly code?: string;
  readonly detail?: string;
  /** Of an acceptance: where the hub holds it. */
  readonly stream?: string;
  readonly sequence?: number;
}

/** That a message went, or came, by a file a person carried. Says nothing of what the other side holds. */
export interface CarriedBy {
  /** Of ours: for whom the file was written. Of others': who wrote it. */
  readonly agency: string;
  readonly at: EpochMs;
  /** Of others': when the hub handed over the same; until then no hub has vouched that it took it. */
  readonly hubAt?: EpochMs;
}

/**
 * Whether a message is proved in the hub's log. PENDING: it is asked for. PROVED: its leaf stands at an index of the log of
 * a size, since a time. MISSING: the hub had its time and did not prove it, for this code.
 */
export interface ShownLogProof {
  readonly channel: string;
  readonly state: "PENDING" | "PROVED" | "MISSING";
  readonly code?: string;
  readonly origin?: string;
  readonly index?: number;
  /** When the hub took it, as its log says. */
  readonly leafAt?: EpochMs;
  readonly size?: number;
  readonly provedAt?: EpochMs;
  /** When witnesses had seen the log of that size; only where as many did as the register asks for. */
  readonly cosignedAt?: EpochMs;
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
  /** Of ours: how far it came. Of others': VERIFIED, ERASED once its content is gone, or QUARANTINED with a code. */
  readonly state: OutState | "VERIFIED" | "QUARANTINED";
  readonly code?: string;
  /** In a list: a person here has to accept its words of use before anybody is shown its content. */
  readonly wordsWait?: true;
  /** In a list by terms: until when the sender wants an answer, or the message ends. */
  readonly dueAt?: EpochMs;
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
  /** Carry files it went or came by; left out when there is none. */
  readonly carried?: readonly CarriedBy[];
  /** Whether it is proved in the hub's log, in each channel; left out where nothing is to be proved. */
  readonly log?: readonly ShownLogProof[];
  /** Bytes of the message as it was signed and carried. */
  readonly bytes: number;
}

/** By what a list is filtered beside box, state and time. */
export type ListFilter =
  "type" | "crime" | "country" | "originator" | "rec" | "handling" | "urgency" | "thread";

/** Which messages, and where in the list. */
export interface ListQuery {
  /** Both when left out; the inbox where they are in the order of their terms. */
  readonly box?: "in" | "out";
  readonly state?: string;
  /** Of each filter one of its values has to hold. */
  readonly filters?: Partial<Readonly<Record<ListFilter, readonly string[]>>>;
  /** Words to be found in them. */
  readonly q?: string;
  /** Only what stands together with this message: its thread, answers, and what replaces it or is replaced. */
  readonly about?: string;
  /** When they were stored here: from, and before. */
  readonly since?: EpochMs;
  readonly until?: EpochMs;
  /** Newest first when left out; `due`: the soonest term first, of those whose term is not over. */
  readonly order?: "due";
  /** Whether only what nobody here has read is shown. */
  readonly isUnopened?: true;
  /** Whether it is counted how many there are. */
  readonly isCounted?: boolean;
  /** Opaque; from the page before, of the same order. */
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
  /** What whoever asks may see; all when left out, which is for the gateway's own work. */
  readonly sight?: Sight;
  /** What is read for: a question to content finds only what may be read for it, or for anything. */
  readonly purpose?: string | undefined;
}

/** A page; stable while messages are added. */
export interface MessagePage {
  readonly items: readonly MessageSummary[];
  readonly next?: string;
  /** How many there are in all; `isMore`: more than were counted. */
  readonly count?: { readonly messages: number; readonly isMore: boolean } | undefined;
}

/**
 * What became of a message. stored: it is new here. moved: it came to another state, or its words of use were accepted and
 * it can be read now. taken-back: what counted as proved
 * counts so no more. removed: it left quarantine; what it was is stored under its own id. release: the id is that of a
 * submission that waits for a second officer, or has waited. unproved: it is not proved in the hub's log. log: an alarm about
 * the hub's log; the id is the alarm's own.
 */
export interface MessageChange {
  /** Opaque; from here on goes whoever was told of this one. */
  readonly cursor: string;
  readonly kind:
    | "stored"
    | "moved"
    | "taken-back"
    | "removed"
    | "release"
    | "overdue"
    | "escalated"
    | "unproved"
    | "log";
  readonly id: string;
  readonly box: "in" | "out";
  readonly state: string;
  readonly at: EpochMs;
}

/** Which changes. */
export interface ChangesQuery {
  /** Opaque; from a change or a page before. */
  readonly cursor?: string | undefined;
  /** Where to begin without a cursor: now when left out, or with the oldest that is kept. */
  readonly from?: "now" | "beginning" | undefined;
  /** 1 to 200. */
  readonly limit: number;
  /** What whoever asks may see; all when left out, which is for the gateway's own work. */
  readonly sight?: Sight | undefined;
}

/** Changes in the order they came about. */
export interface ChangePage {
  readonly items: readonly MessageChange[];
  /** From where to go on, whether there were any or not. */
  readonly next: string;
  /** Whether there may be more already. */
  readonly hasMore: boolean;
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
  /** The hub's time, when this machine's clock is ahead of it. */
  readonly clockAhead?: EpochMs;
  /** How the hub is reached, apart from whether this gateway answers: that it does, whoever reads this knows. */
  readonly hub: HubWay;
  /** Each of our hubs by name; `hub` is the first of them that is reached. */
  readonly hubs: readonly HubStanding[];
  /** Publications not yet accepted or refused. */
  readonly waiting: number;
  /** The same by urgency, with their size and age. */
  readonly queue: WaitingView;
  readonly inbox: number;
  readonly quarantined: number;
  /** Listed sealing keys that changed: vouched for, for information; not sealed to until a person confirms. */
  readonly sealingKeys: { readonly changed: number; readonly unconfirmed: number };
  /** Only when the store's disk is nearly full (submissions stop), full (receiving stops too), or takes no writing. */
  readonly disk?: "NEARLY_FULL" | "FULL" | "READ_ONLY";
  /** Only while a store that was put back from a copy learns what came since: nothing is sent or taken meanwhile. */
  readonly catchingUp?: true;
  /** How the log of our hub stands; left out where there is no hub. */
  readonly log?: LogStanding;
  /** Our own certificates, the lists of our own state and the register: until when each holds. */
  readonly certificates: readonly StatusEnd[];
}

/** What a person's word of a key would change. */
export interface SealingKeyTrial {
  readonly before: SealingKeyEntry;
  readonly after: SealingKeyEntry;
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
  submit(
    submission: unknown,
    idempotencyKey: string,
    /** What is done with a new message beside keeping it. */
    ways?: SubmitWays,
  ): Promise<Submitted>;
  validate(submission: unknown): Promise<Validation>;
  /** What of a text that is only being written is above what this machine may hold; nothing of it is kept then. */
  findAbove(submission: unknown): readonly Violation[];
  /** Stops a message of ours before it leaves; `also` is called inside the write. @throws {Fault} as `stopMessage` */
  stop?(id: string, also?: () => void): Promise<void>;
  /** What a message of ours said that was refused or stopped, to be mended by a caller. @throws {Fault} as `makeRedraft` */
  redraft?(id: string, by: string): Redraft;
  list(query: ListQuery): MessagePage;
  /** What lists show of the message that `find` gives; nothing of its content is read, so whether it may be seen is asked of this. */
  glance(id: string): MessageSummary | undefined;
  find(id: string): MessageDetail | undefined;
  /** What somebody has to accept before anybody here is given the content; undefined where nothing. @throws {Fault} ID_INVALID */
  words(id: string): WordsOfUse | undefined;
  /** @throws {Fault} as `takeWords` */
  acceptWords(id: string, taken: WordsTaken): Promise<WordsOfUse | undefined>;
  /** What became of messages after a cursor. @throws {Fault} as `listChanges` */
  changes(query: ChangesQuery): ChangePage;
  /** The encoded Message, byte for byte as its sender signed it; undefined when none was proved here. */
  original(id: string): Bytes | undefined;
  /** Notes that a caller was given the content of a message; its sender is told. Called inside a write. */
  opened(id: string, who: string): void;
  /** A redacted copy of a message we hold. @throws {Fault} as `copyOf` */
  copy(id: string, wish: CopyWish): Bytes;
  /** What a copy from outside says, once its signer was proved. @throws {Fault} as `checkCopy` */
  checkCopy(bytes: Bytes): CheckedCopy;
  /** A machine translation of one text as a message to be sent; stores and sends nothing. @throws {Fault} as `translate` */
  translate(asked: TextAsked): Promise<Submission>;
  /** Whether a stored translation is of the message it names. @throws {Fault} as `checkTranslation` */
  checkTranslation(id: string): TranslationCheck;
  status(): ExchangeStatus;
  /** How the hub is reached now, as `status` says it; asks nothing of the store. */
  hub(): ExchangeStatus["hub"];
  /** Sealing keys that changed of late or need a person, or all that were met. */
  sealingKeys(isAll: boolean): readonly SealingKeyEntry[];
  /** Writes down what a person says of a sealing key. @throws {Fault} NOT_FOUND, STORE_WRITE_FAILED */
  decideSealingKey(word: SealingKeyWord): Promise<SealingKeyEntry>;
  /** The key as it stands, and as it would by such a word; writes nothing. @throws {Fault} NOT_FOUND */
  trySealingKey(word: SealingKeyWord): SealingKeyTrial;
  /** Whether an agency may read or publish something, by the register in force now; all that speaks for or against it. */
  decision(question: Question): Decision;
  /** Every agency, and whether it would read such a message: the function that chooses the audience of what is sent. */
  readers(header: AudienceHeader): readonly Reader[];
  /** Calls `listener` after a message was stored or moved on; returns how to stop. */
  watch(listener: (message: MessageSummary) => void): () => void;
  /** Calls `act` whenever there may be a new change, of a message or of anything else; returns how to stop. */
  watchAll?(act: () => void): () => void;
}
