import { z } from "zod";

import {
  type Bytes,
  Fault,
  isFault,
  parseUtf8,
  toFault,
  utf8,
  tryShape,
} from "../../schemas/ground/index.ts";
import { makeAsk } from "./ask.ts";
import type { Link } from "./connect.ts";
import { mayNotLead, streamPeers } from "./quorum.ts";
import { oneServer, type Spread, spreadStream } from "./spread.ts";
import type { StreamConfig } from "./streams.ts";

/** Error numbers of the JetStream API that mean something to us. */
const notFound = new Set([10014, 10037, 10059]);
/** "no suitable peers for placement": a server that should keep a copy was not seen since the others began anew. */
const noPeers = 10005;

const apiError = z.looseObject({ code: z.number(), err_code: z.number().default(0) });
const answer = z.looseObject({ error: apiError.optional() });

const streamAnswer = z.looseObject({
  config: z.looseObject({ metadata: z.record(z.string(), z.string()).default({}) }),
  state: z.looseObject({
    messages: z.number(),
    bytes: z.number().default(0),
    first_seq: z.number(),
    last_seq: z.number(),
  }),
  cluster: streamPeers,
});
const consumerAnswer = z.looseObject({ name: z.string() });
const placeAnswer = z.looseObject({
  ack_floor: z.looseObject({ stream_seq: z.number() }),
  num_pending: z.number(),
  num_ack_pending: z.number(),
  config: z.looseObject({
    filter_subjects: z.array(z.string()).default([]),
    filter_subject: z.string().optional(),
  }),
});
const namesAnswer = z.looseObject({
  consumers: z.array(z.string()).nullish(),
  streams: z.array(z.string()).nullish(),
  total: z.number(),
});
const messageAnswer = z.looseObject({
  message: z.looseObject({ subject: z.string(), seq: z.number(), hdrs: z.string().optional() }),
});

/** A stream as the server has it. */
export interface StreamState {
  readonly config: Readonly<Record<string, unknown>>;
  /** Made anew whenever the stream is; "" for a stream that is not ours. */
  readonly instance: string;
  readonly messages: number;
  /** As the stream's `max_bytes` counts them. */
  readonly bytes: number;
  /** Of the oldest message that is still there; one more than the last when none is. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Whoever told this may lead the stream no more, and say what held a while ago. */
  readonly isDoubtful?: boolean;
}

/** A stored message without its payload. */
export interface StoredNote {
  readonly subject: string;
  readonly sequence: number;
  /** By name, as they were written. */
  readonly headers: ReadonlyMap<string, string>;
}

/** How far the reader of a durable consumer is. */
export interface ConsumerPlace {
  /** He acknowledged all that is for him up to here; what stands here itself may be for others. */
  readonly settled: number;
  /** Messages for him that he has not acknowledged. */
  readonly pending: number;
  /** The subjects that are for him. */
  readonly filters: readonly string[];
}

/** The JetStream API of the hub's account. Nothing found is `undefined`; every other "no" is a Fault. */
export interface JetStream {
  stream(name: string): Promise<StreamState | undefined>;
  /** A stream's configuration as the hub's servers get it: with its copies, and where they are. */
  spread(config: Readonly<Record<string, unknown>>): StreamConfig;
  /** Spread; with one copy for now, where there are not servers enough in reach for all. */
  createStream(config: Readonly<Record<string, unknown>>): Promise<StreamState>;
  updateStream(config: Readonly<Record<string, unknown>>): Promise<StreamState>;
  deleteStream(name: string): Promise<void>;
  /** Empties a stream; its numbers go on. */
  purgeStream(name: string): Promise<void>;
  /** Names of the streams that keep something of a subject, which may have wildcards. */
  streamsOn(subject: string): Promise<readonly string[]>;
  /** Makes the consumer, or changes the one of that name. */
  putConsumer(stream: string, config: Readonly<Record<string, unknown>>): Promise<string>;
  deleteConsumer(stream: string, consumer: string): Promise<void>;
  consumers(stream: string): Promise<readonly string[]>;
  consumerPlace(stream: string, consumer: string): Promise<ConsumerPlace | undefined>;
  /** Everything from this sequence on is handed over again. */
  resetConsumer(stream: string, consumer: string, from: number): Promise<void>;
  /** The newest message on exactly this subject. */
  lastOn(stream: string, subject: string): Promise<StoredNote | undefined>;
  /** Overwrites one message where it stands; nothing when it is gone already. */
  erase(stream: string, sequence: number): Promise<void>;
  /** What stands at this sequence; undefined when it is gone. */
  at(stream: string, sequence: number): Promise<StoredNote | undefined>;
  /** The first message from a sequence on whose subject a filter takes. */
  nextOn(stream: string, filter: string, from: number): Promise<StoredNote | undefined>;
}

function parseAnswer<T>(shape: z.ZodType<T>, bytes: Bytes, what: string): T | undefined {
  let json: unknown;
  try {
    json = JSON.parse(parseUtf8(bytes));
  } catch (error) {
    throw toFault(error, "HUB_UNREACHABLE", `the answer of ${what} is not JSON`);
  }
  const told = tryShape(answer, json);
  if (!told.success) throw new Fault("HUB_UNREACHABLE", `the answer of ${what} is no object`);
  const { error } = told.data;
  if (error !== undefined && notFound.has(error.err_code)) return undefined;
  if (error !== undefined) {
    throw new Fault("HUB_STREAM_WRITE_FAILED", `${what} failed with ${error.err_code}`);
  }
  const parsed = tryShape(shape, json);
  if (parsed.success) return parsed.data;
  throw new Fault("HUB_UNREACHABLE", `the answer of ${what} is not one we know`);
}

function toState({ config, state, cluster }: z.infer<typeof streamAnswer>): StreamState {
  return {
    config,
    instance: config.metadata["instance"] ?? "",
    messages: state.messages,
    bytes: state.bytes,
    firstSequence: state.first_seq,
    lastSequence: state.last_seq,
    isDoubtful: mayNotLead(cluster),
  };
}

/** NATS headers as the server stores them: a version line, then `Name: value` lines. */
function parseHeaders(base64: string | undefined): ReadonlyMap<string, string> {
  const lines = Buffer.from(base64 ?? "", "base64")
    .toString("utf8")
    .split("\r\n")
    .slice(1);
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf(": ");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 2)] as const];
    }),
  );
}

/** Whether a stream was not given its copies because there are not servers enough in reach. */
export function isWithoutPeers(error: unknown): boolean {
  return isFault(error, "HUB_STREAM_WRITE_FAILED") && error.detail.endsWith(` ${noPeers}`);
}

function expectFound<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Fault("HUB_STREAM_WRITE_FAILED", `${what}: not found`);
  return found;
}

/** Opens the JetStream API over a connection into the account that owns the streams. */
export function makeJetStream(link: Link, spread: Spread = oneServer): JetStream {
  const askServer = makeAsk(link);
  const ask = async <T>(
    shape: z.ZodType<T>,
    call: string,
    body?: unknown,
  ): Promise<T | undefined> => {
    const payload = body === undefined ? new Uint8Array() : utf8(JSON.stringify(body));
    const reply = await askServer(`$JS.API.${call}`, payload);
    return parseAnswer(shape, reply, call.split(".", 2).join("."));
  };
  const writeStream = async (
    verb: "CREATE" | "UPDATE",
    config: Readonly<Record<string, unknown>>,
  ): Promise<StreamState> => {
    const name = String(config["name"]);
    const made = await ask(streamAnswer, `STREAM.${verb}.${name}`, config);
    return toState(expectFound(made, `stream ${name}`));
  };
  /** All pages of a list of names. */
  const names = async (
    of: "consumers" | "streams",
    call: string,
    filter: Readonly<Record<string, string>> = {},
  ): Promise<readonly string[]> => {
    const all: string[] = [];
    for (;;) {
      const page = await ask(namesAnswer, call, { ...filter, offset: all.length });
      const got = page?.[of] ?? [];
      all.push(...got);
      if (got.length === 0 || all.length >= (page?.total ?? 0)) return all;
    }
  };
  const note = async (
    stream: string,
    which: Readonly<Record<string, unknown>>,
  ): Promise<StoredNote | undefined> => {
    const found = await ask(messageAnswer, `STREAM.MSG.GET.${stream}`, which);
    if (found === undefined) return undefined;
    const { subject, seq: sequence, hdrs } = found.message;
    return { subject, sequence, headers: parseHeaders(hdrs) };
  };
  return {
    stream: async (name) => {
      const found = await ask(streamAnswer, `STREAM.INFO.${name}`);
      return found === undefined ? undefined : toState(found);
    },
    spread: (config) => spreadStream(spread, config),
    createStream: async (config) => {
      const wanted = spreadStream(spread, config);
      try {
        return await writeStream("CREATE", wanted);
      } catch (error) {
        if (!isWithoutPeers(error) || spread.copies === 1) throw error;
        return await writeStream("CREATE", { ...wanted, num_replicas: 1 });
      }
    },
    updateStream: (config) => writeStream("UPDATE", spreadStream(spread, config)),
    deleteStream: async (name) => {
      await ask(z.looseObject({}), `STREAM.DELETE.${name}`);
    },
    purgeStream: async (name) => {
      await ask(z.looseObject({}), `STREAM.PURGE.${name}`);
    },
    streamsOn: (subject) => names("streams", "STREAM.NAMES", { subject }),
    putConsumer: async (stream, config) => {
      const name = String(config["name"]);
      const body = { stream_name: stream, config, action: "" };
      const made = await ask(consumerAnswer, `CONSUMER.CREATE.${stream}.${name}`, body);
      return expectFound(made, `stream ${stream}`).name;
    },
    deleteConsumer: async (stream, consumer) => {
      await ask(z.looseObject({}), `CONSUMER.DELETE.${stream}.${consumer}`);
    },
    consumers: (stream) => names("consumers", `CONSUMER.NAMES.${stream}`),
    consumerPlace: async (stream, consumer) => {
      const found = await ask(placeAnswer, `CONSUMER.INFO.${stream}.${consumer}`);
      if (found === undefined) return undefined;
      const pending = found.num_pending + found.num_ack_pending;
      const { filter_subjects: many, filter_subject: one } = found.config;
      const filters = one === undefined ? many : [one];
      return { settled: found.ack_floor.stream_seq, pending, filters };
    },
    resetConsumer: async (stream, consumer, from) => {
      await ask(z.looseObject({}), `CONSUMER.RESET.${stream}.${consumer}`, { seq: from });
    },
    erase: async (stream, sequence) => {
      await ask(z.looseObject({}), `STREAM.MSG.DELETE.${stream}`, { seq: sequence });
    },
    at: (stream, sequence) => note(stream, { seq: sequence }),
    lastOn: (stream, subject) => note(stream, { last_by_subj: subject }),
    nextOn: (stream, filter, from) => note(stream, { seq: from, next_by_subj: filter }),
  };
}
