import {
  bodyCodecs,
  bodyMessageName,
  checkBody,
  checkHeaders,
  decodeInnerHeader,
  encodeInnerHeader,
  limits,
  type MessageType,
  messageTypes,
  parseBody,
  parseInnerHeader,
  parseJson,
  parseJsonText,
  renderJson,
  typeOptions,
} from "../../../schemas/index.ts";
import { renderText } from "../../../schemas/render/index.ts";
import type { Bytes } from "../../../schemas/ground/index.ts";
import { makeSubmissions } from "../submissions.ts";
import { codecOf, makeFullMessage } from "../full-message.ts";
import { certain, holdSame } from "../promises.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

function readJson(text: string): unknown {
  return parseJsonText(text, limits.maxRequestBytes);
}

function goodBodies(type: MessageType): readonly unknown[] {
  const found = makeSubmissions().filter((submission) => submission.type === type);
  return found.map(({ body }) => body);
}

/** What every reader does with a body it took: both forms, both languages. */
function showEverywhere(type: MessageType, body: object): void {
  const name = bodyMessageName(type);
  const json = certain("writing JSON", () => renderJson(name, body));
  const again = certain("reading our JSON", () => parseJson(name, json));
  holdSame(again, body, "a body does not come back from its JSON");
  for (const lang of ["en", "fr"] as const) {
    certain("writing text", () => renderText({ type, body: again, lang }));
  }
}

function throughBytes<T extends MessageType>(type: T, json: unknown): void {
  const body = parseBody(type, json);
  const bytes = certain("encoding", () => Buffer.from(bodyCodecs[type].encode(body)));
  const decoded = certain("decoding our own", () => bodyCodecs[type].decode(bytes));
  certain("checking our own", () => checkBody(type, decoded));
  holdSame(decoded, body, "a body does not come back from its bytes");
  showEverywhere(type, decoded);
}

function fromBytes<T extends MessageType>(type: T, bytes: Bytes): void {
  const body = bodyCodecs[type].decode(bytes);
  checkBody(type, body);
  showEverywhere(type, body);
}

function bodyTargets(type: MessageType): readonly Target[] {
  const made = goodBodies(type);
  const encoded = made.map((json) => Buffer.from(encodeBody(type, json)));
  return [
    jsonTarget(`schemas/parseBody ${type}`, made, (text) => throughBytes(type, readJson(text))),
    {
      name: `schemas/checkBody ${type}`,
      shape: "proto",
      seeds: encoded,
      run: (input) => fromBytes(type, input),
    },
  ];
}

function encodeBody<T extends MessageType>(type: T, json: unknown): Bytes {
  return bodyCodecs[type].encode(parseBody(type, json));
}

const fullInner = renderJson("InnerHeader", makeFullMessage("InnerHeader"));

const innerTarget = jsonTarget(
  "schemas/parseInnerHeader",
  [fullInner, { caseRef: "F-7" }],
  (text) => {
    const inner = parseInnerHeader(readJson(text));
    const decoded = certain("decoding our own", () =>
      decodeInnerHeader(Buffer.from(encodeInnerHeader(inner))),
    );
    holdSame(decoded, inner, "an inner header does not come back from its bytes");
    checkHeaders({ type: "fiu.request", urgency: "ROUTINE", handling: "H1", inner: decoded });
  },
);

const headersTarget: Target = {
  name: "schemas/checkHeaders",
  shape: "proto",
  seeds: [codecOf("InnerHeader").encode(makeFullMessage("InnerHeader"))],
  run: (input) => {
    const inner = decodeInnerHeader(input);
    for (const type of messageTypes) {
      if (typeOptions(type)?.form === "SEALED")
        checkHeaders({ type, urgency: "FLASH", handling: "H3", inner });
    }
    certain("writing JSON", () => renderJson("InnerHeader", inner));
  },
};

const parseJsonTargets = ["InnerHeader", "AlertIncident", "Receipt"].map((name) =>
  jsonTarget(
    `schemas/parseJson ${name}`,
    [renderJson(name, makeFullMessage(name))],
    (text) => void parseJson(name, readJson(text)),
  ),
);

const jsonTextTarget = textTarget(
  "schemas/parseJsonText",
  [JSON.stringify(fullInner), '{"a":[1,2.5e3,{"b":"\\u00e9\\"","c":null}],"d":true}', "[[[[[]]]]]", '"x"'],
  (text) => {
    const value = readJson(text);
    holdSame(value, JSON.parse(text), "two readers of one JSON text see two values");
  },
); // prettier-ignore

/** Readers of JSON, of bodies and of inner headers. */
export const bodyTypeTargets: readonly Target[] = [
  ...messageTypes.flatMap(bodyTargets),
  innerTarget,
  headersTarget,
  ...parseJsonTargets,
  jsonTextTarget,
];
