import {
  type Accepted,
  type Held,
  type HubStop,
  parsePause,
  type Receipt,
  type Refused,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  faults,
  isFault,
  isFaultCode,
  sameBytes,
  toFault,
} from "../../schemas/ground/index.ts";
import type { StoredPublication } from "../store/index.ts";
import { tagOf } from "./keyed-id.ts";
import { touchThread } from "../work/index.ts";
import { applyFarErased } from "./far-erased.ts";
import { placeAccepted } from "./log-place.ts";
import type { Office } from "./office.ts";
import { applyOpened } from "./opened.ts";
import { type ProvenReceipt, verifyReceipt } from "./verify/receipt.ts";
import { applyTakenOn } from "./taken-on.ts";
import { voidSequence } from "./void.ts";

/** What a hub says of others' mail that we relay; called inside a write. */
export interface RelayedLines {
  /** False where it is none of that. */
  accepted(hub: string, line: Accepted): boolean;
  /** The publication to put off where the hub may take it later; undefined where it is none of that. */
  refused(hub: string, line: Refused): { readonly postpone: number | undefined } | undefined;
}

/** What receipts set off. */
export interface ReceiptDuties {
  /** Where this gateway relays. */
  readonly relay?: RelayedLines | undefined;
  /** Whose link they came over; the hub of no link of ours lets nobody of us wait. */
  readonly hub?: string;
  /** The outbox changed. */
  wake(): void;
  /** The hub asked for time for this publication. Left out where no hub speaks, as in a file. */
  postpone?(publication: number): void;
  /** The hub lets nobody of us in for so long. */
  pause?(forMs: number): void;
  /** Somebody judges by this epoch of the register. */
  sawEpoch(epoch: number): void;
  /** The hub itself judges by this epoch. */
  sawHubEpoch?(epoch: number): void;
  /** Whether the hub takes in anything new, as it says at this time. */
  sawStop?(stop: HubStop | undefined, at: EpochMs): void;
  refreshRegister(): Promise<boolean>;
}

/** One receipt while it is applied, inside a write. */
interface Applying {
  readonly office: Office;
  readonly proven: ProvenReceipt;
  /** Place of the receipt in the store. */
  readonly receipt: number;
  readonly moved: Set<number>;
  readonly relay: RelayedLines | undefined;
}

function ignore({ office, proven }: Applying, why: string): void {
  const { issuer } = proven.receipt;
  office.log.warn("a receipt's line was passed over", {
    code: "RECEIPT_INVALID",
    agency: issuer,
    type: why,
  });
}

/** A hub took it, and we do not hold it: in a store that was put back from a copy, one of the time since. */
function noteLost(applying: Applying, { messageId: id }: Accepted): void {
  const { office, proven } = applying;
  const { restored } = office.store;
  if (restored.mark() === undefined) return ignore(applying, "accepted: no such message of ours");
  restored.addLost({ id, tag: tagOf(id), takenAt: proven.receipt.issuedAt });
}

/** Only the hub that a publication goes by says what became of it there. */
function isItsHub({ proven }: Applying, { hub }: StoredPublication): boolean {
  return hub === "" || hub === proven.receipt.issuer;
}

/** What was taken back while it was under way, and the hub took after all, is to be taken out there. */
function tendAgain({ store, agency }: Office, { messageId }: Accepted): void {
  for (const order of store.recalls.of(messageId, agency)) {
    if (order.kind === "PURGE") store.recalls.settle(order, { ...order, state: "OPEN" });
  }
}

function applyAccepted(applying: Applying, line: Accepted): void {
  const { office, proven, receipt } = applying;
  const { messages, outbox, ladder } = office.store;
  const known = messages.known("out", office.agency, line.messageId);
  if (known === undefined) {
    if (applying.relay?.accepted(proven.receipt.issuer, line) === true) return;
    return noteLost(applying, line);
  }
  if (!sameBytes(known.digest, line.envelopeDigest)) {
    return ignore(applying, "accepted: other content than ours");
  }
  const publications = outbox.byMessage(known.seq);
  const publication = publications.find(({ channel }) => channel === line.channel);
  if (publication === undefined) return ignore(applying, "accepted: another channel");
  const { channel, stream, instance, streamSequence: sequence } = line;
  if (publication.stream !== stream) return ignore(applying, "accepted: another stream");
  if (!isItsHub(applying, publication)) return ignore(applying, "accepted: by another hub");
  const { issuer, issuedAt: at } = proven.receipt;
  const place = { line, issuedAt: at, hub: issuer };
  outbox.accept(publication.seq, { stream, instance, sequence });
  placeAccepted(office, known.seq, place);
  tendAgain(office, line);
  ladder.addRung(known.seq, { kind: "ACCEPTED", issuer, channel, at, stream, sequence }, receipt);
  const isWhole = publications.every((one) => one === publication || one.state === "ACCEPTED");
  if (!isWhole || known.state !== "QUEUED") return;
  messages.setState(known.seq, "ACCEPTED");
  applying.moved.add(known.seq);
}

/** Whether the hub may take it later: then it stays in the outbox. */
function isPassing(code: string): boolean {
  return isFaultCode(code) && faults[code].retry === "later";
}

function settleRefused(applying: Applying, publication: StoredPublication, line: Refused): void {
  const { office, proven, receipt, moved } = applying;
  const { outbox, messages, ladder } = office.store;
  const { message, channel } = publication;
  const { issuer, issuedAt: at } = proven.receipt;
  const { code, detail } = line;
  outbox.settle(publication.seq, "REFUSED");
  voidSequence(outbox, publication);
  ladder.addRung(message, { kind: "REFUSED", issuer, channel, at, code, detail }, receipt);
  moved.add(message);
  // every reader signed that he holds it, by hand; that it came too late for the hub takes nothing of that away
  const isDelivered = messages.summary(message)?.state === "DELIVERED";
  if (isDelivered && code === "ENVELOPE_EXPIRED") return;
  // what was taken back stays so, whatever came of sending it
  if (messages.summary(message)?.state === "ERASED") return;
  messages.setState(message, "REFUSED", code);
  touchThread(office.store, message);
}

/** It waits on, and whoever looks is told for what: that the hub is busy passes by itself, that a reader is suspended may not. */
function sayWhyItWaits({ office, moved }: Applying, message: number, code: string): void {
  const { messages } = office.store;
  const now = messages.summary(message);
  if (now?.state !== "QUEUED" || now.code === code) return;
  messages.setState(message, "QUEUED", code);
  moved.add(message);
}

function applyRefused(applying: Applying, line: Refused, postpone: (seq: number) => void): void {
  if (line.code === "LINK_PAUSED") return;
  const publication = applying.office.store.outbox.byDigest(line.publicationDigest);
  if (publication === undefined) {
    const others = applying.relay?.refused(applying.proven.receipt.issuer, line);
    if (others?.postpone !== undefined) postpone(others.postpone);
    if (others === undefined) ignore(applying, "refused: no such publication of ours");
    return;
  }
  if (!isItsHub(applying, publication)) return ignore(applying, "refused: by another hub");
  if (publication.state !== "WAITING") return;
  if (!isPassing(line.code)) return settleRefused(applying, publication, line);
  postpone(publication.seq);
  sayWhyItWaits(applying, publication.message, line.code);
}

function holdOne(applying: Applying, message: number, { channel, openingUntold }: Held): void {
  const { office, proven, receipt, moved } = applying;
  const { ladder, messages, opened } = office.store;
  const { issuer, issuedAt: at } = proven.receipt;
  if (openingUntold === true) opened.addThere(message, { reader: issuer, ordinal: 0, at }, receipt);
  ladder.hold(message, issuer, at);
  ladder.addRung(message, { kind: "DELIVERED", issuer, channel, at }, receipt);
  const state = messages.summary(message)?.state ?? "";
  if (ladder.countOpen(message) === 0 && !["REFUSED", "ERASED"].includes(state)) {
    messages.setState(message, "DELIVERED");
  }
  // clocks start with the delivery
  touchThread(office.store, message);
  moved.add(message);
}

/** Whether this is a series that ended when this store was put back from a copy. */
function isEnded({ store }: Office, { series }: Held): boolean {
  return store.restored.mark() !== undefined && series < Number(store.settings.get("series"));
}

/**
 * Of a series that ended a reader holds later numbers than the copy; his word on the earlier ones stands. What waits is not
 * among them: another message may have been sent under its number since the copy was made.
 */
function applyHeldEnded(applying: Applying, line: Held): void {
  const { outbox, ladder } = applying.office.store;
  const { channel, series, sequence, missing, from = 1 } = line;
  const top = Math.min(sequence, outbox.lastSequence(channel, series));
  const place = { reader: applying.proven.receipt.issuer, channel, series };
  for (const open of ladder.open(place, from, top)) {
    const isSent = outbox.bySequence(channel, series, open.sequence)?.state === "ACCEPTED";
    if (isSent && !missing.includes(open.sequence)) holdOne(applying, open.message, line);
  }
}

function applyHeld(applying: Applying, line: Held): void {
  const { office, proven } = applying;
  const { ladder, outbox } = office.store;
  const { issuer: reader, issuedAt } = proven.receipt;
  const { channel, series, sequence, missing, from = 1 } = line;
  const top = outbox.bySequence(channel, series, sequence);
  // a reader who holds another slip under this number was shown something we did not sign
  if (top === undefined || !sameBytes(top.slipDigest, line.slipDigest)) {
    if (isEnded(office, line)) return applyHeldEnded(applying, line);
    return ignore(applying, "held: a slip that is not ours");
  }
  const place = { reader, channel, series };
  const mark = ladder.mark(place);
  if (mark !== undefined && issuedAt < mark.issuedAt) return;
  const isLower = mark === undefined || from < mark.first;
  const start = isLower ? from : Math.max(from, mark.settled + 1);
  const gaps = new Set(missing);
  for (const open of ladder.open(place, start, sequence)) {
    if (!gaps.has(open.sequence)) holdOne(applying, open.message, line);
  }
  const settled = gaps.size === 0 ? sequence : Math.min(...gaps) - 1;
  ladder.setMark(place, { first: from, sequence, settled, issuedAt });
}

/** What a relay says: that it took on ours, and what the hub beyond answered. */
function applyRelays(applying: Applying): void {
  const { relayed, farErasures } = applying.proven.receipt;
  for (const line of relayed?.messages ?? []) {
    const said = applyTakenOn(applying, line, (publication, refusal) =>
      settleRefused(applying, publication, refusal),
    );
    if (said !== undefined) ignore(applying, said);
  }
  for (const answer of farErasures?.answers ?? []) {
    const said = applyFarErased(applying, answer);
    if (said !== undefined) ignore(applying, said);
  }
}

/** Applies a proven receipt. Runs inside a write; the same receipt twice changes nothing. */
function applyReceipt(
  office: Office,
  proven: ProvenReceipt,
  { relay, postpone = () => undefined }: Pick<ReceiptDuties, "relay" | "postpone">,
): readonly number[] {
  const { issuer, issuedAt, accepted, refused, held, opened } = proven.receipt;
  const { store, clock } = office;
  const stored = { issuer, issuedAt, receivedAt: clock.now(), raw: proven.raw };
  const { seq: receipt } = store.ladder.addReceipt(stored);
  const applying = { office, proven, receipt, moved: new Set<number>(), relay };
  for (const line of accepted) applyAccepted(applying, line);
  for (const line of refused) applyRefused(applying, line, (seq) => postpone(seq));
  applyRelays(applying);
  for (const line of held) applyHeld(applying, line);
  for (const line of opened) {
    const moved = applyOpened(office, { issuer, issuedAt, receipt }, line);
    if (typeof moved === "number") applying.moved.add(moved);
    else ignore(applying, moved);
  }
  return [...applying.moved];
}

/** What it bears of the hub's log: the hub's own word, or what the hub showed another agency. */
function passCheckpoint({ proofs }: Office, { receipt, isHub }: ProvenReceipt): void {
  const { checkpoint, issuer } = receipt;
  if (checkpoint === undefined) return;
  if (isHub) proofs?.saw(issuer, checkpoint);
  else proofs?.heard(issuer, checkpoint);
}

/** How long the hub that signed this lets nobody of us in from now on; nothing when that is over, or it does not say it. */
function pauseOf({ receipt, isHub }: ProvenReceipt, now: EpochMs): number {
  const line = isHub ? receipt.refused.find(({ code }) => code === "LINK_PAUSED") : undefined;
  const forMs = parsePause(line?.detail) ?? 0;
  return Math.min(forMs, receipt.issuedAt + forMs - now);
}

/** What our hub says of itself in a receipt. */
function hearHub(duties: ReceiptDuties, { stop, issuedAt, registerEpoch = 0 }: Receipt): void {
  duties.sawStop?.(stop, issuedAt);
  duties.sawHubEpoch?.(registerEpoch);
}

/**
 * Builds what takes receipts: proves each, keeps it as evidence and moves our messages on, all in one write.
 * A receipt that cannot be proved is dropped with a line in the log; its issuer sends the next one anyway.
 */
export function makeTakeReceipts(
  office: Office,
  duties: ReceiptDuties,
): (receipts: readonly Bytes[]) => Promise<void> {
  const prove = (raw: Bytes): ProvenReceipt | undefined => {
    const { agency, clock, log } = office;
    try {
      return verifyReceipt(raw, { register: office.register(), agency, now: clock.now() });
    } catch (error) {
      if (!isFault(error)) throw error;
      log.warn("a receipt was not proved", { code: toFault(error, "RECEIPT_INVALID").code });
      return undefined;
    }
  };
  return async (receipts) => {
    let proven = receipts.map(prove);
    // a reader or hub whose key we do not know yet may be in a newer register
    if (proven.includes(undefined) && (await duties.refreshRegister())) {
      proven = proven.map((one, i) => one ?? prove(receipts[i] ?? new Uint8Array()));
    }
    const good = proven.flatMap((one) => one ?? []);
    const moved = await office.store.write(() =>
      good.flatMap((one) => applyReceipt(office, one, duties)),
    );
    duties.wake();
    for (const one of good) passCheckpoint(office, one);
    for (const { receipt } of good) duties.sawEpoch(receipt.registerEpoch ?? 0);
    const own = good.filter(({ receipt }) => receipt.issuer === (duties.hub ?? receipt.issuer));
    const forMs = Math.max(0, ...own.map((one) => pauseOf(one, office.clock.now())));
    if (forMs > 0) duties.pause?.(forMs);
    for (const { receipt, isHub } of own) if (isHub) hearHub(duties, receipt);
    office.changed([...new Set(moved)]);
  };
}
