import { type Clock, type EpochMs, Fault, type Log, toFault } from "../../schemas/ground/index.ts";
import { decodeParts, isKnownType, joinParts } from "../../schemas/index.ts";
import type { Store } from "../store/index.ts";
import { findMatches, type LookupMatch, type LookupSubject } from "./find.ts";
import { type LookupPolicy, usualLookupPolicy } from "./policy.ts";
import { findSought } from "./sought.ts";

const hourMs = 3_600_000;

/** How old the copy is that was looked through. */
export interface CopyAge {
  readonly dataAsOf: EpochMs;
  readonly ageMs: number;
  /** Older than it is to be used without asking the owner first by another way. */
  readonly isOld: boolean;
}

/** Looks up things and persons in what this gateway holds, with a link or without. */
export interface LookupDesk {
  readonly agency: string;
  /** @throws {Fault} LOOKUP_COPY_OLD */
  age(): CopyAge;
  /** Everything that matches; whether the caller may see it is asked by whoever shows it. */
  find(subject: LookupSubject): readonly LookupMatch[];
  /** What a match is; undefined when its content is not here to be read. */
  tell(match: LookupMatch): LookupTold | undefined;
  stop(): void;
}

/** What the owner of a record says it is, and asks a finder to do. */
export interface LookupTold {
  /** A code of RECORD_KIND. */
  readonly recordKind: string;
  /** A code of ACTION_REQUESTED. */
  readonly onFinding: string;
}

/** What a desk stands on. */
export interface LookupParts {
  readonly agency: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy?: LookupPolicy | undefined;
  /** Whether the hub is reached now, and when it last was since this process began. */
  link(): { readonly linkUp: boolean; readonly lastContactAt?: EpochMs | undefined };
}

const contactName = "lookups.contact";
const contactEveryMs = 300_000;

/** When the hub was last reached, as a process before this one wrote it down; nothing when that lies ahead of the clock. */
function readContact({ store, clock }: LookupParts): EpochMs {
  const written = Number(store.settings.get(contactName) ?? 0);
  return written <= clock.now() ? written : 0;
}

/** When the hub was last reached; by the newest arrival where nobody knows. */
function findContact(parts: LookupParts): EpochMs {
  const { linkUp, lastContactAt = 0 } = parts.link();
  if (linkUp) return parts.clock.now();
  const contact = Math.max(lastContactAt, readContact(parts));
  return contact > 0 ? contact : (parts.store.messages.list({ box: "in", limit: 1 })[0]?.storedAt ?? 0);
} // prettier-ignore

async function writeContact(parts: LookupParts): Promise<void> {
  const { store, log, clock } = parts;
  if (!parts.link().linkUp) return;
  try {
    await store.write(() => store.settings.set(contactName, String(clock.now())));
  } catch (error) {
    // the age is then told as older than it is
    log.warn("the time of contact is not kept", { code: toFault(error, "INTERNAL").code });
  }
}

function tell({ messages }: Store, seq: number): LookupTold | undefined {
  const { type = "", parts } = messages.get(seq) ?? {};
  if (parts === undefined || !isKnownType(type)) return undefined;
  const sought = findSought(type, joinParts(decodeParts(parts).parts).body);
  if (sought === undefined) return undefined;
  const { recordKind, onFinding } = sought;
  return { recordKind, onFinding };
}

/** Builds the desk of one gateway. Looking up writes nothing; a timer writes down that the hub is still reached. */
export function makeLookupDesk(parts: LookupParts): LookupDesk {
  const { agency, store, clock, policy = usualLookupPolicy } = parts;
  const timer = clock.every(contactEveryMs, () => void writeContact(parts));
  return {
    agency,
    age: () => {
      const dataAsOf = Math.min(findContact(parts), clock.now());
      const ageMs = clock.now() - dataAsOf;
      if (ageMs > policy.refuseAfterHours * hourMs) {
        const { refuseAfterHours: hours } = policy;
        throw new Fault("LOOKUP_COPY_OLD", `no hub was reached for ${hours} hours; ask the owner by another way`); // prettier-ignore
      }
      return { dataAsOf, ageMs, isOld: ageMs > policy.markAfterHours * hourMs };
    },
    find: (subject) => findMatches(store, subject, clock.now()),
    tell: ({ stored }) => tell(store, stored.seq),
    stop: () => timer.stop(),
  };
}
