import { type Clock, Fault, parseUuid } from "../../schemas/ground/index.ts";
import type { Exchange, Submitted } from "../exchange/index.ts";
import { type Caller, visibleTo } from "../people/index.ts";
import type { Drafts, Store, StoredDraft } from "../store/index.ts";

/** Who writes. */
export type Writer = Pick<Caller, "id" | "roles" | "handlingUpTo">;

/** A draft as it is handed in. */
export interface DraftText {
  /** A submission, whole or not. */
  readonly message: Readonly<Record<string, unknown>>;
  readonly isShared: boolean;
  /** How many things are still wrong with it. */
  readonly missing: number;
}

/** What a request says of the version it is about: the values of If-Match and If-None-Match. */
export interface Match {
  readonly is: string | null;
  readonly isNone: string | null;
}

/** One act on a draft. */
export interface DraftAct {
  readonly caller: Writer;
  readonly id: string;
  readonly match: Match;
  /** Called inside the write of the act. */
  readonly also?: ((id: string) => void) | undefined;
  /** Puts the keys of its files into what is sent. */
  readonly fill?: ((submission: unknown) => unknown) | undefined;
}

/** Messages that are being written, kept at the gateway: over sign-out, and for whoever works on them together. */
export interface DraftDesk {
  list(caller: Writer): readonly StoredDraft[];
  /** @throws {Fault} NOT_FOUND, ID_INVALID */
  get(caller: Writer, id: string): StoredDraft;
  /** @throws {Fault} PRECONDITION_MISSING, PRECONDITION_FAILED, DRAFT_SENT, NOT_FOUND, ID_INVALID, REQUEST_TOO_LARGE */
  put(act: DraftAct, text: DraftText): Promise<{ readonly draft: StoredDraft; readonly created: boolean }>;
  /** @throws {Fault} as `put` */
  remove(act: DraftAct): Promise<void>;
  /** Sends it, once however often it is asked; a draft that is refused stays as it was. @throws {Fault} as `put` and as the exchange */
  submit(act: DraftAct): Promise<Submitted>;
} // prettier-ignore

/** What the desk works with. */
export interface DraftParts {
  readonly store: Pick<Store, "drafts" | "write">;
  readonly exchange: Pick<Exchange, "submit" | "find">;
  readonly clock: Clock;
}

const maxContent = 262_144;
const maxOwn = 200;
const maxListed = 400;
/** A draft that nobody touched so long is taken away. */
const keptMs = 90 * 86_400_000;

/** How a version is written in ETag. */
export function renderVersion({ version }: Pick<StoredDraft, "version">): string {
  return `"v${version}"`;
}

/** One of somebody else's and one that is not there are answered alike. */
function isFor({ id, ...caller }: Writer, draft: StoredDraft): boolean {
  const isTheirs = draft.owner === id || draft.isShared;
  return isTheirs && visibleTo(caller, { handling: draft.handling, state: "DRAFT" });
}

function findIn(drafts: Pick<Drafts, "get">, { caller, id }: Pick<DraftAct, "caller" | "id">): StoredDraft | undefined {
  parseUuid(id);
  const draft = drafts.get(id);
  if (draft !== undefined && !isFor(caller, draft)) throw new Fault("NOT_FOUND", "no draft here has this id");
  return draft;
} // prettier-ignore

function getIn(drafts: Pick<Drafts, "get">, act: Pick<DraftAct, "caller" | "id">): StoredDraft {
  const draft = findIn(drafts, act);
  if (draft === undefined) throw new Fault("NOT_FOUND", "no draft here has this id");
  return draft;
}

/** Whether the version is the one the caller last read; he must say which that was. */
function checkVersion(draft: StoredDraft | undefined, { is, isNone }: Match): void {
  const wanted = is ?? (isNone === "*" ? "" : null);
  if (wanted === null) {
    const says = "send If-Match with the ETag that you read, or If-None-Match: * for a new one";
    throw new Fault("PRECONDITION_MISSING", says);
  }
  const now = draft === undefined ? "" : renderVersion(draft);
  const isSame = wanted === now || (wanted === "*" && draft !== undefined);
  if (!isSame) throw new Fault("PRECONDITION_FAILED", "read the draft again, and change that");
}

function checkUnsent(draft: StoredDraft | undefined): void {
  if (draft?.message !== undefined) {
    throw new Fault("DRAFT_SENT", `it is message ${draft.message}; correct or withdraw that`);
  }
}

/** A member of the submission as far as lists and ceilings need it; what it is worth is for validation. */
function wordOf(message: DraftText["message"], name: string, usual: string): string {
  const value = message[name];
  return typeof value === "string" && value.length <= 60 ? value : usual;
}

function checkRoom({ drafts }: Pick<Store, "drafts">, owner: string, content: string): void {
  if (content.length > maxContent) {
    throw new Fault("REQUEST_TOO_LARGE", `a draft has at most ${maxContent} characters`);
  }
  if (drafts.count(owner) >= maxOwn) {
    throw new Fault("REQUEST_TOO_LARGE", `you have ${maxOwn} drafts; send or delete some`);
  }
}

function putDraft({ store, clock }: DraftParts, act: DraftAct, text: DraftText): { draft: StoredDraft; created: boolean } {
  const { drafts } = store;
  const now = clock.now();
  drafts.expire(now);
  const before = findIn(drafts, act);
  checkUnsent(before);
  checkVersion(before, act.match);
  const { message, isShared, missing } = text;
  const { id: owner } = act.caller;
  const content = JSON.stringify(message);
  checkRoom(store, before === undefined ? owner : "", content);
  const draft: StoredDraft = {
    id: act.id,
    owner: before?.owner ?? owner,
    // only who began it decides who else works on it
    isShared: before === undefined || before.owner === owner ? isShared : before.isShared,
    content,
    type: wordOf(message, "type", ""),
    handling: wordOf(message, "handling", "H0"),
    version: (before?.version ?? 0) + 1,
    missing,
    changedBy: owner,
    madeAt: before?.madeAt ?? now,
    changedAt: now,
    endsAt: now + keptMs,
  };
  drafts.put(draft);
  act.also?.(act.id);
  return { draft, created: before === undefined };
} // prettier-ignore

/** Of a draft that was sent only what it became is kept. Runs inside a write. */
function markSent({ store, clock }: DraftParts, draft: StoredDraft, message: string): void {
  const now = store.drafts.get(draft.id);
  if (now?.version !== draft.version) {
    throw new Fault("PRECONDITION_FAILED", "read the draft again, and send that");
  }
  store.drafts.put({ ...draft, content: "", message, endsAt: clock.now() + keptMs });
}

async function submitDraft(parts: DraftParts, act: DraftAct): Promise<Submitted> {
  const { store, exchange } = parts;
  const draft = getIn(store.drafts, act);
  if (draft.message !== undefined) {
    const { audience = [] } = exchange.find(draft.message) ?? {};
    return { id: draft.message, created: false, audience };
  }
  if (act.match.is !== null) checkVersion(draft, act.match);
  const submission: unknown = JSON.parse(draft.content);
  const also = (message: string): void => {
    markSent(parts, draft, message);
    act.also?.(message);
  };
  const sent = await exchange.submit(submission, draft.id, {
    also,
    by: act.caller.id,
    fill: act.fill,
  });
  // its id was an Idempotency-Key of the same content before
  const isMarked = store.drafts.get(draft.id)?.message !== undefined;
  if (!sent.created && !isMarked) await store.write(() => markSent(parts, draft, sent.id));
  return sent;
}

/** Builds the desk. A draft's id is chosen by who writes it, and is the Idempotency-Key of the message it becomes. */
export function makeDraftDesk(parts: DraftParts): DraftDesk {
  const { store, clock } = parts;
  return {
    list: (caller) =>
      store.drafts
        .list(caller.id, maxListed)
        .filter((draft) => draft.endsAt > clock.now() && isFor(caller, draft)),
    get: (caller, id) => getIn(store.drafts, { caller, id }),
    put: (act, text) => store.write(() => putDraft(parts, act, text)),
    remove: (act) =>
      store.write(() => {
        const draft = getIn(store.drafts, act);
        checkUnsent(draft);
        checkVersion(draft, act.match);
        store.drafts.remove(act.id);
        act.also?.(act.id);
      }),
    submit: (act) => submitDraft(parts, act),
  };
}
