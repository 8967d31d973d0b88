import {
  encodeReceipt,
  encodeSignedReceipt,
  limits,
  type Opened,
  outReceiptSubject,
} from "../../schemas/index.ts";
import { type Bytes, type EpochMs, sameBytes, toFault } from "../../schemas/ground/index.ts";
import type { OpenedHere } from "../store/index.ts";
import type { PublishReceipt } from "./held-receipts.ts";
import type { Office } from "./office.ts";

/**
 * Notes that one of us was given the content of a message of others; its sender is told, unless we tell nobody. Runs
 * inside a write, beside the line of the audit record.
 *
 * @param message its place in the store
 */
export function noteOpened(
  { store, clock, tellOpened = true }: Pick<Office, "store" | "clock" | "tellOpened">,
  message: number,
  who: string,
): void {
  const { box, state } = store.messages.summary(message) ?? {};
  if (!tellOpened || box !== "in" || state !== "VERIFIED") return;
  store.opened.add(message, who, clock.now());
}

/** Tells senders that their messages were opened. */
export interface OpenedReceipts {
  /** A connection stands: what the one before may not have carried is told again. */
  rise(): void;
  /** The newest lines of a day are told again. */
  repeatDay(): void;
  /** Call about once a second. */
  tick(): void;
}

/** Lines of one look; the rest goes with the next. */
const maxLines = limits.maxReceiptLines;
/** Each line is told once more after this time, in case the hub lost it on its way. */
const repeatAfterMs = 60_000;
const repeatEveryMs = 10_000;
/** What was opened in this time is told again when a connection stands. */
const riseMs = 600_000;

const dayMs = 86_400_000;

/** One line, and whom it is for. */
interface Line {
  readonly sender: string;
  readonly line: Opened;
  readonly read: OpenedHere;
}

function linesOf({ store }: Office, reads: readonly OpenedHere[]): readonly Line[] {
  return reads.flatMap((read) => {
    const message = store.messages.get(read.message);
    if (message === undefined) return [];
    const { id: messageId, digest: envelopeDigest, originator: sender } = message;
    return [
      {
        sender,
        read,
        line: { messageId, envelopeDigest, openedAt: read.at, reader: read.ordinal },
      },
    ];
  });
}

/** Signs lines for a sender. */
function sign(office: Office, sender: string, opened: readonly Opened[]): Bytes {
  const { agency, clock, signer } = office;
  const none = { accepted: [], refused: [], held: [], heads: [] };
  const [issuedAt, registerEpoch] = [clock.now(), office.register().epoch];
  const said = { version: 1, issuer: agency, recipient: sender, issuedAt, registerEpoch };
  const receipt = encodeReceipt({ ...said, ...none, opened });
  return encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
}

/** Reads looked through for one sender, when they go by another way than the link. */
const maxCarried = 10_000;

/**
 * Signs for one sender which of his messages were opened here and that no link has told him, the oldest first.
 *
 * @throws {Fault} SIGNATURE_KEY_MISSING, KEY_*
 */
export function signOpened(office: Office, sender: string): readonly Bytes[] {
  const page = { before: Number.MAX_SAFE_INTEGER, limit: maxCarried };
  const { messages, opened } = office.store;
  const own = opened
    .untold(1, page)
    .filter(({ message }) => messages.summary(message)?.originator === sender);
  const lines = linesOf(office, own).map(({ line }) => line);
  const cuts = Math.ceil(lines.length / maxLines);
  return Array.from({ length: cuts }, (_, at) =>
    sign(office, sender, lines.slice(at * maxLines, (at + 1) * maxLines)),
  );
}

/**
 * Builds the writer of opened receipts. Lines say when somebody first read something, so telling one twice changes nothing.
 */
export function makeOpenedReceipts(office: Office, publish: PublishReceipt): OpenedReceipts {
  const { store, clock, log } = office;
  const from = new Map<number, EpochMs>();
  let repeatDueAt = 0;
  let riseDueAt = 0;

  const send = (sender: string, opened: readonly Opened[]): boolean => {
    try {
      return publish(outReceiptSubject(sender), sign(office, sender, opened), sender);
    } catch (error) {
      log.error("a receipt could not be signed", { code: toFault(error, "KEY_UNUSABLE").code });
      return false;
    }
  };

  /** The reads of which the senders were told now. */
  const tellAll = (reads: readonly OpenedHere[]): readonly OpenedHere[] => {
    const bySender = Map.groupBy(linesOf(office, reads), ({ sender }) => sender);
    return [...bySender].flatMap(([sender, lines]) =>
      send(sender, lines.map(({ line }) => line)) ? lines.map(({ read }) => read) : [],
    ); // prettier-ignore
  };

  const tellOf = (times: number, before: EpochMs): void => {
    const page = store.opened.untold(times, {
      from: from.get(times) ?? 0,
      before,
      limit: maxLines,
    });
    const told = tellAll(page);
    // senders who cannot be told now, as their hub is away, keep nobody else from it
    const isStuck = told.length === 0 && page.length === maxLines;
    from.set(times, isStuck ? (page.at(-1)?.at ?? 0) + 1 : 0);
    if (told.length === 0) return;
    const write = store.write(() => store.opened.tell(told, times));
    // they are told once more then, which changes nothing
    write.catch((error: unknown) =>
      log.error("what was told is not kept", { code: toFault(error, "INTERNAL").code }),
    );
  };

  return {
    rise: () => {
      // not at each rise of a link that comes and goes
      if (clock.elapsed() < riseDueAt) return;
      riseDueAt = clock.elapsed() + repeatAfterMs;
      tellAll(store.opened.since(clock.now() - riseMs, maxLines));
    },
    repeatDay: () => void tellAll(store.opened.since(clock.now() - dayMs, maxLines)),
    tick: () => {
      tellOf(1, Number.MAX_SAFE_INTEGER);
      if (clock.elapsed() < repeatDueAt) return;
      repeatDueAt = clock.elapsed() + repeatEveryMs;
      tellOf(2, clock.now() - repeatAfterMs);
    },
  };
}

/** A proven receipt while its opened lines are applied. */
export interface OpenedFrom {
  readonly issuer: string;
  readonly issuedAt: EpochMs;
  /** Place of the receipt in the store. */
  readonly receipt: number;
}

/**
 * Applies one opened line: only of a message of ours, of exactly the content we signed, and only by one of its audience.
 * Runs inside a write. Gives the message's place, or why the line is passed over.
 */
export function applyOpened(
  { store, agency }: Pick<Office, "store" | "agency">,
  { issuer: reader, issuedAt, receipt }: OpenedFrom,
  line: Opened,
): number | string {
  const known = store.messages.known("out", agency, line.messageId);
  if (known === undefined || !sameBytes(known.digest, line.envelopeDigest)) {
    return "opened: no such message of ours";
  }
  const message = store.messages.get(known.seq);
  if (message?.audience.includes(reader) !== true) return "opened: not of its audience";
  const { openedAt: at, reader: ordinal } = line;
  const isBefore = at < message.createdAt - limits.maxAheadMs;
  if (isBefore || at > issuedAt + limits.maxAheadMs) return "opened: at a time that cannot be";
  store.opened.addThere(known.seq, { reader, ordinal, at }, receipt);
  return known.seq;
}
