import {
  type JsonObject,
  makeShapeBook,
  parametersOfShape,
  type ShapeBook,
} from "./openapi-shapes.ts";
import { problemShape } from "./problem.ts";
import { purposeHeader } from "./purpose.ts";
import type { AnswerShape, Route } from "./route.ts";

/** Which chapter a path belongs to, where its first word does not say it. */
const chapters: Readonly<Record<string, string>> = {
  copies: "messages",
  enrolment: "people",
  machines: "people",
  oauth: "people",
  oidc: "people",
  passkeys: "people",
  "people-changes": "people",
  session: "people",
  sessions: "people",
  "sealing-keys": "register",
  directory: "register",
  codelists: "schemas",
  labels: "schemas",
  protos: "schemas",
  status: "system",
  lock: "store",
  unlock: "store",
};

/** The chapter of the description that a path stands in. */
export function chapterOf(path: string): string {
  const first = /^\/v1\/([a-z-]+)/.exec(path)?.[1];
  return first === undefined ? "system" : (chapters[first] ?? first);
}

/** A path as OpenAPI spells it. */
function templateOf(path: string): string {
  return path.replaceAll(/\/:([A-Za-z]{1,40})(?:\{[^}]{0,80}\})?/g, "/{$1}");
}

function namesIn(template: string): readonly string[] {
  return [...template.matchAll(/\{([A-Za-z]{1,40})\}/g)].map(([, name = ""]) => name);
}

/** `getV1MessagesId`: what a generated client calls it. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return [
    method.toLowerCase(),
    ...words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`),
  ].join("");
}

function contentOf(
  { shape, types = ["application/json"] }: AnswerShape,
  book: ShapeBook,
): JsonObject {
  const schemaOf = (type: string): JsonObject => {
    if (shape !== undefined && /^application\/(?:[a-z.+-]+\+)?json$/.test(type))
      return book.render(shape, "output");
    return type.startsWith("text/") ? { type: "string" } : {};
  };
  return Object.fromEntries(types.map((type) => [type, { schema: schemaOf(type) }]));
}

function headersOf(route: Route, { headers = {} }: AnswerShape): JsonObject {
  const told =
    route.tagged === true
      ? { ...headers, ETag: "a tag of these bytes; send it as If-None-Match" }
      : headers;
  return Object.fromEntries(
    Object.entries(told).map(([name, description]) => [
      name,
      { description, schema: { type: "string" } },
    ]),
  );
}

function answerOf(route: Route, answer: AnswerShape, book: ShapeBook): JsonObject {
  const headers = headersOf(route, answer);
  const isEmpty = answer.shape === undefined && answer.types === undefined;
  return {
    description: answer.says,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(isEmpty ? {} : { content: contentOf(answer, book) }),
  };
}

function answersOf(route: Route, book: ShapeBook): JsonObject {
  const own = Object.entries(route.answers).map(([status, one]) => [
    status,
    answerOf(route, one, book),
  ]);
  const held = route.tagged === true ? { 304: { description: "the caller holds it already" } } : {};
  return {
    ...Object.fromEntries(own),
    ...held,
    default: { $ref: "#/components/responses/Problem" },
  };
}

const purposeParameter = {
  name: purposeHeader,
  in: "header",
  required: false,
  description: "what it is read for: a code of the list PURPOSE",
  schema: { type: "string" },
} as const;

function parametersOf(route: Route, book: ShapeBook): readonly JsonObject[] {
  const places = namesIn(templateOf(route.path));
  return [
    ...places.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
    ...parametersOfShape(route.query, book).map((one) => ({ ...one, in: "query" })),
    ...parametersOfShape(route.headers, book).map((one) => ({ ...one, in: "header" })),
    ...(route.reads === "content" ? [purposeParameter] : []),
  ];
}

function bodyOf({ body }: Route, book: ShapeBook): JsonObject {
  if (body === undefined) return {};
  const { shape, type = "application/json" } = body;
  const schema = shape === undefined ? {} : book.render(shape, "input");
  return { requestBody: { required: true, content: { [type]: { schema } } } };
}

const proofs = [{ token: [] }, { session: [] }, { client: [] }] as const;

function operationOf(route: Route, book: ShapeBook): JsonObject {
  const { summary, open } = route;
  const parameters = parametersOf(route, book);
  return {
    operationId: operationId(route),
    tags: [chapterOf(route.path)],
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...bodyOf(route, book),
    responses: answersOf(route, book),
    security: open === true ? [] : proofs,
    ...(open === true ? {} : { "x-roles": route.for }),
    ...(route.stepUp === true ? { "x-step-up": true } : {}),
  };
}

function pathsOf(routes: readonly Route[], book: ShapeBook): JsonObject {
  const paths = new Map<string, Record<string, JsonObject>>();
  for (const route of routes) {
    const template = templateOf(route.path);
    const operations = paths.get(template) ?? {};
    operations[route.method.toLowerCase()] = operationOf(route, book);
    paths.set(template, operations);
  }
  return Object.fromEntries(paths);
}

const securitySchemes = {
  token: {
    type: "http",
    scheme: "bearer",
    description: "the token of the gateway's folder, or one of /v1/oauth/token",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: "__Host-atumpan-session",
    description: "a person's session",
  },
  client: { type: "mutualTLS", description: "a machine's certificate" },
} as const;

/** The description of a table of routes in OpenAPI 3.1. Shapes of messages stand under /v1/schemas, once. */
export function renderOpenApi(routes: readonly Route[]): JsonObject {
  const book = makeShapeBook();
  const problem = book.render(problemShape, "output");
  const paths = pathsOf(routes, book);
  const tags = [...new Set(routes.map(({ path }) => chapterOf(path)))].toSorted();
  return {
    openapi: "3.1.0",
    info: {
      title: "Atumpan gateway",
      version: "1.0.0",
      description:
        "What an agency's own people and systems ask of its gateway. Every no is a problem of RFC 9457.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      schemas: book.named(),
      responses: {
        Problem: {
          description: "a no: its code says which, /faults/{code} what it means",
          content: { "application/problem+json": { schema: problem } },
        },
      },
      securitySchemes,
    },
  };
}
