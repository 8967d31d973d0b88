import {
  bodyCodecs,
  decodeParts,
  joinParts,
  parseInstant,
  renderInstant,
} from "../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  parseUuid,
  renderBase64url,
  renderUuid,
  sameBytes,
} from "../../schemas/ground/index.ts";
import type { RecallKind, RecallOrder, StoredMessage } from "../store/index.ts";
import { cascadeOf, filesOfOrder } from "./cascade.ts";
import type { RecallParts } from "./parts.ts";
import { orderHolders, type RecallStarted, startRecall } from "./start-recall.ts";

/** An order that is passed on: with its own message, and what that says. */
interface Passed {
  readonly order: RecallOrder;
  readonly message: StoredMessage;
  readonly body: Bytes;
}

type Json = Readonly<Record<string, unknown>>;

const dayMs = 86_400_000;
const maxOwners = 3_000;

/** The owner's moment, or a day from now where that is over: nobody can be asked for yesterday. */
function ahead({ clock }: RecallParts, at: EpochMs | undefined): string {
  const now = clock.now();
  return renderInstant(at !== undefined && at > now ? at : now + dayMs);
}

function outerOf({ message: { crimes, handling } }: Passed, holder: string): Json {
  return { crimes: crimes.length > 0 ? crimes : ["other"], handling, recipients: [holder] };
}

/** The owner's changes as he wrote them: they are of his message, which the holders' copies were made from. */
function correctionOf(parts: RecallParts, { order, body }: Passed): (carrier: Bytes) => Json {
  const said = bodyCodecs["data.correct"].decode(body);
  const note = `The source of this message, ${renderUuid(order.target)}, was corrected by its owner; pointers are of the source.`;
  const { text = "", lang = "en" } = said.explanation ?? {};
  const explanation = text === "" || text.length > maxOwners ? { text: note, lang: "en" } : { text: `${text} (${note})`, lang };
  return (carrier) => ({
    targetId: renderUuid(carrier),
    correctionReason: said.correctionReason,
    changes: said.changes.map(({ pointer, change, newValue }) => ({ pointer, change, ...(newValue === undefined ? {} : { newValue }) })),
    ...(said.correctedId === undefined ? {} : { correctedId: renderUuid(said.correctedId) }),
    subjectRefs: said.subjectRefs,
    effectiveAt: renderInstant(said.effectiveAt),
    deadline: ahead(parts, said.deadline),
    explanation,
  });
} // prettier-ignore

function blockOf(parts: RecallParts, { body }: Passed): (carrier: Bytes) => Json {
  const { blockReason, subjectRefs, verifyBy } = bodyCodecs["data.block"].decode(body);
  return (carrier) => ({
    targetIds: [renderUuid(carrier)],
    blockAct: "BLOCKED",
    blockReason,
    subjectRefs,
    verifyBy: ahead(parts, verifyBy),
  });
}

async function noteSent({ store }: RecallParts, { sent }: RecallStarted, cause: RecallOrder): Promise<void> {
  await store.write(() => {
    for (const { id } of sent) {
      const own = store.messages.find(parseUuid(id));
      if (own !== undefined) store.recalls.noteOnward(own.seq, cause.message);
    }
  });
} // prettier-ignore

/** Has what a holder of ours has purged go on, as our own order about our own message. */
async function purgeOn(parts: RecallParts, { order, message }: Passed, carrier: Bytes): Promise<void> {
  const files = filesOfOrder(parts, order);
  const what = files === undefined ? { scope: "ALL_DERIVED" } : { scope: "ATTACHMENT", more: { attachmentDigests: files.map(renderBase64url) } };
  const wish = { ...what, ids: [renderUuid(carrier)], reason: "WITHDRAWN", deadline: parseInstant(ahead(parts, order.dueAt)) ?? 0 };
  await noteSent(parts, await startRecall(parts, wish, keyOf(message, carrier)), order);
} // prettier-ignore

function keyOf({ id }: StoredMessage, carrier: Bytes): string {
  return `recall-on ${renderUuid(id)} ${renderUuid(carrier)}`;
}

/** Has what was corrected or blocked go on to whom we gave it. */
async function sayOn(parts: RecallParts, passed: Passed, carrier: Bytes): Promise<void> {
  const { order, message } = passed;
  const own = parts.store.messages.find(carrier);
  if (own === undefined) return;
  const isBlock = order.kind === "BLOCK";
  const body = (isBlock ? blockOf(parts, passed) : correctionOf(parts, passed))(carrier);
  const type = isBlock ? "data.block" : "data.correct";
  const make = (holder: string): object => ({ type, ...outerOf(passed, holder), body });
  await noteSent(parts, await orderHolders(parts, [own], { make, key: keyOf(message, carrier) }), order);
} // prettier-ignore

/** Orders of ours that pass on a block of the owner about this message, each with its own message of ours that is blocked. */
function blocksOn({ store }: RecallParts, { order, body }: Passed): readonly { readonly block: StoredMessage; readonly carrier: Bytes }[] {
  const { blockId } = bodyCodecs["data.block"].decode(body);
  const cause = blockId === undefined ? undefined : store.messages.known("in", order.originator, blockId)?.seq;
  const sent = cause === undefined ? [] : store.recalls.onwardOf(cause);
  return sent.flatMap((seq) => {
    const block = store.messages.get(seq);
    const lines = store.recalls.ofOrder(seq).filter(({ kind, target }) => {
      return kind === "BLOCK" && store.onward.carriedBy(renderUuid(target)).some(({ source }) => sameBytes(source, order.target));
    });
    return block === undefined ? [] : lines.map(({ target: carrier }) => ({ block, carrier }));
  });
} // prettier-ignore

/** What is lifted or prolonged is so everywhere: said of each block of ours, to whom it was said. */
async function actOn(parts: RecallParts, passed: Passed): Promise<void> {
  const { blockAct, verifyBy, blockReason } = bodyCodecs["data.block"].decode(passed.body);
  for (const { block, carrier } of blocksOn(parts, passed)) {
    const blockId = renderUuid(block.id);
    const standing = blockAct === "PROLONGED" ? { blockReason, verifyBy: ahead(parts, verifyBy) } : {};
    const recipients = parts.store.ladder.readers(block.seq).map(({ reader }) => reader);
    const submission = {
      ...outerOf(passed, ""),
      type: "data.block",
      recipients,
      inReplyTo: blockId,
      body: { targetIds: [renderUuid(carrier)], blockAct, blockId, ...standing },
    };
    await parts.exchange.submit(submission, `recall-act ${renderUuid(passed.message.id)} ${blockId}`);
  }
} // prettier-ignore

const sayers: Partial<Readonly<Record<RecallKind, typeof sayOn>>> = {
  PURGE: purgeOn,
  CORRECT: sayOn,
  BLOCK: sayOn,
};

/**
 * Passes an owner's order on to everyone our onward log names and that was not asked yet, as our own order about our own message;
 * each once, however often it is asked. What ended a block goes to whom the block was passed on.
 *
 * @throws {Fault} RELEASE_NEEDED where a second officer has to see what is passed on; SCHEMA_*, CLOCK_*, STORE_* as `submit`
 */
export async function passOn(parts: RecallParts, order: RecallOrder): Promise<void> {
  const message = parts.store.messages.get(order.message);
  if (message?.parts === undefined) return;
  const { body } = joinParts(decodeParts(message.parts).parts);
  const passed = { order, message, body };
  if (order.kind === "LIFT" || order.kind === "PROLONG") return await actOn(parts, passed);
  const say = sayers[order.kind];
  if (say === undefined) return;
  for (const carrier of cascadeOf(parts, order).unasked) await say(parts, passed, carrier);
} // prettier-ignore
