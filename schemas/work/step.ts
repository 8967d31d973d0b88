import { bodyCodecs, type Bodies } from "../gen/index.ts";
import type { MessageType } from "../body/index.ts";
import type { Bytes, EpochMs } from "../ground/index.ts";

/** One message of a thread, as the state machines read it. Who holds it has verified it. */
export interface Step {
  /** The message's UUID. */
  readonly id: string;
  /** SHA-256 of its envelope, in hexadecimal. */
  readonly digest: string;
  readonly type: MessageType;
  /** The agency that signed it. */
  readonly from: string;
  /** The agencies it is for; none for a message to a feed. */
  readonly to: readonly string[];
  /** When its sender says he made it. */
  readonly at: EpochMs;
  readonly urgency: string;
  /** The message it answers, by its UUID. */
  readonly about?: string | undefined;
  /** Digests of the last messages of the thread that its sender had seen: each act is linked to those before it. */
  readonly follows: readonly string[];
  /** Its body, when it is of this type. */
  read<T extends MessageType>(type: T): Bodies[T] | undefined;
}

/** What a step is made of; see {@link Step}. */
export type StepParts = Omit<Step, "read"> & { readonly body: Bytes };

/** Builds a step; its body is decoded when it is first read. */
export function makeStep({ body, ...parts }: StepParts): Step {
  return {
    ...parts,
    read: (type) => (type === parts.type ? bodyCodecs[type].decode(body) : undefined),
  };
}
