import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "nats";

/** What one run of the bare transport gave. */
export interface BareResult {
  readonly perSecond: number;
  /** Milliseconds from publish to consume, at half the rate above. */
  readonly p50: number;
  readonly p99: number;
}

/** What the bare transport is measured with: the same server and sizes as the whole path. */
export interface BarePlan {
  readonly url: string;
  readonly tls: object;
  readonly authenticator: object;
  readonly bytes: number;
  readonly count: number;
  readonly window: number;
}

const stream = "BARE";

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

async function prepare(nc: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(nc);
  await manager.streams.delete(stream).catch(() => false);
  await manager.streams.add({ name: stream, subjects: ["bare.>"] });
  await manager.consumers.add(stream, {
    durable_name: "bare",
    ack_policy: "explicit",
    max_ack_pending: 10_000,
  });
}

interface Run {
  readonly count: number;
  readonly window: number;
  /** Publications a second; as fast as the window lets it when absent. */
  readonly rate?: number;
}

async function consumeAll(
  nc: NatsConnection,
  count: number,
  sentAt: Float64Array,
): Promise<number[]> {
  const js = jetstream(nc);
  const consumer = await js.consumers.get(stream, "bare");
  const messages = await consumer.consume({ max_messages: 2000 });
  const delays: number[] = [];
  for await (const message of messages) {
    const index = new DataView(message.data.buffer, message.data.byteOffset).getUint32(0);
    delays.push(performance.now() - (sentAt[index] ?? 0));
    message.ack();
    if (delays.length === count) break;
  }
  return delays;
}

async function publishAll(
  nc: NatsConnection,
  { count, window, rate, bytes }: Run & { bytes: number },
  sentAt: Float64Array,
): Promise<void> {
  const js = jetstream(nc, { timeout: 30_000 });
  const began = performance.now();
  let next = 0;
  const publishOne = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const due = rate === undefined ? 0 : began + (index * 1000) / rate;
      while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1));
      const body = new Uint8Array(bytes);
      new DataView(body.buffer).setUint32(0, index);
      sentAt[index] = performance.now();
      await js.publish("bare.x", body);
    }
  };
  await Promise.all(Array.from({ length: window }, publishOne));
}

async function run(plan: BarePlan, shape: Run): Promise<{ seconds: number; delays: number[] }> {
  const options = {
    servers: plan.url,
    tls: plan.tls,
    authenticator: plan.authenticator,
    noAsyncTraces: true,
  };
  const [out, inn] = await Promise.all([connect(options as object), connect(options as object)]);
  await prepare(out);
  const sentAt = new Float64Array(shape.count);
  const began = performance.now();
  const consumed = consumeAll(inn, shape.count, sentAt);
  await publishAll(out, { ...shape, bytes: plan.bytes }, sentAt);
  const delays = await consumed;
  const seconds = (performance.now() - began) / 1000;
  await Promise.all([out.close(), inn.close()]);
  return { seconds, delays: delays.toSorted((a, b) => a - b) };
}

/** Measures publish → consume on bare JetStream: a window of acknowledged publications, one consumer. */
export async function measureBare(plan: BarePlan): Promise<BareResult> {
  await run(plan, { count: Math.ceil(plan.count / 5), window: plan.window });
  const full = await run(plan, { count: plan.count, window: plan.window });
  const perSecond = plan.count / full.seconds;
  const half = await run(plan, {
    count: Math.ceil(plan.count / 2),
    window: plan.window,
    rate: perSecond / 2,
  });
  return { perSecond, p50: percentile(half.delays, 0.5), p99: percentile(half.delays, 0.99) };
}
