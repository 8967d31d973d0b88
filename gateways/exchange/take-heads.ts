import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { Head, HubStop } from "../../schemas/index.ts";
import type { StreamPlace } from "../store/index.ts";
import type { Office } from "./office.ts";
import { readHubWord } from "./hub-word.ts";
import { findTaken } from "./places.ts";
import { noteHubTime } from "./staleness.ts";

/** What the answer of a hub sets off. */
export interface HeadsDuties {
  /** The hub that is asked; any that the register names when left out. */
  readonly hub?: string;
  wake(): void;
  sawEpoch(epoch: number): void;
  /** Whether the hub takes in anything new, as it says at this time. */
  sawStop?(stop: HubStop | undefined, at: EpochMs): void;
  /** The hub lost our receipts: all we hold is told again. */
  repeatAll(): void;
  /** A stream that we were given something from was made anew: how far we are in it is to be asked. */
  sawAnew?(): void;
}

const receiptStream = "RECEIPTS";

function isLost({ instance, sequence }: StreamPlace, head: Head): boolean {
  return head.instance !== instance || head.lastSequence < sequence;
}

/**
 * Builds what compares the hub's word on its streams with what it accepted of ours. Where a stream is another
 * one, or shorter, than when it gave us its receipts, everything of ours in it that is not delivered goes back
 * to waiting and is sent again. Rejects, after it took the rest, when the answer leaves out a stream we ask about:
 * a hub that starts anew is still making it.
 *
 * `before` is taken before the hub is asked: what it accepts in the meantime may be ahead of its answer.
 */
export function makeTakeHeads(
  office: Office,
  duties: HeadsDuties,
): {
  before(): readonly StreamPlace[];
  take(answer: Bytes, before: readonly StreamPlace[]): Promise<void>;
} {
  const { store, log } = office;
  let newest = 0;
  const reopen = ({ stream, instance }: StreamPlace): readonly number[] => {
    const messages = store.outbox.reopen(stream, instance);
    for (const message of messages) {
      // what another channel refused stays so, whatever becomes of it here
      if (store.messages.summary(message)?.state === "ACCEPTED") {
        store.messages.setState(message, "QUEUED");
      }
    }
    log.warn("the hub lost messages; they are sent again", { stream, count: messages.length });
    return messages;
  };
  /** Places of what comes are told without the instance: what we take for it now would be the wrong one. */
  const isAnew = ({ stream, instance }: Head): boolean => {
    const { instance: held = "" } = findTaken(store, stream) ?? {};
    return held !== "" && held !== instance;
  };
  const noteReceipts = (heads: readonly Head[]): boolean => {
    const instance = heads.find(({ stream }) => stream === receiptStream)?.instance;
    const held = store.settings.get("receipts.instance");
    if (instance === undefined || instance === held) return false;
    store.settings.set("receipts.instance", instance);
    return held !== undefined;
  };
  return {
    before: () => store.outbox.highestPlaces(),
    take: async (answer, before) => {
      const receipt = readHubWord(office, answer, duties.hub);
      // an old answer, played again, would make us send for nothing
      if (receipt.issuedAt < newest) return;
      newest = receipt.issuedAt;
      const { heads } = receipt;
      const lost = before.filter((one) =>
        heads.some((head) => head.stream === one.stream && isLost(one, head)),
      );
      const { moved, isNew } = await store.write(() => {
        noteHubTime(office, receipt.issuedAt);
        return { moved: lost.flatMap(reopen), isNew: noteReceipts(heads) };
      });
      if (isNew) duties.repeatAll();
      if (moved.length > 0) duties.wake();
      duties.sawEpoch(receipt.registerEpoch ?? 0);
      duties.sawStop?.(receipt.stop, receipt.issuedAt);
      office.changed(moved);
      if (heads.some(isAnew)) duties.sawAnew?.();
      const wanted = [receiptStream, ...before.map(({ stream }) => stream)];
      if (wanted.some((name) => heads.every(({ stream }) => stream !== name))) {
        throw new Fault("HUB_UNREACHABLE", "the hub has not all of its streams yet");
      }
    },
  };
}
