import { bodyMessageName } from "../body/index.ts";
import { bodyCodecs, type Bodies, descriptors } from "../gen/index.ts";
import type { MessageType } from "../body/index.ts";
import { type Bytes, type EpochMs, renderUuid } from "../ground/index.ts";

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
  /** What else its body says it is about, by UUID: targets, records, warnings; not what it only points at. */
  readonly names: readonly string[];
  /** Digests of the last messages of the thread that its sender had seen: each act is linked to those before it. */
  readonly follows: readonly string[];
  /** Its body, when it is of this type. */
  read<T extends MessageType>(type: T): Bodies[T] | undefined;
}

/** What a step is made of; see {@link Step}. */
export type StepParts = Omit<Step, "read" | "names"> & { readonly body: Bytes };

const namingOf = new Map<MessageType, readonly string[]>();

/** The fields of a body that say which messages it is about, as its schema declares them. */
function namingFields(type: MessageType): readonly string[] {
  const known = namingOf.get(type);
  if (known !== undefined) return known;
  const fields = descriptors[bodyMessageName(type)]?.fields ?? [];
  const naming = fields.filter(({ format, seeAlso }) => format === "uuid7" && seeAlso !== true);
  const names = naming.map(({ name }) => name);
  namingOf.set(type, names);
  return names;
}

function namesIn(type: MessageType, body: Bytes): readonly string[] {
  const fields = namingFields(type);
  if (fields.length === 0) return [];
  const values = new Map<string, unknown>(Object.entries(bodyCodecs[type].decode(body)));
  const ids = fields.flatMap((field) => values.get(field) ?? []);
  return ids.flatMap((id) => (id instanceof Uint8Array ? [renderUuid(id)] : []));
}

/** Builds a step; its body is decoded when it is first read. */
export function makeStep({ body, ...parts }: StepParts): Step {
  let names: readonly string[] | undefined;
  return {
    ...parts,
    get names() {
      names ??= namesIn(parts.type, body);
      return names;
    },
    read: (type) => (type === parts.type ? bodyCodecs[type].decode(body) : undefined),
  };
}
