import type { EpochMs } from "../../schemas/ground/index.ts";
import type { JournalEvent } from "./journal-events.ts";

type EventOf<K extends JournalEvent["event"]> = Extract<JournalEvent, { event: K }>;

/** A certificate on record. */
export type RecordedCertificate = EventOf<"issued"> | EventOf<"made">;

/** A list on record. */
export type RecordedList = EventOf<"listed">;

/** What a journal says so far, for looking up; kept while the journal grows. */
export interface Ledger {
  certificate(serial: string): RecordedCertificate | undefined;
  certificates(): readonly RecordedCertificate[];
  /** Certificates in which a key stands, by the SHA-256 of its SubjectPublicKeyInfo. */
  ofKey(key: string): readonly RecordedCertificate[];
  revocation(serial: string): EventOf<"revoked"> | undefined;
  revoked(issuer: string): readonly EventOf<"revoked">[];
  /** The newest list of an issuer. */
  list(issuer: string): RecordedList | undefined;
  hasRefused(asked: string, code: string): boolean;
  /** Whether a document was made here, by the SHA-256 of its DER. */
  knows(digest: string): boolean;
}

interface Shelves {
  readonly certificates: Map<string, RecordedCertificate>;
  readonly keys: Map<string, RecordedCertificate[]>;
  readonly revoked: Map<string, EventOf<"revoked">>;
  readonly lists: Map<string, RecordedList>;
  readonly refusals: Set<string>;
  readonly documents: Set<string>;
}

function addCertificate(shelves: Shelves, one: RecordedCertificate): void {
  shelves.certificates.set(one.serial, one);
  const ofKey = shelves.keys.get(one.key) ?? [];
  ofKey.push(one);
  shelves.keys.set(one.key, ofKey);
  shelves.documents.add(one.thumbprint);
}

function addEvent(shelves: Shelves, event: JournalEvent): void {
  switch (event.event) {
    case "made":
    case "issued":
      return addCertificate(shelves, event);
    case "revoked":
      return void shelves.revoked.set(event.serial, event);
    case "listed":
      shelves.lists.set(event.issuer, event);
      return void shelves.documents.add(event.digest);
    case "refused":
      return void shelves.refusals.add(`${event.asked} ${event.code}`);
    default:
      // a ceremony is told by its transcript
      return undefined;
  }
}

/** Builds an empty ledger; `add` is called for each event of a journal in order. */
export function makeLedger(): {
  readonly ledger: Ledger;
  readonly add: (one: JournalEvent) => void;
} {
  const shelves: Shelves = {
    certificates: new Map(),
    keys: new Map(),
    revoked: new Map(),
    lists: new Map(),
    refusals: new Set(),
    documents: new Set(),
  };
  const ledger: Ledger = {
    certificate: (serial) => shelves.certificates.get(serial),
    certificates: () => [...shelves.certificates.values()],
    ofKey: (key) => shelves.keys.get(key) ?? [],
    revocation: (serial) => shelves.revoked.get(serial),
    revoked: (issuer) => [...shelves.revoked.values()].filter((one) => one.issuer === issuer),
    list: (issuer) => shelves.lists.get(issuer),
    hasRefused: (asked, code) => shelves.refusals.has(`${asked} ${code}`),
    knows: (digest) => shelves.documents.has(digest),
  };
  return { ledger, add: (one) => addEvent(shelves, one) };
}

/** Leaves of an agency that are neither revoked nor over at `at`; of one kind when it is named. */
export function findCurrent(
  ledger: Ledger,
  { agency, kind, at }: { agency?: string | undefined; kind?: string | undefined; at: EpochMs },
): readonly EventOf<"issued">[] {
  return ledger
    .certificates()
    .filter((one): one is EventOf<"issued"> => one.event === "issued")
    .filter((one) => agency === undefined || one.agency === agency)
    .filter((one) => kind === undefined || one.kind === kind)
    .filter(({ serial, until }) => until > at && ledger.revocation(serial) === undefined);
}
