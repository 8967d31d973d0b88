import { rawToDer } from "../../certs/shape/index.ts";
import { decodeMessage, decodePublication } from "../../schemas/index.ts";
import { type Bytes, renderBase64url, utf8 } from "../../schemas/ground/index.ts";
import type { Draw } from "../fuzz/draw.ts";

/** One field of a message of Protocol Buffers whose fields are all texts, bytes or messages. */
interface Field {
  readonly number: number;
  readonly content: Bytes;
}

/** A publication that is to be spelt otherwise, and other signatures that its signers made over the same. */
export interface Spelt {
  readonly bytes: Bytes;
  readonly moreSignatures: readonly string[];
  readonly otherSlipSignature: string;
}

/** Spells a publication otherwise. What it means stays, and nobody signs anything anew. */
export type ReEncoder = (spelt: Spelt, draw: Draw) => Bytes;

/** A number in groups of seven bits, with octets to spare when that is wanted. */
function renderVarint(value: number, spare = 0): Bytes {
  const octets: number[] = [];
  for (let rest = value; octets.length === 0 || rest > 0; rest = Math.floor(rest / 128)) octets.push(rest % 128);
  for (let at = 0; at < spare; at += 1) octets.push(0);
  return Uint8Array.from(octets, (octet, at) => (at < octets.length - 1 ? octet | 0x80 : octet));
} // prettier-ignore

function renderField({ number, content }: Field, spare: readonly [number, number] = [0, 0]): Bytes {
  const tag = renderVarint(number * 8 + 2, spare[0]);
  return Buffer.concat([tag, renderVarint(content.length, spare[1]), content]);
}

function renderFields(fields: readonly Field[]): Bytes {
  return Buffer.concat(fields.map((field) => renderField(field)));
}

function publicationFields(bytes: Bytes): readonly Field[] {
  const { slip, slipSignature, message } = decodePublication(bytes);
  return [
    { number: 1, content: slip },
    { number: 2, content: utf8(slipSignature) },
    { number: 3, content: message },
  ];
}

function messageFields(bytes: Bytes): readonly Field[] {
  const { envelope, signatures, open, sealed } = decodeMessage(decodePublication(bytes).message);
  return [
    { number: 1, content: envelope },
    ...signatures.map((text) => ({ number: 2, content: utf8(text) })),
    ...(open === undefined ? [] : [{ number: 3, content: open }]),
    ...(sealed === undefined ? [] : [{ number: 4, content: sealed }]),
  ];
}

function withMessage(bytes: Bytes, content: Bytes): Bytes {
  return renderFields(
    publicationFields(bytes).map((one) => (one.number === 3 ? { number: 3, content } : one)),
  );
}

type FieldsChange = (fields: readonly Field[], draw: Draw) => Bytes;

/** A change of the framing, in the publication or in the message inside it. */
function framing(change: FieldsChange): ReEncoder {
  return ({ bytes }, draw) =>
    draw.below(2) === 0
      ? change(publicationFields(bytes), draw)
      : withMessage(bytes, change(messageFields(bytes), draw));
}

function shuffled<T>(list: readonly T[], draw: Draw): readonly T[] {
  const left = [...list];
  return list.map(() => left.splice(draw.below(left.length), 1)).flat();
}

function inserted(bytes: Bytes, piece: Bytes, at: number): Bytes {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}

function strange(draw: Draw): Bytes {
  const number = draw.pick([5, 6, 15, 16, 99, 2047, 18_999, 536_870_911]);
  const kinds: readonly [Bytes, ...Bytes[]] = [
    Buffer.concat([renderVarint(number * 8), renderVarint(draw.below(300))]),
    Buffer.concat([renderVarint(number * 8 + 1), draw.bytes(8)]),
    renderField({ number, content: draw.bytes(draw.below(9)) }),
    Buffer.concat([renderVarint(number * 8 + 3), renderVarint(number * 8 + 4)]),
    Buffer.concat([renderVarint(number * 8 + 5), draw.bytes(4)]),
  ];
  return draw.pick(kinds);
}

const framings: Readonly<Record<string, FieldsChange>> = {
  "fields in another order": (fields, draw) => {
    const list = shuffled(fields, draw);
    // two signatures changing places are not meant here
    const isSame = list.every(({ number }, at) => number === fields[at]?.number);
    return renderFields(isSame ? fields.toReversed() : list);
  },
  "an unknown field": (fields, draw) => {
    const pieces = fields.map((field) => renderField(field));
    pieces.splice(draw.below(pieces.length + 1), 0, strange(draw));
    return Buffer.concat(pieces);
  },
  "a number with octets to spare": (fields, draw) => {
    const chosen = draw.below(fields.length);
    const spare = draw.pick<readonly [number, number]>([[1, 0], [0, 1], [2, 3], [4, 0], [0, 9]]);
    return Buffer.concat(fields.map((field, at) => renderField(field, at === chosen ? spare : [0, 0])));
  },
  "a field twice": (fields, draw) => {
    const chosen = fields[draw.below(fields.length)];
    return renderFields(shuffled(chosen === undefined ? fields : [...fields, chosen], draw));
  },
  "an empty field beside": (fields, draw) =>
    renderFields(shuffled([...fields, { number: 1 + draw.below(4), content: new Uint8Array() }], draw)),
  "a field of another wire type": (fields, draw) => {
    const number = 1 + draw.below(4);
    return Buffer.concat([renderFields(fields), renderVarint(number * 8 + draw.pick([0, 1, 5])), draw.bytes(8)]);
  },
  "octets at the end": (fields, draw) => Buffer.concat([renderFields(fields), draw.bytes(1 + draw.below(4))]),
}; // prettier-ignore

/** What is signed, spelt otherwise: the signatures no longer fit. */
function signedBytes(change: (bytes: Bytes, draw: Draw) => Bytes): ReEncoder {
  return ({ bytes }, draw) => {
    const re = (one: Field): Field => ({ ...one, content: change(one.content, draw) });
    if (draw.below(2) === 0) {
      const [slip, ...rest] = publicationFields(bytes);
      return renderFields(slip === undefined ? rest : [re(slip), ...rest]);
    }
    const [envelope, ...rest] = messageFields(bytes);
    return withMessage(bytes, renderFields(envelope === undefined ? rest : [re(envelope), ...rest]));
  };
} // prettier-ignore

type TextChange = (text: string, draw: Draw) => string;

/** A change of one signature, of the slip or of the envelope. */
function signature(change: TextChange): ReEncoder {
  return ({ bytes }, draw) => {
    const re = (one: Field): Field => ({
      ...one,
      content: utf8(change(Buffer.from(one.content).toString(), draw)),
    });
    const [fields, isInside] =
      draw.below(2) === 0
        ? [publicationFields(bytes), false]
        : [messageFields(bytes), true];
    const found = fields.findIndex(({ number }) => number === 2);
    const changed = renderFields(fields.map((one, at) => (at === found ? re(one) : one)));
    return isInside ? withMessage(bytes, changed) : changed;
  };
} // prettier-ignore

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function valueOf(text: string): Buffer {
  return Buffer.from(text.slice(text.lastIndexOf(".") + 1), "base64url");
}

function withValue(text: string, value: Bytes): string {
  return text.slice(0, text.lastIndexOf(".") + 1) + renderBase64url(value);
}

function withHeader(text: string, change: (json: string) => string): string {
  const [header = "", ...rest] = text.split(".");
  const json = Buffer.from(header, "base64url").toString();
  return [renderBase64url(utf8(change(json))), ...rest].join(".");
}

function putIn(text: string, piece: string, at: number): string {
  return text.slice(0, at) + piece + text.slice(at);
}

/** Places outside of the quoted texts of a JSON object, where white space may stand. */
function gapsOf(json: string): readonly number[] {
  return [...json.matchAll(/[{},:]/g)].map(({ index }) => index + 1);
}

function members(json: string): readonly (readonly [string, unknown])[] {
  return Object.entries(JSON.parse(json) as Record<string, unknown>);
}

function renderMembers(list: readonly (readonly [string, unknown])[]): string {
  return `{${list.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
}

const white = [" ", "\n", "\t", "\r\n"] as const;

const texts: Readonly<Record<string, TextChange>> = {
  padding: (text, draw) => draw.pick([`${text}==`, `${text}=`, text.replace("..", "=..")]),
  "trailing bits": (text, draw) => {
    const last = letters.indexOf(text.at(-1) ?? "");
    return text.slice(0, -1) + (letters[last ^ (1 + draw.below(15))] ?? "");
  },
  "white space": (text, draw) => putIn(text, draw.pick(white), draw.below(text.length + 1)),
  "a letter of no alphabet": (text, draw) => putIn(text, draw.pick(["?", "%", "*", "\u00e9", "\u0000", "~"]), draw.below(text.length + 1)),
  "the other alphabet": (text, draw) => {
    const at = [...text.matchAll(/[-_]/g)].map(({ index }) => index);
    const chosen = draw.oneOf(at) ?? 0;
    return `${text.slice(0, chosen)}${text[chosen] === "-" ? "+" : "/"}${text.slice(chosen + 1)}`;
  },
  "the higher s": (text) => {
    const raw = valueOf(text);
    const s = order - BigInt(`0x${raw.subarray(32).toString("hex")}`);
    return withValue(text, Buffer.concat([raw.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex")]));
  },
  "r or s with the order added, or a nought before it": (text, draw) => {
    const raw = valueOf(text);
    const half = [raw.subarray(0, 32), raw.subarray(32)];
    return withValue(text, draw.pick([
      Buffer.concat([Buffer.of(0), raw]),
      Buffer.concat([raw, Buffer.of(0)]),
      Buffer.concat(half.map((one) => Buffer.concat([Buffer.of(0), one]))),
    ]));
  },
  DER: (text) => withValue(text, rawToDer(valueOf(text))),
  "the payload inside, or more parts": (text, draw) =>
    draw.pick([text.replace("..", `.${renderBase64url(draw.bytes(9))}.`), `${text}.`, `.${text}`, text.replace("..", ".")]),
  "the JSON form": (text, draw) => {
    const [header, , value] = text.split(".");
    const flat = { protected: header, signature: value };
    return JSON.stringify(draw.pick<object>([flat, { signatures: [flat] }, { ...flat, payload: "" }]));
  },
  "a header with white space": (text, draw) =>
    withHeader(text, (json) => putIn(json, draw.pick(white), draw.oneOf(gapsOf(json)) ?? 0)),
  "a header in another order": (text, draw) => withHeader(text, (json) => renderMembers(shuffled(members(json), draw))),
  "a header with a member more": (text, draw) =>
    withHeader(text, (json) => renderMembers([...members(json), draw.pick<readonly [string, unknown]>([["x", 1], ["jku", "https://keys.example"], ["exp", 9], ["cty", "x"]])])),
  "a header with a member twice": (text, draw) =>
    withHeader(text, (json) => {
      const list = members(json);
      return renderMembers([...list, draw.oneOf(list) ?? ["alg", "none"]]);
    }),
  "a header with an escape": (text, draw) =>
    withHeader(text, (json) => {
      const at = draw.oneOf([...json.matchAll(/[a-z]/g)].map(({ index }) => index)) ?? 0;
      // true and false are no texts and bear no escape
      const code = json.charCodeAt(at).toString(16).padStart(4, "0");
      return `${json.slice(0, at)}\\u${code}${json.slice(at + 1)}`;
    }),
  "a header with a byte order mark": (text) => withHeader(text, (json) => `\ufeff${json}`),
  "a header of another algorithm": (text, draw) => withHeader(text, (json) => json.replace("ES256", draw.pick(["none", "EdDSA", "es256", "HS256"]))),
}; // prettier-ignore

/** A sealed body is JSON or five pieces, and an open one Protocol Buffers: none is the body any more that was signed. */
function body(change: (json: string, draw: Draw) => string): ReEncoder {
  return ({ bytes }, draw) => {
    const fields = messageFields(bytes).map((one) => {
      if (one.number === 3) return { ...one, content: Buffer.concat([one.content, strange(draw)]) };
      if (one.number !== 4) return one;
      return { ...one, content: utf8(change(Buffer.from(one.content).toString(), draw)) };
    });
    return withMessage(bytes, renderFields(fields));
  };
}

/** The body of a feed as JSON, as which it could be written just as well. */
function jsonOf(text: string): string {
  if (text.startsWith("{")) return text;
  const [head, key, iv, ciphertext, tag] = text.split(".");
  return JSON.stringify({ protected: head, encrypted_key: key, iv, ciphertext, tag });
}

function withJwe(json: string, change: (jwe: Record<string, unknown>) => object): string {
  return JSON.stringify(change(JSON.parse(jsonOf(json)) as Record<string, unknown>));
}

const bodies: Readonly<Record<string, (json: string, draw: Draw) => string>> = {
  "a body with white space": (json, draw) => putIn(json, draw.pick(white), draw.oneOf([0, 1, json.length]) ?? 0),
  "a body in another order": (json, draw) => renderMembers(shuffled([...members(jsonOf(json))].toReversed(), draw)),
  "a body with recipients in another order, or one twice": (json, draw) =>
    withJwe(json, ({ recipients, ...rest }) => {
      const list = Array.isArray(recipients) ? (recipients as unknown[]) : [];
      return { ...rest, recipients: draw.pick([list.toReversed(), [...list, list[0]], list.slice(1)]) };
    }),
  "a body in the flattened form": (json) =>
    withJwe(json, ({ recipients, ...rest }) => ({ ...rest, ...(Array.isArray(recipients) ? (recipients[0] as object) : {}) })),
  "a body with a member more": (json, draw) => withJwe(json, (jwe) => ({ ...jwe, ...draw.pick<object>([{ unprotected: {} }, { aad: "" }, { x: 1 }]) })),
  "a body with padding": (json) => json.endsWith("}") ? withJwe(json, (jwe) => ({ ...jwe, tag: `${String(jwe["tag"])}==` })) : `${json}==`,
}; // prettier-ignore

function withSignatures(bytes: Bytes, list: readonly string[]): Bytes {
  const [envelope, ...rest] = messageFields(bytes).filter(({ number }) => number !== 2);
  const signatures = list.map((text) => ({ number: 2, content: utf8(text) }));
  return withMessage(bytes, renderFields([...(envelope === undefined ? [] : [envelope]), ...signatures, ...rest]));
} // prettier-ignore

function signaturesOf({ bytes, moreSignatures }: Spelt): readonly string[] {
  return [...decodeMessage(decodePublication(bytes).message).signatures, ...moreSignatures];
}

/** Changes after which it is the same message still, signed as it was: these are taken, and are no second one. */
const sameStill: Readonly<Record<string, ReEncoder>> = {
  "another signature of the message": ({ bytes, moreSignatures }, draw) =>
    withSignatures(bytes, [draw.oneOf(moreSignatures) ?? ""]),
  "another signature of the slip": ({ bytes, otherSlipSignature }) =>
    renderFields(
      publicationFields(bytes).map((one) =>
        one.number === 2 ? { number: 2, content: utf8(otherSlipSignature) } : one,
      ),
    ),
};

/** Names of the changes after which a message is taken, as the one it is. */
export const takenStill: ReadonlySet<string> = new Set(Object.keys(sameStill));

function mapped<T>(table: Readonly<Record<string, T>>, make: (one: T) => ReEncoder): readonly (readonly [string, ReEncoder])[] {
  return Object.entries(table).map(([name, one]) => [name, make(one)] as const);
} // prettier-ignore

/** Every way we know to spell one signed message otherwise, by what is done. */
export const reEncoders: readonly (readonly [string, ReEncoder])[] = [
  ...mapped(framings, framing),
  ...mapped(texts, signature),
  ...mapped(bodies, body),
  ["what is signed with an unknown field", signedBytes((bytes, draw) => Buffer.concat([bytes, strange(draw)]))],
  ["what is signed with octets put in", signedBytes((bytes, draw) => inserted(bytes, draw.bytes(1), draw.below(bytes.length)))],
  ["several signatures of one algorithm", (spelt, draw) => withSignatures(spelt.bytes, shuffled(signaturesOf(spelt), draw).slice(0, 2))],
  ["signatures twice", (spelt) => withSignatures(spelt.bytes, signaturesOf(spelt).flatMap((text) => [text, text]))],
  ...Object.entries(sameStill),
]; // prettier-ignore
