import { isRightToLeft, wordLabel } from "../codes/index.ts";
import { type Clause, type Content, makeDocument, type Shown } from "./document.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const control = /[\p{Cc}--[\n\t]]/gv;

function escape(text: string): string {
  return text.replaceAll(control, "\ufffd").replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign);
}

function renderShown(value: Shown): string {
  if (value.kind === "plain") return `<bdi>${escape(value.text)}</bdi>`;
  if (value.kind === "words") {
    const lang = escape(value.lang);
    return `<q lang="${lang}" dir="auto">${escape(value.text)}</q> <small>[${lang}]</small>`;
  }
  return renderClauses(value.clauses);
}

function renderClauses(clauses: readonly Clause[]): string {
  const items = clauses.map(
    ({ label, value }) => `<dt>${escape(label)}</dt><dd>${renderShown(value)}</dd>`,
  );
  return `<dl>${items.join("")}</dl>`;
}

/**
 * The content of a message as one HTML article without script or style: terms and values, direction and
 * language marked, everything escaped. For a page that brings its own style.
 */
export function renderHtml(content: Content): string {
  const { lang, title, clauses, pack } = makeDocument(content);
  const direction = isRightToLeft(lang) ? "rtl" : "ltr";
  const draft =
    pack.review === "DRAFT"
      ? ` <strong class="draft">${escape(wordLabel("draft", lang))}</strong>`
      : "";
  return [
    `<article lang="${lang}" dir="${direction}">`,
    `<h2>${escape(title)}</h2>`,
    renderClauses(clauses),
    `<p class="pack">${escape(wordLabel("pack", lang))}: <bdi>${escape(pack.name)}</bdi>${draft}</p>`,
    "</article>",
  ].join("");
}
