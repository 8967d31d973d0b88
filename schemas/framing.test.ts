import { describe, expect, it } from "vitest";

import { parseFraming } from "./framing.ts";
import { encodeMessage, encodePublication, type Message } from "./gen/index.ts";
import { type Bytes, concatBytes, isFault } from "./ground/index.ts";
import { limits } from "./limits.ts";

const message: Message = {
  envelope: Buffer.from("an envelope"),
  signatures: ["e30..AAAA"],
  open: Buffer.from("a body"),
};
const publication = {
  slip: Buffer.from("a slip"),
  slipSignature: "e30..AAAE",
  message: encodeMessage(message),
};
const bytes = encodePublication(publication);
/** Field 15, which nobody knows, with one byte. */
const beside = Buffer.from("7a0100", "hex");

function codeOf(tried: Bytes): string {
  try {
    parseFraming(tried);
    return "taken";
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}

function around(change: Partial<Message>): Bytes {
  return encodePublication({ ...publication, message: encodeMessage({ ...message, ...change }) });
}

describe("parseFraming", () => {
  it("what was framed comes back", () => {
    const found = parseFraming(bytes);
    expect(Buffer.from(found.publication.slip).toString()).toBe("a slip");
    expect(Buffer.from(found.message.open ?? "").toString()).toBe("a body");
    expect(found.message.signatures).toEqual(message.signatures);
  });

  it("nothing may ride beside what was signed", () => {
    expect(codeOf(concatBytes(bytes, beside))).toBe("CODEC_MALFORMED");
    expect(codeOf(concatBytes(beside, bytes))).toBe("CODEC_MALFORMED");
    const inner = concatBytes(publication.message, beside);
    expect(codeOf(encodePublication({ ...publication, message: inner }))).toBe("CODEC_MALFORMED");
  });

  it("a length or an order other than ours is another spelling, and refused", () => {
    const [tag = 0, length = 0] = bytes;
    const longer = concatBytes(Uint8Array.of(tag, length | 0x80, 0), bytes.subarray(2));
    expect(codeOf(longer)).toBe("CODEC_MALFORMED");
    const slip = bytes.subarray(0, 2 + length);
    expect(codeOf(concatBytes(bytes.subarray(2 + length), slip))).toBe("CODEC_MALFORMED");
  });

  it("one to four signatures, none of them twice, and a body within its limit", () => {
    const others = ["a..A", "b..A", "c..A"];
    expect(codeOf(around({ signatures: [...message.signatures, ...others] }))).toBe("taken");
    const five = [...message.signatures, ...others, "d..A"];
    expect(codeOf(around({ signatures: five }))).toBe("SCHEMA_INVALID");
    const twice = [...message.signatures, ...message.signatures];
    expect(codeOf(around({ signatures: twice }))).toBe("SCHEMA_INVALID");
    const open = Buffer.alloc(limits.maxBodyBytes + 1);
    expect(codeOf(around({ open }))).toBe("CODEC_TOO_LARGE");
    expect(codeOf(Buffer.alloc(limits.maxPublicationBytes + 1))).toBe("CODEC_TOO_LARGE");
  });
});
