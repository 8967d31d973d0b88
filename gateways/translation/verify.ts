import type { MessageType } from "../../schemas/body/index.ts";
import {
  checkLocalizedText,
  type LocalizedText,
  type TranslationProduct,
} from "../../schemas/gen/index.ts";
import { type Bytes, Fault, sameBytes } from "../../schemas/ground/index.ts";
import { examine } from "../../schemas/check/index.ts";
import { keepsFacts } from "./facts.ts";
import { collectLiterals } from "./literals.ts";
import { factsOf } from "./mask.ts";
import { digestOfText } from "./product.ts";

/** The message a product says it is a translation of, as this gateway holds it. */
export interface TranslationSource {
  readonly id: Bytes;
  readonly type: MessageType;
  readonly body: object;
}

function refuse(detail: string): never {
  throw new Fault("TRANSLATION_UNBOUND", detail);
}

/** The value a pointer leads to, by own members only; undefined when it leads nowhere. */
function follow(body: object, pointer: string): unknown {
  let here: unknown = body;
  for (const step of pointer.split("/").slice(1)) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = new Map<string, unknown>(Object.entries(here)).get(step);
  }
  return here;
}

function findSource({ body }: TranslationSource, { pointer }: TranslationProduct): LocalizedText {
  const examined = examine(checkLocalizedText, follow(body, pointer));
  return examined.ok ? examined.value : refuse("pointer leads to no text of the original");
}

/**
 * Verifies that `product` is a translation of one text of `source` as it stands: the message's id, the
 * place, the hash of the whole text with its marks, and its language. Of an unchecked machine translation
 * also that every name, number and code stands in it unchanged, whatever gateway made it.
 *
 * @param product checked by `parseBody` or `checkBody`
 * @returns the original, to be shown beside it
 * @throws {Fault} TRANSLATION_UNBOUND, TRANSLATION_WITHHELD
 */
export function verifyTranslation(
  product: TranslationProduct,
  source: TranslationSource,
): LocalizedText {
  if (!sameBytes(product.targetId, source.id)) refuse("targetId is another message's");
  const original = findSource(source, product);
  if (!sameBytes(product.sourceDigest, digestOfText(original))) {
    refuse("sourceDigest is not the hash of the original; it was changed, or this is another's");
  }
  if (product.sourceLanguage !== original.lang) refuse("sourceLanguage is not the original's");
  if (product.method === "MT_RAW") {
    const literals = collectLiterals(source.type, source.body);
    const facts = factsOf(original, literals).map(({ start, end }) =>
      original.text.slice(start, end),
    );
    if (!keepsFacts(product.text.text, facts)) {
      throw new Fault(
        "TRANSLATION_WITHHELD",
        "names or numbers of the original are not in it unchanged",
      );
    }
  }
  return original;
}
