import { Fault, makeUuid, parseUuid, renderUuid, sameBytes } from "../../schemas/ground/index.ts";
import {
  digestOfJson,
  type Exchange,
  type Office,
  showPreview,
  type ShownPreview,
  type Submitted,
} from "../exchange/index.ts";
import { visibleTo } from "../people/index.ts";
import type { StoredRelease } from "../store/index.ts";
import { checkSecond, type Decider, isMakerThere } from "./second.ts";
import { type ReleaseFiles, showRelease, type ShownRelease, submissionOf } from "./show.ts";
import { termOf } from "./term.ts"; // prettier-ignore

/** A submission that takes two officers, as its maker hands it in. */
export interface HandedIn {
  readonly caller: Decider;
  readonly submission: unknown;
  /** Its Idempotency-Key; the same with the same content is the same item. */
  readonly key: string;
  /** Callers who wrote on it beside him. */
  readonly writers?: readonly string[] | undefined;
  /** The submission with the keys of its files, and the messages whose files he may pass on. */
  readonly files?: { readonly filled: unknown; readonly readable: readonly string[] } | undefined;
  /** Called inside the write that keeps it. */
  readonly also?: ((id: string) => void) | undefined;
}

/** A word on one of them. */
export interface ReleaseAct {
  readonly caller: Decider;
  readonly id: string;
  /** Called inside the write of the act; of a release with the message it became. */
  readonly also?: ((release: StoredRelease, message: string) => void) | undefined;
}

/** A word by which it is sent. */
export interface ReleaseWord extends ReleaseAct {
  /** If-Match: the version of what he was shown. */
  readonly match: string | null;
  readonly filesOf?: ((release: StoredRelease) => ReleaseFiles | undefined) | undefined;
}

/** Submissions that wait for a second officer. */
export interface ReleaseDesk {
  /** What a submission would be to its readers, were it sent now; keeps nothing. @throws {Fault} as `showPreview` */
  preview(submission: unknown): Promise<ShownPreview>;
  /** Keeps a submission until another person's word. @throws {Fault} IDEMPOTENCY_KEY_REUSED, TOO_MANY_TRIES, and as `showPreview` */
  keep(handed: HandedIn): Promise<StoredRelease>;
  /** One's own; for approvers all, up to their ceiling. */
  list(caller: Decider, state?: string): readonly StoredRelease[];
  /** What would be sent now, and to whom. @throws {Fault} NOT_FOUND, ID_INVALID */
  show(caller: Decider, id: string, filesOf?: ReleaseWord["filesOf"]): Promise<ShownRelease>;
  /** Sends it, to exactly those he was shown. @throws {Fault} SECOND_PERSON_NEEDED, RELEASE_ENDED, PRECONDITION_MISSING, PRECONDITION_FAILED, NOT_FOUND, and as the exchange */
  release(word: ReleaseWord): Promise<Submitted>;
  /** Gives it back to its maker with a reason. @throws {Fault} as `release` */
  giveBack(act: ReleaseAct, reason: string): Promise<StoredRelease>;
  /** Its maker takes it back. @throws {Fault} RELEASE_ENDED, NOT_FOUND */
  withdraw(act: ReleaseAct): Promise<StoredRelease>;
  /** Ends what waited too long, and forgets what is over for long. Says how many ended. */
  expire(): Promise<number>;
  waiting(): { readonly count: number; readonly oldestAt?: number | undefined };
}

/** What the desk works with. */
export interface ReleaseParts {
  readonly office: Office;
  readonly exchange: Pick<Exchange, "submit">;
  /** Adds a line to the record, inside the write that is under way. */
  readonly note: (line: { readonly who: string; readonly act: "RELEASE_EXPIRED" | "MESSAGE_SENT"; readonly object: string }) => void;
} // prettier-ignore

const maxContent = 262_144;
const maxOfOne = 200;
const maxListed = 500;
/** What ended stays to be read so long. */
const keptMs = 14 * 86_400_000;
const batch = 100;

type Parts = ReleaseParts;

/** An item as it stands now: past its time it waits no more, whether that was written yet or not. */
function standing({ office }: Parts, release: StoredRelease): StoredRelease {
  const isOver = release.state === "WAITING" && release.endsAt <= office.clock.now();
  return isOver ? { ...release, state: "EXPIRED" } : release;
}

function isMaker({ maker, writers }: StoredRelease, { id }: Decider): boolean {
  return maker === id || writers.includes(id);
}

/** One that is not for the caller and one that is not there are answered alike. */
function findFor(parts: Parts, caller: Decider, id: string): StoredRelease {
  parseUuid(id);
  const found = parts.office.store.releases.get(id);
  const isFor = found !== undefined && (isMaker(found, caller) || caller.roles.has("approver"));
  if (!isFor || !visibleTo(caller, found)) {
    throw new Fault("NOT_FOUND", "nothing that waits here has this id");
  }
  return standing(parts, found);
}

function findWaiting(parts: Parts, { caller, id }: ReleaseAct): StoredRelease {
  const found = findFor(parts, caller, id);
  if (found.state === "WAITING") return found;
  throw new Fault("RELEASE_ENDED", `it is ${found.state} already; hand it in anew to have it sent`);
}

/** The item that a key stands for already. */
function findKept(parts: Parts, { caller, key, submission }: HandedIn): StoredRelease | undefined {
  const held = parts.office.store.releases.byKey(key);
  if (held === undefined) return undefined;
  const now = standing(parts, held);
  if (isMaker(held, caller) && sameBytes(held.digest, digestOfJson(submission))) return now;
  // what was given back is written anew under its key, as a draft is
  if (isMaker(held, caller) && now.state !== "WAITING" && now.state !== "RELEASED") return undefined;
  throw new Fault("IDEMPOTENCY_KEY_REUSED", "something else waits under this key; take a new one");
} // prettier-ignore

function checkRoom({ office }: Parts, { caller }: HandedIn, content: string): void {
  if (content.length > maxContent) {
    throw new Fault("REQUEST_TOO_LARGE", `what waits has at most ${maxContent} characters`);
  }
  if (office.store.releases.countOf(caller.id) < maxOfOne) return;
  throw new Fault("TOO_MANY_TRIES", `at most ${maxOfOne} of one maker wait; take some back first`);
}

async function keep(parts: Parts, handed: HandedIn): Promise<StoredRelease> {
  const { office } = parts;
  const { store, clock, chance } = office;
  const held = findKept(parts, handed);
  if (held !== undefined) return held;
  const { caller, key, submission, writers = [], files } = handed;
  const content = JSON.stringify(submission);
  const filled = files?.filled ?? submission;
  const { message, twoOfficers: reasons } = await showPreview(office, filled);
  const { type, handling, urgency, audience, expiresAt } = message;
  const madeAt = clock.now();
  const release: StoredRelease = {
    id: renderUuid(makeUuid(madeAt, chance)),
    key,
    maker: caller.id,
    writers: [...new Set(writers)].filter((one) => one !== caller.id),
    digest: digestOfJson(submission),
    content,
    readable: files?.readable ?? [],
    filled: digestOfJson(filled),
    audience,
    type,
    handling,
    urgency,
    reasons,
    state: "WAITING",
    madeAt,
    endsAt: termOf(urgency, madeAt, expiresAt),
  };
  const kept = await store.write(() => {
    // the same may have come in twice meanwhile
    const meanwhile = findKept(parts, handed);
    if (meanwhile !== undefined) return meanwhile;
    checkRoom(parts, handed, content);
    store.releases.forget(madeAt - keptMs);
    const old = store.releases.byKey(key);
    if (old !== undefined) store.releases.put({ ...standing(parts, old), key: `ended ${old.id}` });
    store.releases.put(release);
    handed.also?.(release.id);
    return release;
  });
  office.changed([]);
  return kept;
} // prettier-ignore

/** Writes how it ended; runs inside a write. */
function settle({ office }: Parts, release: StoredRelease, end: Partial<StoredRelease>): StoredRelease {
  const ended = { ...release, decidedAt: office.clock.now(), ...end };
  office.store.releases.put(ended);
  return ended;
} // prettier-ignore

function checkVersion({ version, problems }: ShownRelease, match: string | null): void {
  if (match === null) {
    throw new Fault("PRECONDITION_MISSING", "send If-Match with the ETag of what you were shown");
  }
  const [first] = problems;
  if (first !== undefined) throw new Fault(first.code, first.message, { violations: problems });
  if (match !== version) {
    const why = "who would read it, or what, is not what you were shown; look at it again";
    throw new Fault("PRECONDITION_FAILED", why);
  }
}

/** A draft that it was handed in as is sent now; unless it was written on since. Runs inside a write. */
function markDraft({ office }: Parts, { key, digest }: StoredRelease, message: string): void {
  const { drafts } = office.store;
  const draft = drafts.get(key);
  if (draft === undefined || draft.content === "") return;
  const isSame = sameBytes(digestOfJson(JSON.parse(draft.content)), digest);
  if (isSame) drafts.put({ ...draft, content: "", message });
}

function markReleased(parts: Parts, word: ReleaseWord, message: string): void {
  const release = findWaiting(parts, word);
  checkSecond(parts.office.store, release, word.caller);
  const ended = { state: "RELEASED", decidedBy: word.caller.id, content: "", message };
  settle(parts, release, ended);
  markDraft(parts, release, message);
  parts.note({ who: release.maker, act: "MESSAGE_SENT", object: message });
  word.also?.(release, message);
}

async function sendShown(parts: Parts, word: ReleaseWord): Promise<Submitted> {
  const { office, exchange } = parts;
  const found = findWaiting(parts, word);
  checkSecond(office.store, found, word.caller);
  if (!isMakerThere(office.store, found)) {
    throw new Fault("RELEASE_ENDED", "who handed it in may send nothing now; another hands it in anew");
  }
  const files = word.filesOf?.(found);
  const shown = await showRelease(office, found, files);
  checkVersion(shown, word.match);
  const sent = await exchange.submit(submissionOf(found), found.key, {
    fill: files === undefined ? undefined : (submission) => files.fill(submission),
    by: found.maker,
    released: {
      audience: shown.preview?.message.audience ?? [],
      projected: shown.preview?.regional?.message.audience,
    },
    also: (message) => {
      markReleased(parts, word, message);
      files?.bind(message);
    },
  });
  // the same key was sent before it came to wait
  if (!sent.created) await office.store.write(() => markReleased(parts, word, sent.id));
  office.changed([]);
  return sent;
} // prettier-ignore

async function endBy(parts: Parts, act: ReleaseAct, how: (found: StoredRelease) => Partial<StoredRelease>): Promise<StoredRelease> {
  const { office } = parts;
  const ended = await office.store.write(() => {
    const found = findWaiting(parts, act);
    const written = settle(parts, found, { ...how(found), decidedBy: act.caller.id });
    act.also?.(written, "");
    return written;
  });
  office.changed([]);
  return ended;
} // prettier-ignore

async function expire(parts: Parts): Promise<number> {
  const { office } = parts;
  const { store } = office;
  const now = office.clock.now();
  if (store.releases.overdue(now, 1).length === 0) return 0;
  const count = await store.write(() => {
    const overdue = store.releases.overdue(now, batch);
    for (const one of overdue) {
      settle(parts, one, { state: "EXPIRED" });
      parts.note({ who: "gateway", act: "RELEASE_EXPIRED", object: one.id });
    }
    store.releases.forget(now - keptMs);
    return overdue.length;
  });
  office.changed([]);
  return count;
}

/** Builds the desk. What waits lies in the store, as drafts do, and outlives the process. */
export function makeReleaseDesk(parts: ReleaseParts): ReleaseDesk {
  const { office } = parts;
  const { releases } = office.store;
  return {
    preview: (submission) => showPreview(office, submission),
    keep: (handed) => keep(parts, handed),
    list: (caller, state) =>
      releases
        .list(state, maxListed)
        .map((one) => standing(parts, one))
        .filter((one) => state === undefined || one.state === state)
        .filter((one) => isMaker(one, caller) || caller.roles.has("approver"))
        .filter((one) => visibleTo(caller, one)),
    show: async (caller, id, filesOf) => {
      const found = findFor(parts, caller, id);
      return await showRelease(office, found, filesOf?.(found));
    },
    release: (word) => sendShown(parts, word),
    giveBack: (act, reason) =>
      endBy(parts, act, (found) => {
        checkSecond(office.store, found, act.caller);
        return { state: "RETURNED", reason };
      }),
    withdraw: (act) =>
      endBy(parts, act, (found) => {
        if (!isMaker(found, act.caller)) {
          throw new Fault("SECOND_PERSON_NEEDED", "whoever wrote it takes it back; you may give it back with a reason");
        }
        return { state: "WITHDRAWN", content: "" };
      }),
    expire: () => expire(parts),
    waiting: () => releases.waiting(),
  };
} // prettier-ignore
