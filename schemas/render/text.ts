import { isRightToLeft, type Language, wordLabel } from "../codes/index.ts";
import { type Clause, type Content, type Document, makeDocument, type Shown } from "./document.ts";
import { isolated, renderWords } from "./words.ts";

/** French sets a no-break space before the colon. */
function colon(lang: Language): string {
  return lang === "fr" ? "\u00a0:" : ":";
}

function between(lang: Language): string {
  if (lang === "ar") return "؛ ";
  return lang === "fr" ? "\u00a0; " : "; ";
}

function renderShown(value: Shown, lang: Language, depth: number): string {
  const rtl = isRightToLeft(lang);
  if (value.kind === "plain") return isolated(value.text, rtl);
  if (value.kind === "words") {
    return `${isolated(renderWords(value.text), rtl)} [${renderWords(value.lang)}]`;
  }
  const inside = value.clauses
    .map((clause) => renderClause(clause, lang, depth + 1))
    .join(between(lang));
  return depth === 0 ? inside : `(${inside})`;
}

function renderClause({ label, value }: Clause, lang: Language, depth: number): string {
  return `${label}${colon(lang)} ${renderShown(value, lang, depth)}`;
}

/** The labels used, and that nobody confirmed them if so. */
export function renderPackLine({ lang, pack }: Document): string {
  const draft = pack.review === "DRAFT" ? ` (${wordLabel("draft", lang)})` : "";
  return `${wordLabel("pack", lang)}${colon(lang)} ${isolated(pack.name, isRightToLeft(lang))}${draft}`;
}

/**
 * The content of a message in words, one first-level field a line: labels and codes in the reader's language,
 * the sender's own words as they were written with their language beside them, times in UTC and by the
 * reader's clock, and the pack the labels are from.
 */
export function renderText(content: Content): string {
  const document = makeDocument(content);
  const { lang, title, clauses } = document;
  return [
    `${wordLabel("type", lang)}${colon(lang)} ${title}`,
    ...clauses.map((clause) => renderClause(clause, lang, 0)),
    renderPackLine(document),
  ].join("\n");
}
