import { anyIntakeSubject, intakeStreamOf, intakeSubjects } from "../../schemas/index.ts";
import type { JetStream } from "./jetstream.ts";
import { hubLimits } from "./limits.ts";
import type { StreamConfig } from "./streams.ts";

const nanos = 1_000_000;

/** The hub's own consumer on every agency's intake. */
export const admissionConsumer = "admission";

/**
 * Bytes that may wait of one agency, when the server has so many in memory for so many agencies. A power of two, so that
 * the streams are not all changed whenever an agency comes or goes.
 */
export function intakeBytes(memoryBytes: number, agencies: number): number {
  const { intakeMinBytes, intakeMaxBytes } = hubLimits;
  const share = memoryBytes / Math.max(1, agencies);
  let bytes: number = intakeMaxBytes;
  while (bytes > share && bytes > intakeMinBytes) bytes /= 2;
  return bytes;
}

/**
 * The stream in which one agency's publications wait to be judged. One each: when it is full its own agency waits, and
 * nobody stands in another's queue.
 */
export function intakeConfig(agency: string, maxBytes: number): StreamConfig {
  return {
    name: intakeStreamOf(agency),
    subjects: [...intakeSubjects(agency)],
    storage: "memory",
    retention: "workqueue",
    discard: "new",
    num_replicas: 1,
    max_bytes: maxBytes,
    max_msgs: hubLimits.intakeMaxMessages,
    // Custody stays with the sender until the receipt; an answer would tell him nothing, and cost one a message.
    no_ack: true,
    allow_rollup_hdrs: false,
    allow_direct: false,
    allow_msg_ttl: false,
  };
}

/**
 * Names of the streams that keep anything of any agency's intake.
 *
 * @throws {Fault} HUB_STREAM_WRITE_FAILED, HUB_UNREACHABLE
 */
export function findIntakes(jetStream: JetStream): Promise<readonly string[]> {
  return jetStream.streamsOn(anyIntakeSubject);
}

/**
 * Makes sure the hub's own consumer on an agency's intake is there.
 *
 * @throws {Fault} HUB_STREAM_WRITE_FAILED, HUB_UNREACHABLE
 */
export async function ensureAdmissionConsumer(jetStream: JetStream, stream: string): Promise<void> {
  await jetStream.putConsumer(stream, {
    name: admissionConsumer,
    durable_name: admissionConsumer,
    deliver_policy: "all",
    ack_policy: "explicit",
    ack_wait: hubLimits.ackWaitMs * nanos,
    // Held-back messages count as pending too, and must not keep the agency's others waiting.
    max_ack_pending: hubLimits.intakeMaxMessages,
    max_deliver: -1,
  });
}
