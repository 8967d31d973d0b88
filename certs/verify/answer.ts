import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  type FaultCode,
  isFault,
  parseUtf8,
} from "../../schemas/ground/index.ts";
import { splitLines } from "./lines.ts";
import { readShape } from "./read-shape.ts";

/** The answer to one request: whether it holds, and if not the code of the refusal. */
export interface Answer {
  readonly ok: boolean;
  readonly code?: FaultCode;
  /** The field, the limit, the way out; never what was asked about. */
  readonly detail?: string;
}

/** Answers one request that is an object, its `id` taken off. May throw a Fault, which is an answer too. */
export type Answerer = (request: Readonly<Record<string, unknown>>) => Answer;

/** An answer with the `id` of its request; null when it had none that could be read. */
export type NamedAnswer = Answer & { readonly id: string | number | null };

/** Bytes of one request: a path of the largest size in base64 needs a fifth of it. */
export const maxRequestBytes = 16 * 1024 * 1024;

const maxIdChars = 1024;
const id = z.union([z.string().max(maxIdChars), z.number(), z.null()]);
const named = z.looseObject({ id: id.optional() });
const anyObject = z.looseObject({});

/** The answer that a failure is. What is no Fault is ours to mend, and told as such. */
export function refusalOf(error: unknown): Answer & { readonly code: FaultCode } {
  if (!isFault(error)) return { ok: false, code: "INTERNAL", detail: "it could not be judged" };
  const { code, detail } = error;
  return { ok: false, code, detail };
}

/**
 * Answers one request in JSON. Never throws: what cannot be read is an answer with its code.
 *
 * @param line undefined: a line that was too long
 */
export function answerRequest(line: Bytes | undefined, answer: Answerer): NamedAnswer {
  let found: string | number | null = null;
  try {
    if (line === undefined || line.length > maxRequestBytes) {
      throw new Fault("REQUEST_TOO_LARGE", `a request has at most ${maxRequestBytes} bytes`);
    }
    const value = parseJsonText(parseUtf8(line), maxRequestBytes);
    const { id: given, ...request } = readShape(named, readShape(anyObject, value));
    found = given ?? null;
    return { id: found, ...answer(request) };
  } catch (error) {
    return { id: found, ...refusalOf(error) };
  }
}

/**
 * Answers requests, one JSON object a line, with one line of JSON each, in their order. One request is held at a
 * time: the next is read when its answer was taken.
 */
export async function* answerLines(
  chunks: AsyncIterable<Bytes>,
  answer: Answerer,
): AsyncGenerator<string> {
  for await (const line of splitLines(chunks, maxRequestBytes)) {
    yield `${JSON.stringify(answerRequest(line, answer))}\n`;
  }
}
