import { existsSync } from "node:fs";
import { join } from "node:path";

import {
  bodyMessageName,
  checkHeaders,
  checkWhole,
  type ContentHeader,
  type MessageType,
  parseBody,
  parseInnerHeader,
  renderJson,
  typeOptions,
} from "../../schemas/index.ts";
import { exampleInstant, exampleOf } from "../../schemas/examples/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { makeFullMessage } from "./full-message.ts";

type Json = Readonly<Record<string, unknown>>;

/** A message in JSON with what of its outer header the checks of content need. */
export interface WholeMessageJson {
  readonly type: MessageType;
  readonly originator: string;
  readonly handling: string;
  readonly urgency: string;
  readonly inner: Json;
  readonly body: Json;
}

/** The example of a type, where it is written already. */
export function findExample(type: MessageType): WholeMessageJson | undefined {
  const file = join(import.meta.dirname, "../../schemas/examples", `${type}.json`);
  if (!existsSync(file)) return undefined;
  const { originator, handling, urgency, inner, body } = exampleOf(type);
  const usual = typeOptions(type)?.urgency ?? "ROUTINE";
  return { type, originator, handling, urgency: urgency ?? usual, inner, body };
}

/** The outer header of a message of the type that is sent when examples are. */
export function makeHeader(
  type: MessageType,
  { originator, handling, urgency }: Pick<WholeMessageJson, "originator" | "handling" | "urgency">,
): ContentHeader {
  const { scope = "FEED", retentionDays = 1 } = typeOptions(type) ?? {};
  const expiresAt = exampleInstant + retentionDays * 86_400_000;
  return { scope, originator, urgency, handling, createdAt: exampleInstant, expiresAt };
}

/** Throws the Fault of the first check that the message does not pass. */
export function checkWholeJson(message: WholeMessageJson): void {
  const { type, urgency, handling } = message;
  const body = parseBody(type, message.body);
  const inner = parseInnerHeader(message.inner);
  checkHeaders({ type, urgency, handling, inner });
  checkWhole({ ...makeHeader(type, message), type, inner, body });
}

function isGood(message: WholeMessageJson): boolean {
  try {
    checkWholeJson(message);
    return true;
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

/** Every field that there is; rules over several fields may refuse it. */
export function makeFullBody(type: MessageType): Json {
  const name = bodyMessageName(type);
  return renderJson(name, makeFullMessage(name)) as Json;
}

/** The values of a field that may be good beside the others: all of it, or one item. */
function choicesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) && value.length > 1 ? [value, value.slice(0, 1)] : [value];
}

/** A good message with as many fields of the fullest body as its rules let stand together. */
export function makeFullest(example: WholeMessageJson): WholeMessageJson {
  let best = example;
  for (const [name, value] of Object.entries(makeFullBody(example.type))) {
    const better = choicesOf(value)
      .map((choice) => ({ ...best, body: { ...best.body, [name]: choice } }))
      .find(isGood);
    best = better ?? best;
  }
  return best;
}
