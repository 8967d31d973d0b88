import { consumerOf } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { hasRight, type RegisterView, relayedFrom } from "../../certs/trust/index.ts";
import { feedStream, isLinking, recsOf } from "./accounts.ts";
import { feedUniverse, type StoredCells } from "./feed-grid.ts";
import {
  directFilters,
  feedFilters,
  mailboxOwners,
  makeFeedGrid,
  receiptFilters,
} from "./filters.ts";
import type { JetStream } from "./jetstream.ts";
import { hubLimits } from "./limits.ts";
import { streamNames } from "./streams.ts";

const nanos = 1_000_000;
/** Consumers made at once: enough to hide the round trip, few enough not to crowd the server. */
const atOnce = 16;

/** A durable consumer that is to be: an agency's way of reading one stream. */
export interface ConsumerPlan {
  readonly stream: string;
  readonly consumer: string;
  /** Disjoint subject filters; at least one. */
  readonly filters: readonly string[];
}

/** Lets other work run between two agencies: the plans of a large register take a while. */
function giveWay(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** What of a hub its plans are made with. */
export interface PlanGround {
  readonly hub: string;
  readonly stored: StoredCells;
  /** The register that publications are admitted by until the plans stand; what it admits is told apart too. */
  readonly before?: RegisterView | undefined;
  /** Whether readers may be handed what they published themselves: see `FeedReader`. */
  readonly withOwn?: boolean | undefined;
}

/** Every consumer that agencies are to have by a register; those that would read nothing are left out. */
export async function planConsumers(
  register: RegisterView,
  { hub, stored, before, withOwn }: PlanGround,
  at: EpochMs,
): Promise<readonly ConsumerPlan[]> {
  const agencies = register.agencies
    .map(({ agency }) => agency)
    .filter((agency) => isLinking(register, agency));
  const grids = recsOf(register, hub).map((rec) =>
    makeFeedGrid(
      register,
      rec,
      feedUniverse(register, rec, [
        ...(before === undefined ? [] : feedUniverse(before, rec, [])),
        ...stored.of(rec),
      ]),
    ),
  );
  const owners = mailboxOwners(register, at);
  // whoever may be written to no more is not handed what was written before either
  const mailOf = (agency: string): readonly string[] =>
    hasRight(register, { agency, action: "READ", scope: "direct" })
      ? directFilters(owners, agency)
      : [];
  const plans: ConsumerPlan[] = [];
  for (const agency of agencies) {
    const consumer = consumerOf(agency);
    const feeds = grids.map((grid) => ({
      stream: feedStream(grid.rec),
      consumer,
      filters: feedFilters(register, { agency, grid, withOwn }, at),
    }));
    const beyond = relayedFrom(register, { relay: agency, hub });
    const mail = [...mailOf(agency), ...beyond.flatMap(mailOf)].toSorted();
    plans.push(
      ...feeds,
      { stream: streamNames.direct, consumer, filters: mail },
      { stream: streamNames.receipts, consumer, filters: receiptFilters(agency, beyond) },
    );
    await giveWay();
  }
  return plans.filter(({ filters }) => filters.length > 0);
}

function consumerConfig({ consumer, filters }: ConsumerPlan): Readonly<Record<string, unknown>> {
  return {
    name: consumer,
    durable_name: consumer,
    deliver_policy: "all",
    ack_policy: "explicit",
    ack_wait: hubLimits.ackWaitMs * nanos,
    max_ack_pending: hubLimits.maxAckPending,
    max_deliver: -1,
    max_expires: hubLimits.maxPullMs * nanos,
    filter_subjects: [...filters],
  };
}

/** Remembers which consumers stand as planned, so that only what differs is asked of the server. */
export interface ConsumerKeeper {
  /**
   * Makes, changes and deletes consumers on these streams until they are exactly the plans.
   *
   * @throws {Fault} HUB_STREAM_WRITE_FAILED, HUB_UNREACHABLE
   */
  apply(streams: readonly string[], plans: readonly ConsumerPlan[]): Promise<void>;
  /** Forgets what stands: the stream was made anew, or the server may be another. */
  forget(stream?: string): void;
}

function keyOf({ stream, consumer }: Pick<ConsumerPlan, "stream" | "consumer">): string {
  return `${stream} ${consumer}`;
}

/** Builds a keeper that knows nothing yet. */
export function makeConsumerKeeper(jetStream: JetStream): ConsumerKeeper {
  const standing = new Map<string, string>();
  const put = async (plan: ConsumerPlan): Promise<void> => {
    const filters = plan.filters.join(" ");
    if (standing.get(keyOf(plan)) === filters) return;
    standing.delete(keyOf(plan));
    await jetStream.putConsumer(plan.stream, consumerConfig(plan));
    standing.set(keyOf(plan), filters);
  };

  /** Deletes the durables of those who may read nothing any more, and forgets those the server lost. */
  const prune = async (stream: string, wanted: ReadonlySet<string>): Promise<void> => {
    const found = await jetStream.consumers(stream);
    for (const consumer of wanted) {
      if (!found.includes(consumer)) standing.delete(keyOf({ stream, consumer }));
    }
    const surplus = found.filter((name) => !wanted.has(name) && !name.startsWith("notes-"));
    for (const consumer of surplus) {
      standing.delete(keyOf({ stream, consumer }));
      await jetStream.deleteConsumer(stream, consumer);
    }
  };

  return {
    apply: async (streams, plans) => {
      const byStream = Map.groupBy(plans, ({ stream }) => stream);
      // What takes reading away comes first.
      for (const stream of streams) {
        const own = byStream.get(stream) ?? [];
        await prune(stream, new Set(own.map(({ consumer }) => consumer)));
      }
      for (let from = 0; from < plans.length; from += atOnce) {
        await Promise.all(plans.slice(from, from + atOnce).map(put));
      }
    },
    forget: (stream) => {
      for (const key of standing.keys()) {
        if (stream === undefined || key.startsWith(`${stream} `)) standing.delete(key);
      }
    },
  };
}
