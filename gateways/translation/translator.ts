import { Fault } from "../../schemas/ground/index.ts";

/** What a service is asked: pieces of one text, all in one language. */
export interface SegmentsToTranslate {
  readonly segments: readonly string[];
  /** BCP 47. */
  readonly from: string;
  readonly to: string;
  /** Words the service should use, for services that can: a word of `from` and the one of `to`. */
  readonly glossary?: readonly (readonly [string, string])[];
}

/** What it answers, and by whom it says it was made. */
export interface TranslatedSegments {
  /** As many as were asked for, in their order. */
  readonly segments: readonly string[];
  readonly engine: string;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
  /** 0 to 1, as the engine judges itself. */
  readonly confidence?: number | undefined;
}

/**
 * A translation service. One call is one question: nothing is kept between calls, and a call that fails may be
 * made again. What it answers is checked by who asked; it need not be right.
 */
export interface Translator {
  /** @throws {Fault} TRANSLATION_UNAVAILABLE, TRANSLATION_LANGUAGE */
  translate(asked: SegmentsToTranslate): Promise<TranslatedSegments>;
}

/** The service of a gateway that has none: the reader gets the coded facts and the original. */
export const noTranslator: Translator = {
  translate: () =>
    Promise.reject(
      new Fault("TRANSLATION_UNAVAILABLE", "no translation service is configured on this gateway"),
    ),
};
