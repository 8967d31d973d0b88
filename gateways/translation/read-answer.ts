import { z } from "zod";

import { parseJsonText } from "../../schemas/body/index.ts";
import { type Bytes, concatBytes, Fault, parseUtf8, tryShape } from "../../schemas/ground/index.ts";

/** Characters one segment of an answer may have; a whole text has 4,000. */
const maxSegment = 8000;

const answerShape = z.looseObject({ translatedText: z.array(z.string()) });
const refusalShape = z.looseObject({ error: z.string() });

function unavailable(detail: string): Fault {
  return new Fault("TRANSLATION_UNAVAILABLE", `the translation service ${detail}`);
}

/** The bytes of an answer, up to the limit; what comes after it is not waited for. */
async function readBytes(response: Response, maxBytes: number): Promise<Bytes> {
  const pieces: Bytes[] = [];
  let length = 0;
  const stream: AsyncIterable<Bytes> | null = response.body;
  if (stream !== null) {
    for await (const piece of stream) {
      length += piece.length;
      // leaving the loop cancels the stream
      if (length > maxBytes) throw unavailable(`answered more than ${maxBytes} bytes`);
      pieces.push(piece);
    }
  }
  return concatBytes(...pieces);
}

async function readJson(response: Response, maxBytes: number): Promise<unknown> {
  const media = response.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(?:;|$)/i.test(media.slice(0, 200))) {
    await response.body?.cancel();
    throw unavailable(`answered no JSON (HTTP ${response.status})`);
  }
  const bytes = await readBytes(response, maxBytes);
  try {
    return parseJsonText(parseUtf8(bytes), maxBytes);
  } catch (error) {
    if (error instanceof Fault) throw unavailable("answered JSON that cannot be read");
    throw error;
  }
}

/** What the service says about a question it refuses: that it lacks a language, or nothing we know. */
function refusal(status: number, json: unknown): Fault {
  const told = tryShape(refusalShape, json);
  if (status === 400 && told.success && / is not supported/i.test(told.data.error.slice(0, 500))) {
    return new Fault(
      "TRANSLATION_LANGUAGE",
      "the translation service does not have this pair of languages",
    );
  }
  return unavailable(`refused the question (HTTP ${status})`);
}

/**
 * Reads what a service answered: JSON of limited size with as many texts as were asked for. Nothing of it is
 * repeated in a fault, because it may repeat the question.
 *
 * @throws {Fault} TRANSLATION_UNAVAILABLE, TRANSLATION_LANGUAGE
 */
export async function readAnswer(
  response: Response,
  { maxAnswerBytes, count }: { readonly maxAnswerBytes: number; readonly count: number },
): Promise<readonly string[]> {
  const json = await readJson(response, maxAnswerBytes);
  if (response.status !== 200) throw refusal(response.status, json);
  const answer = tryShape(answerShape, json);
  if (!answer.success) throw unavailable("answered JSON without texts");
  const { translatedText } = answer.data;
  if (translatedText.length !== count) throw unavailable("answered another number of texts");
  if (translatedText.some((text) => text.length > maxSegment)) {
    throw unavailable(`answered a text of more than ${maxSegment} characters`);
  }
  return translatedText;
}
