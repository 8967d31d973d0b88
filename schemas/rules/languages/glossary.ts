import type { GlossaryTerm } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { findLanguageTwice } from "./directory.ts";

type Term = Rule<BodyContext<GlossaryTerm>>;

/** One word to use a language: that is what a glossary is for. */
export const oneWordPerLanguage: Term = {
  code: "RULE_GLOSSARY_LANGUAGE_TWICE",
  says: "there is a word or definition in this language already; keep one",
  find: ({ body }) => [
    ...findLanguageTwice(body.labels).map((at) => `/labels/${at}/lang`),
    ...findLanguageTwice(body.definitions).map((at) => `/definitions/${at}/lang`),
  ],
};

/** A word to use is not one to avoid, in the same language and whatever its capitals. */
export const wordIsNotAvoided: Term = {
  code: "RULE_GLOSSARY_CONTRADICTS",
  says: "the word is among the labels of its language; take it out of one of the two",
  find: ({ body }) => {
    const used = new Set(body.labels.map(({ text, lang }) => `${lang} ${text.toLowerCase()}`));
    return body.doNotUse.flatMap(({ text, lang }, at) =>
      used.has(`${lang} ${text.toLowerCase()}`) ? [`/doNotUse/${at}`] : [],
    );
  },
};
