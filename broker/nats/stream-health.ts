import { z } from "zod";

import { Fault, parseUtf8, toFault, tryShape, utf8 } from "../../schemas/ground/index.ts";
import { isFeedStream } from "./feed-name.ts";
import { makeAsk } from "./ask.ts";
import type { Link } from "./connect.ts";
import { streamNames } from "./streams.ts";

const peer = z.looseObject({
  current: z.boolean().default(false),
  offline: z.boolean().default(false),
  lag: z.number().default(0),
});
const stream = z.looseObject({
  config: z.looseObject({
    name: z.string().max(255),
    num_replicas: z.number().default(1),
    max_bytes: z.number().default(-1),
  }),
  state: z.looseObject({ messages: z.number(), bytes: z.number() }),
  cluster: z
    .looseObject({ leader: z.string().default(""), replicas: z.array(peer).max(16).default([]) })
    .optional(),
});
const page = z.looseObject({
  total: z.number(),
  streams: z.array(stream).max(1_024).nullish(),
  missing: z.array(z.string()).nullish(),
});

type Listed = z.infer<typeof stream>;

/** What streams there are; all feeds, and all intakes, are one kind. */
export const streamKinds = ["DIRECT", "RECEIPTS", "QUARANTINE", "BLOB", "LOG", "FEED", "INTAKE", "OTHER"] as const; // prettier-ignore

/** How the streams of one kind stand, taken together. */
export interface StreamHealth {
  readonly kind: (typeof streamKinds)[number];
  readonly streams: number;
  readonly messages: number;
  readonly bytes: number;
  /** Of the fullest: 1 has no room left; 0 where nothing bounds it. */
  readonly fill: number;
  /** Copies there should be, and copies that are up to date, the leader's own among them. */
  readonly replicas: number;
  readonly current: number;
  /** Entries that the copy furthest behind has not got. */
  readonly lag: number;
  /** Streams that nobody leads: nothing goes in or out. */
  readonly leaderless: number;
}

/** Reads how all streams of the hub's account stand. @throws {Fault} HUB_* */
export type ReadStreamHealth = () => Promise<readonly StreamHealth[]>;

/** Far more than a hub of the whole continent has. */
const maxPages = 40;
const named = new Set<string>(Object.values(streamNames));
const intakeBeginning = "INTAKE_";

function kindOf(name: string): StreamHealth["kind"] {
  const known = streamKinds.find((kind) => kind === name && named.has(name));
  if (known !== undefined) return known;
  if (name.startsWith(intakeBeginning)) return "INTAKE";
  return isFeedStream(name) ? "FEED" : "OTHER";
}

function weigh({ config, state, cluster }: Listed): Weight {
  const peers = cluster?.replicas ?? [];
  const isLed = cluster === undefined || cluster.leader !== "";
  return {
    messages: state.messages,
    bytes: state.bytes,
    fill: config.max_bytes > 0 ? state.bytes / config.max_bytes : 0,
    replicas: config.num_replicas,
    current: (isLed ? 1 : 0) + peers.filter(({ current, offline }) => current && !offline).length,
    lag: Math.max(0, ...peers.map(({ lag }) => lag)),
    leaderless: isLed ? 0 : 1,
  };
}

type Weight = Omit<StreamHealth, "kind" | "streams">;

const nothing: Weight = {
  messages: 0,
  bytes: 0,
  fill: 0,
  replicas: 0,
  current: 0,
  lag: 0,
  leaderless: 0,
};
/** What is known of a stream that nobody answered for. */
const silent: Weight = { ...nothing, replicas: 1, leaderless: 1 };

function add(one: Weight, other: Weight): Weight {
  return {
    messages: one.messages + other.messages,
    bytes: one.bytes + other.bytes,
    fill: Math.max(one.fill, other.fill),
    replicas: one.replicas + other.replicas,
    current: one.current + other.current,
    lag: Math.max(one.lag, other.lag),
    leaderless: one.leaderless + other.leaderless,
  };
}

function sum(all: readonly Listed[], missing: readonly string[]): readonly StreamHealth[] {
  const weighed = [
    ...all.map((one) => ({ kind: kindOf(one.config.name), weight: weigh(one) })),
    ...missing.map((name) => ({ kind: kindOf(name), weight: silent })),
  ];
  return [...Map.groupBy(weighed, ({ kind }) => kind)].map(([kind, ones]) => ({
    kind,
    streams: ones.length,
    ...ones.map(({ weight }) => weight).reduce(add, nothing),
  }));
}

function parsePage(data: Uint8Array): z.infer<typeof page> {
  try {
    const parsed = tryShape(page, JSON.parse(parseUtf8(data)));
    if (parsed.success) return parsed.data;
  } catch (error) {
    throw toFault(error, "HUB_UNREACHABLE", "the list of streams is not JSON");
  }
  throw new Fault("HUB_UNREACHABLE", "the list of streams is not one we know");
}

/** Opens the reading over a connection into the hub's account. */
export function makeStreamHealthReader(link: Link): ReadStreamHealth {
  const ask = makeAsk(link);
  return async () => {
    const all: Listed[] = [];
    const missing = new Set<string>();
    for (let pages = 0; pages < maxPages; pages += 1) {
      const question = utf8(JSON.stringify({ offset: all.length }));
      const { total, streams, missing: gone } = parsePage(await ask("$JS.API.STREAM.LIST", question));
      all.push(...(streams ?? []));
      for (const name of gone ?? []) missing.add(name);
      if ((streams ?? []).length === 0 || all.length >= total) break;
    }
    return sum(all, [...missing]);
  };
} // prettier-ignore
