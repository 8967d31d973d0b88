import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { z } from "zod";

import { limits, parseJsonText } from "../../schemas/index.ts";
import { Fault, toFault, tryShape } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id of a message as a person gave it.
 *
 * @throws {Fault} USAGE_INVALID
 */
export function readId(id: string): string {
  if (uuid.test(id)) return id;
  throw new Fault("USAGE_INVALID", "an id is 36 characters, as message ls shows it");
}

/** Any JSON object. */
export const objectShape = z.record(z.string(), z.unknown());

/** The message with the id of the one it answers, in its text form. */
function answering(json: unknown, text: string, inReplyTo: string | undefined): string {
  if (inReplyTo === undefined) return text;
  const message = tryShape(objectShape, json);
  if (!message.success) throw new Fault("SCHEMA_FIELD_TYPE", "a message is a JSON object");
  return JSON.stringify({ ...message.data, inReplyTo });
}

/** Text of a file or, for "-", of standard input; it is JSON when this returns. */
export async function readMessage(
  { world }: Desk,
  file: string,
  inReplyTo?: string,
): Promise<string> {
  let text: string;
  try {
    text = file === "-" ? await world.stdin() : readFileSync(resolve(world.cwd, file), "utf8");
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${file} cannot be read`);
  }
  return answering(parseJsonText(text, limits.maxRequestBytes), text, inReplyTo);
}
