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

/** The ids by which a body says what it is about, a list for each of its fields that says so, in their order. */
export function findSubjects(type: MessageType, body: object): readonly (readonly Bytes[])[] {
  return namingFields(type).map((field) => {
    const held: unknown = Reflect.get(body, field);
    const ids: readonly unknown[] = Array.isArray(held) ? held : [held];
    return ids.filter((id) => id instanceof Uint8Array);
  });
}

function namesIn(type: MessageType, body: Bytes): readonly string[] {
  if (namingFields(type).length === 0) return [];
  return findSubjects(type, bodyCodecs[type].decode(body)).flat().map(renderUuid);
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
