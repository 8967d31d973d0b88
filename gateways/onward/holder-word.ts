import {
  bodyCodecs,
  type DataPurgeAck,
  type Envelope,
  type InnerHeader,
  type MessageType,
} from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  isFault,
  parseUuid,
  renderUuid,
  sameBytes,
} from "../../schemas/ground/index.ts";
import type { LoggedUse, RecallOrder } from "../store/index.ts";
import type { OnwardPlace } from "./place.ts"; // prettier-ignore

type Place = Pick<OnwardPlace, "agency" | "store">;

/** An answer of ours to an order, that is about to be sent. */
export interface NewAnswer {
  readonly type: MessageType;
  readonly header: Pick<Envelope, "inReplyTo">;
  readonly inner: Pick<InnerHeader, "inReplyTo" | "recipients">;
  readonly bodyBytes: Bytes;
}

type Copy = DataPurgeAck["purged"][number];

/** Words that end a matter as done everywhere, also where it went on from here. */
const finals: ReadonlySet<string> = new Set(["DELETED", "CORRECTED", "BLOCKED"]);

/** Orders that follow the whole message wherever it went; one about files alone follows those files. */
function goesOn({ kind, scope }: RecallOrder): boolean {
  return kind === "CORRECT" || kind === "BLOCK" || (kind === "PURGE" && scope !== "ATTACHMENT");
}

/** The orders of another that an answer is to. */
function ordersOf({ store }: Place, { header, inner }: NewAnswer): readonly RecallOrder[] {
  const about = header.inReplyTo ?? inner.inReplyTo;
  const [originator] = inner.recipients;
  const known = about === undefined || originator === undefined ? undefined : store.messages.known("in", originator, about);
  return known === undefined ? [] : store.recalls.ofOrder(known.seq).filter(goesOn);
} // prettier-ignore

/** Whether a use went out with a message of ours; all else was given by hand. */
function isSent({ store, agency: own }: Place, { agency, carrier }: LoggedUse): boolean {
  if (agency === undefined) return false;
  try {
    return store.messages.known("out", own, parseUuid(carrier)) !== undefined;
  } catch (error) {
    if (isFault(error, "ID_INVALID")) return false;
    throw error;
  }
}

function findForgotten(place: Place, copy: Copy, order: RecallOrder): string | undefined {
  const uses = place.store.onward.of(order.target).filter(({ owner }) => owner === order.originator);
  const named = new Set([...copy.onwardDone, ...copy.onwardPending]);
  const unnamed = uses.find((use) => isSent(place, use) && !named.has(use.agency ?? ""));
  if (unnamed !== undefined) return `${unnamed.agency ?? ""} was given it by ${unnamed.carrier}: name it in onwardDone once it has answered, in onwardPending until then`;
  const isOpen = (use: LoggedUse): boolean => !isSent(place, use) && place.store.recalls.outside(use.seq, order.kind) === undefined;
  const outside = uses.find(isOpen);
  return outside && `use ${outside.seq} outside this network is not undone: confirm it first (atumpan recall confirm)`;
} // prettier-ignore

/**
 * Refuses to tell the owner of a message that what he ordered is done while our own onward log names somebody of whom the
 * answer says nothing: who writes it by hand may not know where it went, and the log does.
 *
 * @throws {Fault} SCHEMA_INVALID, with where it stands
 */
export function checkHolderWord(place: Place, answer: NewAnswer): void {
  if (answer.type !== "data.purge_ack") return;
  const orders = ordersOf(place, answer);
  if (orders.length === 0) return;
  const { purged } = bodyCodecs["data.purge_ack"].decode(answer.bodyBytes);
  for (const [at, copy] of purged.entries()) {
    if (!finals.has(copy.done)) continue;
    const order = orders.find(({ target }) => sameBytes(target, copy.targetId));
    const why = order && findForgotten(place, copy, order);
    if (why === undefined) continue;
    const message = `${copy.done} is not said of ${renderUuid(copy.targetId)} yet: ${why}`;
    throw new Fault("SCHEMA_INVALID", message, { violations: [{ path: `/body/purged/${at}/onwardDone`, code: "SCHEMA_FIELD_MISSING", message }] });
  }
} // prettier-ignore
