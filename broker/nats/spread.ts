import { feedPrefix, isFeedStream } from "./feed-name.ts";
import type { StreamConfig } from "./streams.ts";

/** Over which servers of a hub its streams are spread. */
export interface Spread {
  /** Servers that keep each stream. */
  readonly copies: number;
  /** By REC: what the servers must be tagged with that keep its feeds. */
  readonly placement: Readonly<Record<string, readonly string[]>>;
}

/** A hub with one server. */
export const oneServer: Spread = { copies: 1, placement: {} };

/** Servers that keep one stream, however many there are: more would cost more and be no safer against what we meet. */
export const copiesOfEach = 3;

function tagsOf({ placement }: Spread, stream: string): readonly string[] | undefined {
  if (!isFeedStream(stream)) return undefined;
  const wanted = stream.slice(feedPrefix.length);
  const [, tags] = Object.entries(placement).find(([rec]) => rec.toUpperCase() === wanted) ?? [];
  return tags;
}

/** A stream's configuration for the hub's servers. */
export function spreadStream(
  spread: Spread,
  config: Readonly<Record<string, unknown>>,
): StreamConfig {
  const name = String(config["name"]);
  const tags = tagsOf(spread, name);
  const placement = tags === undefined ? {} : { placement: { tags: [...tags] } };
  return { ...config, name, num_replicas: spread.copies, ...placement };
}
