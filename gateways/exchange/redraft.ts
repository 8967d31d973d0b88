import {
  decodeMessage,
  type Envelope,
  parseEnvelope,
  renderInstant,
  statedHeader,
} from "../../schemas/index.ts";
import { Fault, makeUuid, parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import { withoutMoved } from "../../schemas/submission/index.ts";
import type { StoredMessage } from "../store/index.ts";
import type { Submission } from "./exchange.ts";
import { innerOf } from "./inherited.ts";
import { idChance } from "./keyed-id.ts";
import type { Office } from "./office.ts";
import { membersOf } from "./paired.ts";
import { showDetail } from "./show.ts";

/** A message of ours that never left, as it could be handed in again once it is mended. */
export interface Redraft {
  /** The same for one caller and message, however often he asks. */
  readonly draft: string;
  readonly submission: Submission;
}

const over: ReadonlySet<string> = new Set(["REFUSED", "STOPPED", "EXPIRED"]);

function findOver({ store, agency }: Office, id: string): StoredMessage {
  const known = store.messages.known("out", agency, parseUuid(id));
  const stored = known === undefined ? undefined : store.messages.get(known.seq);
  if (stored?.parts === undefined) throw new Fault("NOT_FOUND", "no message of ours with content has this id");
  if (over.has(stored.state)) return stored;
  const way = stored.state === "QUEUED" ? "it waits to be sent: stop it first" : "correct or withdraw it with a message of its own";
  throw new Fault("REQUEST_INVALID", `only what was refused, stopped or ran out is written anew; ${way}`);
} // prettier-ignore

/** What a hub took, a reader signed or a carry file holds stands there: a second one would say the same twice. */
function checkNobodyHas({ store }: Office, { seq, digest }: StoredMessage): void {
  const isTaken = store.outbox.byMessage(seq).some(({ state }) => state === "ACCEPTED");
  const isHeld = store.ladder.rungs(seq).some(({ kind }) => kind === "DELIVERED");
  if (!isTaken && !isHeld && store.carried.of(digest).length === 0) return;
  throw new Fault("MESSAGE_LEFT", "a hub, a reader or a carry file has a part of it; correct or withdraw it with a message of its own");
} // prettier-ignore

/** The edition that says the whole, and the other one where there are two. */
function findEditions(office: Office, named: StoredMessage): { readonly own: StoredMessage; readonly regional?: StoredMessage } {
  const otherId = office.store.editions.otherOf(named.id);
  if (otherId === undefined) return { own: named };
  const other = findOver(office, renderUuid(otherId));
  return named.recs.length === 0 ? { own: named, regional: other } : { own: other, regional: named };
} // prettier-ignore

/** Only what is not there by itself: an end that has passed is left to the type. */
function timesOf({ expiresAt, validFrom }: Envelope, now: number): Pick<Submission, "expiresAt" | "validFrom"> {
  return {
    ...(expiresAt <= now ? {} : { expiresAt: renderInstant(expiresAt) }),
    ...(validFrom === undefined ? {} : { validFrom: renderInstant(validFrom) }),
  };
} // prettier-ignore

/** What a message of ours says of itself, by both headers. */
function headerOf({ raw, parts }: StoredMessage): Envelope {
  const envelope = parseEnvelope(decodeMessage(raw).envelope);
  return parts === undefined ? envelope : statedHeader(envelope, innerOf(parts));
}

function referencesOf(office: Office, own: StoredMessage, regional?: StoredMessage): Pick<Submission, "threadId" | "inReplyTo" | "supersedes"> {
  const { threadId, inReplyTo } = showDetail(office.store, own);
  const { supersedes: outer } = parseEnvelope(decodeMessage(own.raw).envelope);
  const supersedes = outer ?? (own.parts && innerOf(own.parts).supersedes);
  // the thread of the other edition was begun by the gateway, and never was
  const isBegun = regional !== undefined && threadId === renderUuid(regional.id);
  return {
    ...(threadId === undefined || isBegun ? {} : { threadId }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(supersedes === undefined ? {} : { supersedes: renderUuid(supersedes) }),
  };
} // prettier-ignore

function whomOf({ recs, handling }: StoredMessage, recipients: readonly string[], regional?: StoredMessage): Pick<Submission, "recs" | "recipients" | "project"> {
  if (recs.length > 0) return { recs };
  const project = regional === undefined ? {} : { project: { recs: regional.recs, ...(regional.handling === handling ? {} : { handling: regional.handling }) } };
  return { recipients, ...project };
} // prettier-ignore

/** Says the inner header as its writer could have: without what stands beside it, and without what the gateway follows threads by. */
function innerJson(inner: unknown): Readonly<Record<string, unknown>> {
  const { follows: _follows, ...said } = withoutMoved(membersOf(inner));
  return said;
}

/**
 * What a message of ours said that was refused, stopped or ran out before anybody had any of it, as a submission to be
 * mended: judged anew in everything when it is handed in. Of two editions the one that says the whole, with where the other went.
 *
 * @param by the caller, who has one draft of it
 * @throws {Fault} NOT_FOUND, ID_INVALID, REQUEST_INVALID where it waits or was sent; MESSAGE_LEFT where somebody has a part of it
 */
export function makeRedraft(office: Office, id: string, by: string): Redraft {
  const { store, clock } = office;
  const { own, regional } = findEditions(office, findOver(office, id));
  for (const one of [own, ...(regional === undefined ? [] : [regional])]) checkNobodyHas(office, one);
  const { recipients, inner, body } = showDetail(store, own);
  const envelope = headerOf(own);
  const { releaseLevel, action = "NEW", languages } = envelope;
  const { type, crimes, handling, urgency, status, createdAt } = own;
  const said = { type, ...whomOf(own, recipients, regional), crimes, handling, releaseLevel, urgency, status, action, languages };
  const references = referencesOf(office, own, regional);
  const times = timesOf(envelope, clock.now());
  const chance = idChance(store, `redraft ${renderUuid(own.id)} ${by}`);
  return {
    draft: renderUuid(makeUuid(createdAt, chance)),
    submission: { ...said, ...references, ...times, inner: innerJson(inner), body },
  };
} // prettier-ignore
