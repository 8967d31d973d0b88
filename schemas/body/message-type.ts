import type { MessageDescriptor, TypeOptions } from "../codec/index.ts";
import { type Bodies, bodyCodecs, descriptors } from "../gen/index.ts";
import { Fault } from "../ground/index.ts";

/** The name of a message type, such as `alert.incident`. */
export type MessageType = keyof Bodies;

/** Whether `type`, read from outside, is a type of this edition. */
export function isKnownType(type: string): type is MessageType {
  return Object.hasOwn(bodyCodecs, type);
}

/** Every message type of this edition. */
export const messageTypes: readonly MessageType[] = Object.keys(bodyCodecs).filter(isKnownType);

/** What the schema says of messages of this type; undefined when there is no such type. */
export function typeOptions(type: string): TypeOptions | undefined {
  return isKnownType(type) ? descriptors[bodyCodecs[type].message]?.body : undefined;
}

type BodyMessage = MessageDescriptor & { readonly body: TypeOptions };

const found = new Map<string, BodyMessage>();

/**
 * The descriptor of a type's body.
 *
 * @throws {Fault} SCHEMA_UNKNOWN_TYPE
 */
export function bodyMessage(type: string): BodyMessage {
  const known = found.get(type) ?? findBodyMessage(type);
  found.set(type, known);
  return known;
}

function findBodyMessage(type: string): BodyMessage {
  const message = isKnownType(type) ? descriptors[bodyCodecs[type].message] : undefined;
  if (message?.body === undefined) {
    throw new Fault("SCHEMA_UNKNOWN_TYPE", `the type is none of ${messageTypes.join(", ")}`);
  }
  return { ...message, body: message.body };
}
