import { faultSentence, type Language } from "../../schemas/index.ts";
import { Fault, type FaultCode, faults, isFaultCode } from "../../schemas/ground/index.ts";
import { type Call, type Desk, type Handler, renderAnswer } from "./call.ts";
import { docsWords } from "./docs-words.ts";
import { chooseForm, chooseLanguage } from "./negotiate.ts";
import { chapterOf } from "./openapi.ts";
import { makeShapeBook, parametersOfShape, type ShapeBook } from "./openapi-shapes.ts";
import { escapeHtml, renderPage, style } from "./page.ts";
import type { Route } from "./route.ts";

/** What one page is made with. */
interface Writing {
  readonly lang: Language;
  readonly book: ShapeBook;
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

function renderSchema(schema: unknown): string {
  return `<pre>${escapeHtml(JSON.stringify(schema, undefined, 1))}</pre>`;
}

function renderParameters(route: Route, { lang, book }: Writing): string {
  const { parameters, required } = docsWords[lang];
  const all = [route.query, route.headers].flatMap((shape) => parametersOfShape(shape, book));
  const rows = all.map(({ name, required: isRequired, schema: { type, enum: codes } }) => {
    const says = Array.isArray(codes) ? codes.join(", ") : typeof type === "string" ? type : "";
    const must = isRequired ? required : "";
    return `<tr><td>${code(name)}</td><td>${escapeHtml(says)}</td><td>${must}</td></tr>`;
  });
  return rows.length === 0 ? "" : `<h3>${parameters}</h3><table>${rows.join("")}</table>`;
}

function renderBody({ body }: Route, { lang, book }: Writing): string {
  if (body === undefined) return "";
  const { shape, type = "application/json" } = body;
  const schema = shape === undefined ? "" : renderSchema(book.render(shape, "input"));
  return `<h3>${docsWords[lang].body}</h3><p>${code(type)}</p>${schema}`;
}

function renderAnswers({ answers }: Route, { lang, book }: Writing): string {
  const said = Object.entries(answers).map(([status, { says, shape, types }]) => {
    const forms = types === undefined ? "" : ` (${types.map(code).join(", ")})`;
    const schema = shape === undefined ? "" : renderSchema(book.render(shape, "output"));
    return `<p><strong>${status}</strong> ${escapeHtml(says)}${forms}</p>${schema}`;
  });
  return `<h3>${docsWords[lang].answers}</h3>${said.join("")}`;
}

function renderRoute(route: Route, writing: Writing): string {
  const { forWhom, anybody, stepUp } = docsWords[writing.lang];
  const whom = route.open === true ? anybody : route.for.join(", ");
  const proof = route.stepUp === true ? `; ${stepUp}` : "";
  return [
    `<h2>${code(`${route.method} ${route.path}`)}</h2>`,
    `<p lang="en">${escapeHtml(route.summary)}</p><p>${forWhom}: ${whom}${proof}</p>`,
    renderParameters(route, writing),
    renderBody(route, writing),
    renderAnswers(route, writing),
  ].join("\n");
}

function chaptersOf(routes: readonly Route[]): readonly string[] {
  return [...new Set(routes.map(({ path }) => chapterOf(path)))].toSorted();
}

function renderIndex(routes: readonly Route[], lang: Language): Response {
  const { title, about, problems } = docsWords[lang];
  const links = chaptersOf(routes).map((name) => `<li><a href="/docs/${name}">${name}</a></li>`);
  const codes = Object.keys(faults).map((name) => `<a href="/faults/${name}">${code(name)}</a>`);
  const html = [
    `<p>${about}: <a href="/openapi.json">/openapi.json</a></p>`,
    `<ul>${links.join("")}</ul>`,
    `<p>${problems}</p><p>${codes.join(" ")}</p>`,
  ];
  return renderPage({ lang, title, html: html.join("\n") });
}

function renderNamed(book: ShapeBook): string {
  return Object.entries(book.named())
    .map(([name, schema]) => `<h2>${code(name)}</h2>${renderSchema(schema)}`)
    .join("\n");
}

/** The pages of the description: a list of its chapters, and a page a chapter. */
export function makeDocs(all: () => readonly Route[]): {
  readonly index: Handler;
  readonly chapter: Handler;
} {
  return {
    index: (_desk, { request }) => renderIndex(all(), chooseLanguage(request.headers)),
    chapter: (_desk, { request, params }) => {
      const name = params["chapter"] ?? "";
      const found = all().filter(({ path }) => chapterOf(path) === name);
      if (found.length === 0) throw new Fault("NOT_FOUND", "the description has no such chapter");
      const lang = chooseLanguage(request.headers);
      const writing = { lang, book: makeShapeBook() };
      const { title, all: back } = docsWords[lang];
      const parts = found.map((route) => renderRoute(route, writing));
      const html = [`<nav><a href="/docs">${back}</a></nav>`, ...parts, renderNamed(writing.book)];
      return renderPage({ lang, title: `${title}: ${name}`, html: html.join("\n") });
    },
  };
}

/** The one style of all pages. */
export function getStyle(): Response {
  return new Response(style, { headers: { "content-type": "text/css; charset=utf-8" } });
}

function renderFaultPage(fault: FaultCode, lang: Language): Response {
  const { status, retry } = faults[fault];
  const { retry: says, all } = docsWords[lang];
  const html = `<p>${code(fault)} · ${status}</p><p>${says[retry]}</p><nav><a href="/docs">${all}</a></nav>`;
  return renderPage({ lang, title: faultSentence(fault, lang), html });
}

/** What one code means: for programs, or as a page. */
export function getFault(_desk: Desk, { params, request }: Call): Response {
  const name = params["code"] ?? "";
  if (!isFaultCode(name)) throw new Fault("NOT_FOUND", "no fault has this code");
  const form = chooseForm(request.headers.get("accept"), ["application/json", "text/html"]);
  const lang = chooseLanguage(request.headers, form);
  if (form.type === "text/html") return renderFaultPage(name, lang);
  const { status, retry } = faults[name];
  const headers = { "content-language": lang, vary: "accept, accept-language" };
  return renderAnswer({ code: name, title: faultSentence(name, lang), status, retry }, { headers });
}
