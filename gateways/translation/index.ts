/**
 * Translation of free text by a service the operator runs; none by default.
 *
 * Promises: names, numbers, codes and everything marked never reach the service and stand in the translation
 * exactly as in the original, or the translation is withheld; a product is bound to its original by id,
 * place and hash, says which engine made it, and is marked unchecked. Trusts the operator's choice of service
 * with the words between the names, and nothing the service answers. Never decides whether a text may leave
 * the agency: that is asked before. Start at `translator.ts`, then `translate-text.ts`.
 */
export { type LibreTranslateOptions, makeLibreTranslate } from "./libre-translate.ts";
export { collectLiterals } from "./literals.ts";
export { digestOfText, makeTranslationProduct, type ProductParts } from "./product.ts";
export { type TextToTranslate, translateText, type TranslatedText } from "./translate-text.ts";
export {
  noTranslator,
  type SegmentsToTranslate,
  type TranslatedSegments,
  type Translator,
} from "./translator.ts";
export { type TranslationSource, verifyTranslation } from "./verify.ts";
