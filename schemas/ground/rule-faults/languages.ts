/** Rules of translations, the directory and the glossary, and why a translation is not given. */
export const languagesRuleFaults = {
  RULE_TRANSLATION_ENGINE_MISSING: "A machine translation names its engine",
  RULE_TRANSLATION_ENGINE_NAMED: "A translation by a person names no engine",
  RULE_TRANSLATION_TRANSLATOR_MISSING: "A sworn translation names its translator by reference",
  RULE_TRANSLATION_REVIEWER_MISSING:
    "A checked machine translation names who checked it by reference",
  RULE_TRANSLATION_SAME_LANGUAGE: "A translation is into another language than its original",
  RULE_TRANSLATION_POINTER: "A pointer is spelt as RFC 6901 asks",
  RULE_TRANSLATION_FIELD_TWICE: "A field is asked for once",
  RULE_TRANSLATION_COURT_RAW: "An unchecked machine translation is never court text",
  RULE_TRANSLATION_COURT_QUALITY: "A text for a court is translated by a person",
  RULE_TRANSLATION_DEADLINE_PAST: "The deadline of a translation is after the request",
  RULE_DIRECTORY_HOURS: "Office hours close after they open and name their time zone",
  RULE_DIRECTORY_UNREACHABLE: "A channel comes with the address it needs",
  RULE_DIRECTORY_NAME_TWICE: "A text stands once a language",
  RULE_DIRECTORY_FOREIGN: "A state describes its own authorities only",
  RULE_DIRECTORY_VERIFIED_LATER: "An entry was verified before it is sent",
  RULE_GLOSSARY_LANGUAGE_TWICE: "A concept has one word to use a language",
  RULE_GLOSSARY_CONTRADICTS: "A word is not both to be used and not to be used",
  TRANSLATION_LANGUAGE: "The translation service does not have this language",
  TRANSLATION_WITHHELD: "The translation changed names, numbers or codes and is withheld",
  TRANSLATION_UNBOUND: "The translation is not of this field",
} as const;
