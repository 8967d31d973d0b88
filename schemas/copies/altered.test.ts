import { describe, expect, it } from "vitest";

import { makeHeld } from "../../test/kit/held-message.ts";
import { concatBytes, type Bytes, isFault, utf8 } from "../ground/index.ts";
import {
  decodeMessage,
  decodeParts,
  encodeEnvelope,
  encodeMessage,
  encodeParts,
  limits,
  type Message,
  type MessageType,
  parseEnvelope,
  partsRoot,
  redactParts,
} from "../index.ts";
import { type CopyKind, makeCopy, readCopy, type ReadCopy } from "./index.ts";

type Parts = ReturnType<typeof decodeParts>["parts"];

function read(bytes: Bytes): ReadCopy | string {
  try {
    return readCopy(bytes);
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

function rewrap(copy: Bytes, change: (message: Message) => Message): Bytes {
  return encodeMessage(change(decodeMessage(copy)));
}

/** A copy whose parts were changed after it was made. */
function withParts(copy: Bytes, change: (parts: Parts) => Parts): Bytes {
  return rewrap(copy, (message) => ({
    ...message,
    open: encodeParts({ parts: change(decodeParts(message.open!).parts) }),
  }));
}

const made = (type: MessageType, kind: CopyKind): Bytes => makeCopy(makeHeld(type), kind);
const court = made("alert.incident", "COURT");
const regional = made("alert.incident", "REGIONAL");

describe("one byte changed", () => {
  it.each([
    ["alert.incident", "COURT"],
    ["alert.incident", "REGIONAL"],
    ["bulletin.red_flag", "NOMINAL"],
    ["fiu.request", "COURT"],
  ] as const)(
    "in a copy of %s (%s) is found, or in what the signature covers, wherever it is",
    (type, kind) => {
      const good = made(type, kind);
      const original = readCopy(good);
      for (let at = 0; at < good.length; at += 1) {
        const bad = Uint8Array.from(good);
        bad[at] = bad[at]! ^ (1 << (at % 8));
        const found = read(bad);
        if (typeof found === "string") continue;
        const { envelopeBytes, signatures } = found;
        const isSigned = Buffer.from(envelopeBytes).equals(Buffer.from(original.envelopeBytes));
        // what is read all the same differs in what is signed or in the signature, so no signature fits it
        expect(isSigned && signatures.join() === original.signatures.join()).toBe(false);
      }
    },
  );

  it("a copy cut short anywhere is refused", () => {
    for (let length = 0; length < court.length; length += 7) {
      expect(typeof read(court.subarray(0, length))).toBe("string");
    }
  });
});

describe("what is no copy", () => {
  const other = made("alert.incident", "NOMINAL");

  it.each<[string, string, Bytes]>([
    ["nothing", "SCHEMA_FIELD_MISSING", new Uint8Array()],
    ["a text", "CODEC_MALFORMED", utf8("<html>not a copy</html>")],
    ["too many bytes", "CODEC_TOO_LARGE", new Uint8Array(limits.maxPublicationBytes + 1)],
    ["a sealed body", "BODY_PARTS_INVALID", rewrap(court, ({ open, ...rest }) => ({ ...rest, sealed: open }))],
    ["a body both ways", "BODY_PARTS_INVALID", rewrap(court, (one) => ({ ...one, sealed: one.open }))],
    ["no body", "BODY_PARTS_INVALID", rewrap(court, ({ envelope, signatures }) => ({ envelope, signatures }))],
    ["something behind it", "CODEC_MALFORMED", concatBytes(court, Uint8Array.of(0x7a, 1, 1))],
    ["more signatures than any message has", "CODEC_MALFORMED",
      rewrap(court, (one) => ({ ...one, signatures: Array.from({ length: 5 }, () => "a..b") }))],
    ["another message's parts", "BODY_ROOT_MISMATCH",
      rewrap(court, (one) => ({ ...one, open: decodeMessage(other).open }))],
    ["one part of another message", "BODY_ROOT_MISMATCH", withParts(court, (parts) =>
      parts.map((part) => decodeParts(decodeMessage(other).open!).parts.find(({ number }) => number === part.number && number === 1) ?? part))],
    ["a withheld part written in by a stranger", "BODY_ROOT_MISMATCH", withParts(regional, (parts) =>
      parts.map((part) => part.value === undefined
        ? { number: part.number, value: utf8("guess"), salt: new Uint8Array(16) } : part))],
    ["a withheld part left out", "BODY_ROOT_MISMATCH", withParts(regional, (parts) =>
      parts.filter(({ value }) => value !== undefined))],
    ["a part twice", "BODY_PARTS_INVALID", withParts(court, (parts) => [parts[0]!, ...parts])],
    ["parts in another order", "BODY_PARTS_INVALID", withParts(court, (parts) => parts.toReversed())],
    ["no parts", "BODY_PARTS_INVALID", withParts(court, () => [])],
    ["a part with its value and its hash", "BODY_PARTS_INVALID", withParts(court, (parts) =>
      parts.map((part) => ({ ...part, hash: new Uint8Array(32) })))],
  ])("%s is refused: %s", (_, code, bytes) => {
    expect(read(bytes)).toBe(code);
  }); // prettier-ignore

  it("a message whose signer put one field into another's part is neither copied nor read", () => {
    const { message, parts: whole } = makeHeld("alert.incident");
    const { parts } = decodeParts(whole);
    const [header, first, second, ...rest] = parts;
    const both = { ...first!, value: concatBytes(first!.value!, second!.value!) };
    const mixed = [header!, both, ...rest];
    const { envelope, signatures } = decodeMessage(message);
    const signed = encodeEnvelope({ ...parseEnvelope(envelope), bodyRoot: partsRoot(mixed) });
    const open = encodeParts({ parts: mixed });
    const mixedUp = encodeMessage({ envelope: signed, signatures, open });
    expect(read(mixedUp)).toBe("BODY_PARTS_INVALID");
    expect(() => makeCopy({ message: mixedUp, parts: open }, "REGIONAL")).toThrow("not its own");
  });

  it("a type we do not know, in a feed, is refused", () => {
    const renamed = rewrap(court, (message) => ({
      ...message,
      envelope: encodeEnvelope({ ...parseEnvelope(message.envelope), type: "alert.newer" }),
    }));
    expect(read(renamed)).toBe("SCHEMA_UNKNOWN_TYPE");
  });

  it("a direct message whose inner header is withheld says no type, and is refused", () => {
    const hidden = withParts(made("fiu.request", "COURT"), (parts) =>
      redactParts(parts, new Set(parts.map(({ number }) => number).filter((number) => number > 0))),
    );
    expect(read(hidden)).toBe("SCHEMA_UNKNOWN_TYPE");
  });
});
