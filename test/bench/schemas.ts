/**
 * `npm run bench -- --schemas`: what a message costs in the schemas alone: encode, decode and full validation of an
 * alert of about 1 kB against plain `JSON.parse` of its JSON, and rendering it; ratios and microseconds.
 */
import {
  bodyCodecs,
  bodyMessageName,
  checkBody,
  checkHeaders,
  checkWhole,
  decodeInnerHeader,
  encodeBody,
  encodeInnerHeader,
  parseBody,
  parseInnerHeader,
  renderJson,
} from "../../schemas/index.ts";
import { exampleInstant, exampleOf } from "../../schemas/examples/index.ts";
import { renderHtml, renderText } from "../../schemas/render/index.ts";
import { cutExample } from "./cut-example.ts";

const type = "alert.incident";
const rounds = 40;
const perRound = 500;

/**
 * Microseconds that one call of each takes, the best of several rounds: noise only ever adds. All have their turn in
 * every round, so that a quiet moment of the machine is there for all of them.
 */
function timesOf<N extends string>(acts: Readonly<Record<N, () => unknown>>): Record<N, number> {
  const best = Object.fromEntries(Object.keys(acts).map((name) => [name, Infinity]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, act] of Object.entries<() => unknown>(acts)) {
      const began = performance.now();
      for (let at = 0; at < perRound; at += 1) act();
      const micros = ((performance.now() - began) / perRound) * 1000;
      best[name] = Math.min(best[name] ?? Infinity, micros);
    }
  }
  return best as Record<N, number>;
}

/** The message, in its in-memory form and in both others. */
function makeMessage() {
  const json = cutExample();
  const body = parseBody(type, json.body);
  const inner = parseInnerHeader(json.inner);
  const text = JSON.stringify({
    inner: renderJson("InnerHeader", inner),
    body: renderJson(bodyMessageName(type), body),
  });
  return { body, inner, text, bytes: encodeBody(type, body), innerBytes: encodeInnerHeader(inner) };
}

/** What was measured: names and microseconds, and the ratio that is aimed at. */
export interface SchemasCost {
  readonly rows: readonly (readonly [string, number])[];
  /** Microseconds of plain `JSON.parse`. */
  readonly parse: number;
  /** Encode, decode and full validation against `JSON.parse`. */
  readonly ratio: number;
}

/** Measures; takes some ten seconds. */
export function measureSchemas(): SchemasCost {
  const { body, inner, text, bytes, innerBytes } = makeMessage();
  const { handling, originator } = exampleOf(type);
  const header = { type, handling, urgency: "NORMAL", inner } as const;
  const [createdAt, expiresAt] = [exampleInstant, exampleInstant + 1];
  const whole = { ...header, body, originator, scope: "FEED", createdAt, expiresAt } as const;
  const { parse, encode, decode, total, rendered, html } = timesOf({
    parse: () => JSON.parse(text),
    encode: () => [encodeInnerHeader(inner), encodeBody(type, body)],
    decode: () => [decodeInnerHeader(innerBytes), bodyCodecs[type].decode(bytes)],
    // what was just decoded, as in life: nothing may be remembered from the message before
    total: () => {
      encodeInnerHeader(inner);
      encodeBody(type, body);
      const fresh = bodyCodecs[type].decode(bytes);
      const own = { ...header, inner: decodeInnerHeader(innerBytes) };
      checkBody(type, fresh);
      checkHeaders(own);
      checkWhole({ ...whole, ...own, body: fresh });
    },
    rendered: () => renderText({ type, body, inner, lang: "ar", zone: "Africa/Tunis" }),
    html: () => renderHtml({ type, body, inner, lang: "fr" }),
  });
  const rows: SchemasCost["rows"] = [
    [`JSON.parse of ${text.length} characters`, parse],
    [`encode to ${bytes.length + innerBytes.length} bytes`, encode],
    ["decode", decode],
    ["full validation, by difference", total - encode - decode],
    ["encode + decode + validation", total],
    ["render as text (ar)", rendered],
    ["render as HTML (fr)", html],
  ];
  return { rows, parse, ratio: total / parse };
} // prettier-ignore

/** A line a figure, and one of JSON. */
export function renderSchemasCost({ rows, parse, ratio }: SchemasCost): string {
  const lines = rows.map(([name, micros]) => {
    const times = (micros / parse).toFixed(2).padStart(7);
    return `${name.padEnd(36)} ${micros.toFixed(1).padStart(8)} µs  ${times} × JSON.parse`;
  });
  return `${[...lines, JSON.stringify({ schemas: Object.fromEntries(rows), ratio })].join("\n")}\n`;
}
