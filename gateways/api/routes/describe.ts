import { z } from "zod";

import { type Handler, renderAnswer } from "../call.ts";
import {
  getAsyncApi,
  getCodeList,
  getCodeLists,
  getExample,
  getProto,
  getProtos,
} from "../describe.ts";
import { getFault, getStyle, makeDocs } from "../docs.ts";
import { getForm } from "../form.ts";
import { getLabels, labelsQueryShape } from "../labels.ts";
import { renderOpenApi } from "../openapi.ts";
import type { Route } from "../route.ts";
import { getSchema, getSchemas } from "../system.ts";

const names = z.array(z.string());
const href = z.string();
const anyJson = z.looseObject({});
const types = z.strictObject({
  items: z.array(z.looseObject({ type: z.string(), href })),
  limits: anyJson,
});
const lists = z.strictObject({
  items: z.array(z.strictObject({ list: z.string(), version: z.number(), source: z.string(), digest: z.string(), count: z.number(), href })),
}); // prettier-ignore
const list = z.strictObject({
  list: z.string(),
  version: z.number(),
  source: z.string(),
  digest: z.string(),
  lang: z.string(),
  codes: z.array(z.strictObject({ code: z.string(), label: z.string() })),
});
const example = z.looseObject({ type: z.string(), crimes: names, body: anyJson });
const protos = z.strictObject({ items: z.array(z.strictObject({ name: z.string(), href })) });
const fault = z.strictObject({ code: z.string(), title: z.string(), status: z.number(), retry: z.enum(["never", "later", "after-change"]) }); // prettier-ignore
const langQuery = z.strictObject({ lang: z.enum(["en", "fr", "pt", "ar", "es", "sw"]).optional() });

const page = ["text/html"] as const;
const text = ["text/plain"] as const;
/** What describes the interface is the same everywhere and nobody's data: whoever asks is shown it. */
const open = { open: true, for: [], whileLocked: true, tagged: true, packed: true } as const;

function makeOpenApi(all: () => readonly Route[]): Handler {
  let made: object | undefined;
  return () => {
    made ??= renderOpenApi(all());
    return renderAnswer(made);
  };
}

/** The description of it all; `all` is the whole table. */
export function makeDescribeRoutes(all: () => readonly Route[]): readonly Route[] {
  const docs = makeDocs(all);
  return [
    { method: "GET", path: "/openapi.json", ...open, summary: "this description in OpenAPI 3.1", answers: { 200: { says: "the description", shape: anyJson } }, handle: makeOpenApi(all) },
    { method: "GET", path: "/asyncapi.json", ...open, summary: "what travels over NATS, in AsyncAPI", answers: { 200: { says: "the description", shape: anyJson } }, handle: getAsyncApi },
    { method: "GET", path: "/docs", ...open, summary: "this description as pages", answers: { 200: { says: "its chapters", types: page } }, handle: docs.index },
    { method: "GET", path: "/docs/style.css", ...open, summary: "the style of the pages", answers: { 200: { says: "the style", types: ["text/css"] } }, handle: getStyle },
    { method: "GET", path: "/docs/:chapter", ...open, summary: "one chapter as a page", answers: { 200: { says: "the chapter", types: page } }, handle: docs.chapter },
    { method: "GET", path: "/faults/:code", ...open, summary: "what a code means", answers: { 200: { says: "the code, in the language that is asked for", shape: fault, types: ["application/json", "text/html"] } }, handle: getFault },
    { method: "GET", path: "/v1/schemas", ...open, summary: "every message type", answers: { 200: { says: "types and limits", shape: types } }, handle: getSchemas },
    { method: "GET", path: "/v1/schemas/:type", ...open, summary: "JSON Schema of one type", answers: { 200: { says: "the schema", types: ["application/schema+json"] } }, handle: getSchema },
    { method: "GET", path: "/v1/schemas/:type/form", ...open, summary: "how a form for one type is built", query: langQuery, answers: { 200: { says: "fields in their order; with lang also their names, the inner header's fields, and code lists that are short", shape: anyJson } }, handle: getForm },
    { method: "GET", path: "/v1/schemas/:type/example", ...open, summary: "a good message of one type, of fictional persons", answers: { 200: { says: "a message", shape: example } }, handle: getExample },
    { method: "GET", path: "/v1/codelists", ...open, summary: "every code list", answers: { 200: { says: "names and editions", shape: lists } }, handle: getCodeLists },
    { method: "GET", path: "/v1/codelists/:list", ...open, summary: "one code list with its labels", query: langQuery, answers: { 200: { says: "the list", shape: list } }, handle: getCodeList },
    { method: "GET", path: "/v1/labels/:lang", ...open, summary: "labels of one language: all, or those that a page needs", query: labelsQueryShape, answers: { 200: { says: "labels of codes, types, fields, words and faults", shape: anyJson } }, handle: getLabels },
    { method: "GET", path: "/v1/protos", ...open, summary: "the protobuf sources", answers: { 200: { says: "their names", shape: protos } }, handle: getProtos },
    { method: "GET", path: "/v1/protos/:name", ...open, summary: "one protobuf source", answers: { 200: { says: "the source", types: text } }, handle: getProto },
  ]; // prettier-ignore
}
