import { findCharacterFault } from "../../schemas/check/index.ts";
import type { LocalizedText } from "../../schemas/gen/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { isOnlyFacts, type MaskedText, maskText, unmaskText } from "./mask.ts";
import type { TranslatedSegments, Translator } from "./translator.ts";

/** Lines one text may have: each is a segment of its own. */
const maxLines = 100;

/** Characters of the longest text of a message. */
const maxCharacters = 4000;

/** A text, the language it is wanted in, and what must stand in it unchanged. */
export interface TextToTranslate {
  readonly source: LocalizedText;
  /** BCP 47. */
  readonly to: string;
  /** Names and numbers of its message (`collectLiterals`), and terms that stand as they are. */
  readonly literals: readonly string[];
  readonly glossary?: readonly (readonly [string, string])[];
}

/** A translation whose facts were checked, and what made it. */
export interface TranslatedText extends Omit<TranslatedSegments, "segments"> {
  readonly text: string;
}

function checkText(text: string): string {
  const fault = findCharacterFault(text);
  if (fault !== undefined) {
    throw new Fault("TRANSLATION_WITHHELD", `the service's text ${fault.says}`);
  }
  if (text.trim() === "" || Array.from(text).length > maxCharacters) {
    throw new Fault(
      "TRANSLATION_WITHHELD",
      `the service's text is empty or has more than ${maxCharacters} characters`,
    );
  }
  return text;
}

/** The lines with those that have words replaced by the answers, in their order. */
function putTogether(
  lines: readonly string[],
  answers: readonly string[],
  masked: MaskedText,
): string {
  const left = [...answers];
  return lines.map((line) => (isOnlyFacts(line, masked) ? line : (left.shift() ?? ""))).join("\n");
}

function checkCount(answers: readonly string[], asked: readonly string[]): void {
  if (answers.length === asked.length) return;
  throw new Fault("TRANSLATION_UNAVAILABLE", "the service answered another number of segments");
}

/**
 * Translates one text so that every name, number, code, address and marked run in it stands in the
 * translation exactly as it was, each as often as it was. The service never sees them.
 *
 * @throws {Fault} TRANSLATION_WITHHELD when a fact was changed or the text cannot be masked or sent,
 *   TRANSLATION_LANGUAGE when both languages are one, and what `translator` throws
 */
export async function translateText(
  translator: Translator,
  { source, to, literals, glossary = [] }: TextToTranslate,
): Promise<TranslatedText> {
  if (source.lang === to) {
    throw new Fault("TRANSLATION_LANGUAGE", "the text is in the language asked for already");
  }
  const masked = maskText(source, literals);
  const lines = masked.text.split("\n");
  const segments = lines.filter((line) => !isOnlyFacts(line, masked));
  if (segments.length === 0 || lines.length > maxLines) {
    throw new Fault(
      "TRANSLATION_WITHHELD",
      `the text has no words to translate, or more than ${maxLines} lines`,
    );
  }
  const answer = await translator.translate({ segments, from: source.lang, to, glossary });
  checkCount(answer.segments, segments);
  const whole = putTogether(lines, answer.segments, masked).normalize("NFC");
  const { engine, model, version, confidence } = answer;
  return { text: checkText(unmaskText(whole, masked)), engine, model, version, confidence };
}
