import { isRightToLeft, type Language } from "../../schemas/index.ts";

/** A page for people to read: no script, and nothing from anywhere else. */
export interface Page {
  readonly lang: Language;
  readonly title: string;
  /** What stands below the title, as HTML already. */
  readonly html: string;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it may stand in HTML, inside an attribute in quotes too. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? "");
}

/** One style for screen and paper; fonts are the reader's own. */
export const style = `:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem;border-top:1px solid;padding-top:.6rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9rem;direction:ltr;unicode-bidi:isolate}
h2 code{font-size:1rem;overflow-wrap:anywhere}
pre{overflow:auto;padding:.6rem;border:1px solid;white-space:pre-wrap}
table{border-collapse:collapse;width:100%}th,td{border:1px solid;padding:.25rem .5rem;text-align:start;vertical-align:top}
a:focus-visible,summary:focus-visible{outline:3px solid}
@media print{body{max-width:none;padding:0}a{color:inherit}details>pre{display:block}h2{break-after:avoid}table,pre{break-inside:avoid}nav{display:none}}
`;

/** Only our own style; all else stays shut. */
const policy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The answer with a page. */
export function renderPage({ lang, title, html }: Page): Response {
  const direction = isRightToLeft(lang) ? "rtl" : "ltr";
  const text = `<!doctype html>
<html lang="${lang}" dir="${direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><link rel="stylesheet" href="/docs/style.css"></head>
<body><main><h1>${escapeHtml(title)}</h1>
${html}
</main></body>
</html>
`;
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-language": lang,
    "content-security-policy": policy,
    vary: "accept, accept-language",
  };
  return new Response(text, { headers });
}
