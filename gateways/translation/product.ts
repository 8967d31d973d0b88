import {
  bodyMessageName,
  type JsonValue,
  parseBody,
  renderInstant,
  renderJson,
} from "../../schemas/body/index.ts";
import { encode } from "../../schemas/codec/index.ts";
import { type LocalizedText, writeLocalizedText } from "../../schemas/gen/index.ts";
import {
  type Bytes,
  type EpochMs,
  renderBase64url,
  renderUuid,
  sha256,
} from "../../schemas/ground/index.ts";
import type { TranslatedText } from "./translate-text.ts";

const type = "translation.product";

/** SHA-256 of a text of a message as Protocol Buffers writes it: words, language, script and marks. */
export function digestOfText(source: LocalizedText): Bytes {
  return sha256(encode(source, writeLocalizedText));
}

/** What a product is made of. */
export interface ProductParts {
  /** The message with the original. */
  readonly sourceId: Bytes;
  /** JSON Pointer into its body. */
  readonly pointer: string;
  readonly source: LocalizedText;
  readonly to: string;
  readonly result: TranslatedText;
  readonly at: EpochMs;
  readonly glossaryVersion?: string | undefined;
}

/**
 * The body of a `translation.product` in JSON, bound to the original by id, place and hash and marked MT_RAW: a
 * person who checks it makes a product of his own.
 *
 * @throws {Fault} SCHEMA_INVALID when the parts are not those of a product: no pointer, the same language,
 *   an engine's name that is too long
 */
export function makeTranslationProduct(parts: ProductParts): JsonValue {
  const { source, result, to, glossaryVersion } = parts;
  const { text, engine, model, version, confidence } = result;
  const json = {
    targetId: renderUuid(parts.sourceId),
    pointer: parts.pointer,
    sourceDigest: renderBase64url(digestOfText(source)),
    sourceLanguage: source.lang,
    text: { text, lang: to },
    method: "MT_RAW",
    engine,
    ...(model === undefined ? {} : { model }),
    ...(version === undefined ? {} : { modelVersion: version }),
    ...(confidence === undefined ? {} : { confidencePercent: Math.round(confidence * 100) }),
    ...(glossaryVersion === undefined ? {} : { glossaryVersion }),
    translatedAt: renderInstant(parts.at),
  };
  return renderJson(bodyMessageName(type), parseBody(type, json));
}
