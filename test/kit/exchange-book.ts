/**
 * A store of an exchange that somebody counted by hand: requests, answers and orders to delete with several agencies, put into
 * it past the gateway, each thread a story of its own.
 */
import type { Store } from "../../gateways/store/index.ts";
import { decodeInnerHeader, encodeInnerHeader } from "../../schemas/gen/index.ts";
import { type Bytes, parseUuid, systemChance } from "../../schemas/ground/index.ts";
import { decodeParts, encodeBody, joinParts, makeParts, renderParts } from "../../schemas/index.ts";
import type { Step } from "../../schemas/work/index.ts";
import { type Saying, storyStart, tellStory } from "./story.ts"; // prettier-ignore

/** What a message of a thread says, and what its headers say beside it. */
export interface Entry extends Omit<Saying, "from" | "to" | "about" | "follows"> {
  /** Whether it is of the agency whose store this is. */
  readonly isOurs: boolean;
  readonly purposes?: readonly string[];
  readonly crimes?: readonly string[];
  readonly handling?: string;
  readonly status?: string;
  readonly state?: string;
}

/** What is known of a message of a real gateway that every one here has too. */
interface Mould {
  readonly raw: Bytes;
  readonly parts?: Bytes | undefined;
}

/** A store that is written by hand. */
export interface ExchangeBook {
  /** Puts a thread of the same words with each of some agencies into the store, in one write. */
  threads(others: readonly string[], entries: readonly Entry[]): Promise<void>;
}

function bodyOf(step: Step): Bytes {
  return encodeBody(step.type, step.read(step.type) as never);
}

/** Begins a book. Every message was delivered to the other side within a minute. */
export function makeExchangeBook({ store, agency, mould }: { readonly store: Store; readonly agency: string; readonly mould: Mould }): ExchangeBook {
  const inner = decodeInnerHeader(joinParts(decodeParts(mould.parts!).parts).innerHeader);
  let count = 0;
  const put = (step: Step, entry: Entry, thread: Bytes): void => {
    const { isOurs, purposes = ["INVESTIGATION"], crimes = ["drugs"], handling = "H1", status = "ACTUAL", state = "DELIVERED" } = entry;
    const [other = ""] = step.to;
    const about = step.about === undefined ? undefined : parseUuid(step.about);
    const header = encodeInnerHeader({ ...inner, purposes, recipients: step.to, inReplyTo: about, follows: step.follows.map((one) => Buffer.from(one, "hex")) });
    const message = store.messages.add({
      box: isOurs ? "out" : "in", id: parseUuid(step.id), originator: step.from, type: step.type, crimes, recs: [], handling, urgency: step.urgency, status,
      createdAt: step.at, expiresAt: step.at + 90 * 86_400_000, storedAt: step.at + 60_000, state, digest: Buffer.from(step.digest, "hex"), audience: [], raw: mould.raw,
      parts: renderParts(makeParts(header, bodyOf(step), systemChance)),
    });
    store.threads.add({ message, thread, digest: step.digest, follows: step.follows });
    if (!isOurs) return;
    const receipt = store.ladder.addReceipt({ issuer: other, issuedAt: step.at, receivedAt: step.at, raw: Buffer.from(step.digest, "hex") });
    store.ladder.addRung(message, { kind: "DELIVERED", issuer: other, channel: "direct", at: step.at + 60_000 }, receipt.seq);
  };
  return {
    threads: async (others, entries) =>
      await store.write(() => {
        for (const other of others) {
          const story = tellStory();
          for (const entry of entries) {
            // no two messages of the book have one id
            count += 1;
            const [from, to] = entry.isOurs ? [agency, other] : [other, agency];
            const step = story.say({ ...entry, from, to: [to], at: entry.at + count / 3_600_000 });
            put(step, entry, parseUuid(story.steps[0]!.id));
          }
        }
      }),
  };
} // prettier-ignore

/** So many hours after the beginning of stories, as a moment. */
export function bookTime(hours: number): number {
  return storyStart + hours * 3_600_000;
}
