import {
  checkHeaders,
  decodeInnerHeader,
  encodeInnerHeader,
  limits,
  messageTypes,
  parseInnerHeader,
  parseJson,
  parseJsonText,
  renderJson,
  typeOptions,
} from "../../../schemas/index.ts";
import { codecOf, makeFullMessage } from "../full-message.ts";
import { certain, holdSame } from "../promises.ts";
import { checkedSilently } from "../silence.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

function readJson(text: string): unknown {
  return parseJsonText(text, limits.maxRequestBytes);
}

const fullInner = renderJson("InnerHeader", makeFullMessage("InnerHeader"));

const innerTarget = jsonTarget(
  "schemas/parseInnerHeader",
  [fullInner, { caseRef: "F-7" }],
  (text) => {
    const inner = checkedSilently(readJson(text), parseInnerHeader);
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
    (text) => void checkedSilently(readJson(text), (json) => parseJson(name, json)),
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

/** Readers of JSON and of inner headers. */
export const jsonTargets: readonly Target[] = [
  innerTarget,
  headersTarget,
  ...parseJsonTargets,
  jsonTextTarget,
];
