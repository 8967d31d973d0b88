import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";

import {
  answerWords,
  dimensions,
  dimensionWords,
  eachAlone,
  reasonWords,
} from "../../certs/evidence/index.ts";
import { type Bytes, isFaultCode, utf8 } from "../../schemas/ground/index.ts";
import { faultSentence, languages } from "../../schemas/index.ts";
import { pageWords } from "./page-words.ts"; // prettier-ignore

const sources = join(import.meta.dirname, "..", "..", "certs", "court");
/** In the order in which each stands on those before it. */
const files = ["bytes", "join", "wire", "text", "der", "signed", "certificate", "path", "file", "note", "case", "verdict", "checks", "log-checks", "judge"] as const; // prettier-ignore
const ownScript = join(import.meta.dirname, "script.mjs");
// whole statements at the top, each ended by a semicolon
const imports = /^import [^;]{0,2000};.*$/gm;

/** A file as a browser reads it: without types, imports and exports, because all stand in one script. */
function plain(path: string): string {
  const code = stripTypeScriptTypes(readFileSync(path, "utf8"));
  return code.replace(imports, "").replace(/^export /gm, "");
}

/** Codes that the page may tell: every one that stands in its code. */
function codesIn(code: string): readonly string[] {
  const all = code.matchAll(/"([A-Z]{3,20}(?:_[A-Z]{1,20}){1,6})"/g);
  return [...new Set([...all].map(([, name = ""]) => name))].filter(isFaultCode).toSorted();
}

function wordsFor(code: string): string {
  const faults = Object.fromEntries(
    codesIn(code).map((one) => [
      one,
      Object.fromEntries(languages.map((lang) => [lang, isFaultCode(one) ? faultSentence(one, lang) : ""])),
    ]),
  );
  const words = { dimensions, questions: dimensionWords, reasons: reasonWords, answers: answerWords, alone: eachAlone, page: pageWords, faults, languages };
  // a script ends at no text of its own
  return JSON.stringify(words).replaceAll("<", "\\u003c");
} // prettier-ignore

function digestOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

const style = `body{font:1rem/1.5 system-ui,sans-serif;margin:1rem auto;max-width:60rem;padding:0 1rem;color:#111;background:#fff}
table{border-collapse:collapse;inline-size:100%}th,td{border-block-end:1px solid #767676;padding:.4rem;text-align:start;vertical-align:top}
label{display:block;margin-block:.8rem}.digest{overflow-wrap:anywhere}[data-says=NO] .answer{font-weight:700}`;

/** The page, whole: no outside origin, its only script known to the browser by its digest. */
export function renderCourtPage(): Bytes {
  const code = files.map((name) => plain(join(sources, `${name}.ts`))).join("\n");
  const script = `"use strict";\nconst words = ${wordsFor(code)};\n${code}\n${plain(ownScript)}`;
  const policy = `default-src 'none'; script-src ${digestOf(script)}; style-src ${digestOf(style)}; base-uri 'none'; form-action 'none'`;
  return utf8(`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">
<title>Atumpan</title><style>${style}</style></head>
<body><main id="main"></main><script type="module">${script}</script></body></html>
`);
} // prettier-ignore
