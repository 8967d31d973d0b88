import {
  bodyCodecs,
  bodyMessageName,
  checkBody,
  checkContent,
  checkHeaders,
  checkWhole,
  decodeInnerHeader,
  encodeBody,
  encodeInnerHeader,
  type InnerHeader,
  isKnownType,
  limits,
  type MessageType,
  messageTypes,
  parseBody,
  parseInnerHeader,
  parseJson,
  parseJsonText,
  renderJson,
} from "../../../schemas/index.ts";
import { type Bytes, Fault, isFault, sameBytes, utf8 } from "../../../schemas/ground/index.ts";
import { makeFullMessage } from "../full-message.ts";
import { pack, unpack } from "../pack.ts";
import { certain, hold, holdSame } from "../promises.ts";
import { holdShown } from "../shown.ts";
import { checkedSilently } from "../silence.ts";
import { type Target, textOf } from "../target.ts";
import {
  findExample,
  makeFullBody,
  makeFullest,
  makeHeader,
  type WholeMessageJson,
} from "../whole-messages.ts";

const fullInner = renderJson("InnerHeader", makeFullMessage("InnerHeader"));

/** The types whose names begin alike are read by one target. */
function familyOf(type: string): string {
  return type.split(".", 1)[0] ?? "";
}

function typeIn(family: string, type: unknown): MessageType {
  if (typeof type === "string" && familyOf(type) === family && isKnownType(type)) return type;
  throw new Fault("SCHEMA_UNKNOWN_TYPE", "the type is none of this family");
}

/** What every reader may rely on once a body was taken: it is the same in JSON and in bytes. */
function holdBothForms<T extends MessageType>(
  type: T,
  body: ReturnType<typeof parseBody<T>>,
): Bytes {
  const name = bodyMessageName(type);
  const bytes = certain("encoding", () => Buffer.from(encodeBody(type, body)));
  const decoded = certain("decoding our own", () => bodyCodecs[type].decode(bytes));
  certain("checking our own", () => checkBody(type, decoded));
  holdSame(decoded, body, "a body does not come back from its bytes");
  const text = certain("writing JSON", () => JSON.stringify(renderJson(name, body)));
  const json = certain("reading our JSON", () => parseJsonText(text, limits.maxRequestBytes));
  const again = certain("reading our JSON", () => parseJson(name, json));
  holdSame(again, body, "a body does not come back from its JSON");
  // what has the same fields has the same bytes, or a signature over one form would not fit the other
  const bytesAgain = certain("encoding", () =>
    bodyCodecs[type].encode(again as unknown as typeof body),
  );
  hold(sameBytes(bytesAgain, bytes), "a body has other bytes when it went through JSON");
  return bytes;
}

/** The code of the fault that `act` has; undefined when it has none. */
function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

const agency = /^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/;

/** What the JSON says of its outer header, where it is spelt as an envelope must have it; else the example's. */
function headerOf(type: MessageType, json: Readonly<Record<string, unknown>>) {
  const example = findExample(type);
  const pick = (name: "originator" | "handling" | "urgency", pattern: RegExp, usual: string) => {
    const said = json[name];
    return typeof said === "string" && said.length <= 60 && pattern.test(said)
      ? said
      : (example?.[name] ?? usual);
  };
  return makeHeader(type, {
    originator: pick("originator", agency, "ng/tcu"),
    handling: pick("handling", /^[A-Z][A-Z0-9_]*$/, "H1"),
    urgency: pick("urgency", /^[A-Z][A-Z0-9_]*$/, "ROUTINE"),
  });
}

/** A change meets one of the members: the body is one of two, or most inputs would have a type that is none. */
interface MadeJson {
  readonly header: Omit<WholeMessageJson, "body">;
  readonly body: unknown;
}

/** A message as its sender makes it: what we would send, every reader takes, and what we refuse, he refuses. */
function readMade(family: string, input: Bytes): void {
  const json = Object(parseJsonText(textOf(input), limits.maxRequestBytes)) as MadeJson;
  const said = Object(json.header) as MadeJson["header"];
  const type = typeIn(family, said.type);
  const body = checkedSilently(json.body, (value) => parseBody(type, value));
  const bytes = holdBothForms(type, body);
  const inner = checkedSilently(said.inner, parseInnerHeader);
  holdShown({ type, body, inner }, input);
  const header = headerOf(type, { ...said });
  const { urgency, handling } = header;
  const check = (): void => {
    checkHeaders({ type, urgency, handling, inner });
    checkWhole({ ...header, type, inner, body });
  };
  const received = decodeInnerHeader(Buffer.from(encodeInnerHeader(inner)));
  const theirs = codeOf(() => checkContent(type, { header, inner: received, bytes }));
  hold(codeOf(check) === theirs, "sender and reader judge one message differently");
  check();
}

/** Places in a packed message. */
const at = { type: 0, inner: 1, body: 2 } as const;

function packMessage(type: MessageType, inner: unknown, body: object): Bytes {
  const header = encodeInnerHeader(parseJson("InnerHeader", inner) as unknown as InnerHeader);
  const bytes = bodyCodecs[type].encode(body as never);
  return pack(utf8(type), Buffer.from(header), Buffer.from(bytes));
}

/** A message as its reader finds it when it was signed elsewhere. */
function readReceived(family: string, input: Bytes): void {
  const piece = unpack(input);
  const type = typeIn(family, textOf(piece(at.type)));
  const bytes = piece(at.body);
  const body = bodyCodecs[type].decode(bytes);
  checkedSilently(body, (value) => checkBody(type, value as typeof body));
  holdBothForms(type, body);
  const inner = decodeInnerHeader(piece(at.inner));
  const header = headerOf(type, {});
  holdSame(checkContent(type, { header, inner, bytes }), body, "a body is read in two ways");
  holdShown({ type, body, inner }, input);
}

interface Family {
  readonly name: string;
  readonly good: readonly WholeMessageJson[];
  /** With every field; rules over several fields may refuse them. */
  readonly full: readonly WholeMessageJson[];
}

function makeFamily(name: string): Family {
  const types = messageTypes.filter((type) => familyOf(type) === name);
  const examples = types.flatMap((type) => findExample(type) ?? []);
  const full = types.map((type) => {
    const { originator, handling, urgency } = headerOf(type, {});
    const inner = Object(fullInner) as WholeMessageJson["inner"];
    return { type, originator, handling, urgency, inner, body: makeFullBody(type) };
  });
  return { name, good: [...examples, ...examples.map(makeFullest)], full };
}

function packJson({ type, inner, body }: WholeMessageJson): Bytes {
  try {
    return packMessage(type, inner, parseJson(bodyMessageName(type), body));
  } catch (cause) {
    throw new Error(`the example of ${type} is not a message of today`, { cause });
  }
}

function familyTargets({ name, good, full }: Family): readonly Target[] {
  const jsonOf = ({ body, ...header }: WholeMessageJson): Bytes =>
    utf8(JSON.stringify({ header, body } satisfies MadeJson));
  return [
    {
      name: `schemas/parseBody ${name}`,
      shape: "json",
      seeds: good.map(jsonOf),
      material: full.map(jsonOf),
      run: (input) => readMade(name, input),
    },
    {
      name: `schemas/checkContent ${name}`,
      shape: "proto",
      seeds: good.map(packJson),
      material: full.map(packJson),
      run: (input) => readReceived(name, input),
    },
  ];
}

const families = [...new Set(messageTypes.map(familyOf))].map(makeFamily);

/** The good messages that targets begin with: of each type its example, and one with as many fields as may be. */
export const goodMessages: readonly WholeMessageJson[] = families.flatMap(({ good }) => good);

/** Readers of bodies, a family at a time: of the JSON they are made of, and of the bytes they are received as. */
export const bodyTargets: readonly Target[] = families.flatMap(familyTargets);
