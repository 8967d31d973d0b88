import { setImmediate } from "node:timers/promises";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type Bytes, Fault, utf8 } from "../../schemas/ground/index.ts";
import { countHeld } from "../../test/kit/held-bytes.ts";
import { type Answerer, answerLines, answerRequest, maxRequestBytes } from "./answer.ts";
import { splitLines } from "./lines.ts";

const yes: Answerer = () => ({ ok: true });

async function* pieces(bytes: Bytes, cuts: readonly number[]): AsyncGenerator<Bytes> {
  let from = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    yield await Promise.resolve(bytes.subarray(from, cut));
    from = Math.max(from, cut);
  }
}

async function linesOf(chunks: AsyncIterable<Bytes>, max = 100): Promise<(string | undefined)[]> {
  const lines: (string | undefined)[] = [];
  for await (const line of splitLines(chunks, max)) {
    lines.push(line === undefined ? undefined : Buffer.from(line).toString());
  }
  return lines;
}

async function answers(text: string, answer: Answerer = yes): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const line of answerLines(pieces(utf8(text), []), answer)) {
    expect(line.endsWith("\n")).toBe(true);
    found.push(JSON.parse(line));
  }
  return found;
}

describe("lines", () => {
  it("are the same however the bytes come", async () => {
    const cut = fc.nat({ max: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 12 })), fc.array(cut), fc.boolean(),
        async (texts, cuts, isEnded) => {
          const lines = texts.map((text) => text.replaceAll("\n", ""));
          const whole = utf8(lines.join("\n") + (isEnded && lines.length > 0 ? "\n" : ""));
          // an empty last line that nothing ends is no line
          const wanted = !isEnded && lines.at(-1) === "" ? lines.slice(0, -1) : lines;
          expect(await linesOf(pieces(whole, cuts))).toEqual(wanted);
        },
      ),
    );
  }); // prettier-ignore

  it("that are too long are passed over without being held, and those after them are read", async () => {
    const text = `${"x".repeat(101)}\nfine\n${"y".repeat(100)}\n${"z".repeat(500)}`;
    const read = await linesOf(pieces(utf8(text), [50, 99, 300]));
    expect(read).toEqual([undefined, "fine", "y".repeat(100), undefined]);
    const given: WeakRef<Bytes>[] = [];
    let held = 0;
    async function* endless(): AsyncGenerator<Bytes> {
      for (let at = 0; at < 100; at += 1) {
        const piece = Buffer.alloc(1 << 20, 0x61);
        given.push(new WeakRef(piece));
        yield await Promise.resolve(piece);
      }
      held = await setImmediate().then(() => countHeld(given));
    }
    expect(await linesOf(endless(), 1 << 20)).toEqual([undefined]);
    expect(given).toHaveLength(100);
    expect(held).toBeLessThan(20);
  });

  it("are asked for one at a time: who takes none makes nothing be read", async () => {
    let given = 0;
    async function* source(): AsyncGenerator<Bytes> {
      for (;;) {
        given += 1;
        yield await Promise.resolve(utf8("{}\n"));
      }
    }
    const lines = answerLines(source(), yes);
    expect(given).toBe(0);
    await lines.next();
    await lines.next();
    expect(given).toBeLessThanOrEqual(2);
    await lines.return(undefined);
  });
});

describe("a request", () => {
  it("has its answer in its place, with its id", async () => {
    const text = '{"id":"a"}\n{"id":7}\n{"id":null}\n{}\n{"id":"b"}';
    expect(await answers(text)).toEqual(
      ["a", 7, null, null, "b"].map((id) => ({ id, ok: true })),
    );
  }); // prettier-ignore

  it("that cannot be read is an answer, and the next is read", async () => {
    const bad = ["", "{", "[]", "null", '"text"', '{"id":1,"id":2}', "[".repeat(100), '{"id":{}}', '{"id":true}', '{"__proto__":1}'];
    const found = await answers(`${bad.join("\n")}\n{"id":"last"}\n`);
    expect(found.slice(0, -1)).toMatchObject(
      ["JSON_MALFORMED", "JSON_MALFORMED", "REQUEST_INVALID", "REQUEST_INVALID", "REQUEST_INVALID", "JSON_MALFORMED", "CODEC_TOO_DEEP", "REQUEST_INVALID", "REQUEST_INVALID", "JSON_MALFORMED"]
        .map((code) => ({ id: null, ok: false, code })),
    );
    expect(found.at(-1)).toEqual({ id: "last", ok: true });
  }); // prettier-ignore

  it("that is not UTF-8, or too long, is an answer", () => {
    const latin = Buffer.from('{"id":"\xe9"}', "latin1");
    expect(answerRequest(latin, yes)).toMatchObject({ id: null, ok: false, code: "BYTES_NOT_TEXT" });
    expect(answerRequest(undefined, yes)).toMatchObject({ id: null, code: "REQUEST_TOO_LARGE" });
    const long = utf8(`{"id":"${"x".repeat(1025)}"}`);
    expect(answerRequest(long, yes)).toMatchObject({ id: null, code: "REQUEST_INVALID" });
    const larger = Buffer.alloc(maxRequestBytes + 1, 0x20);
    expect(answerRequest(larger, yes)).toMatchObject({ code: "REQUEST_TOO_LARGE" });
  }); // prettier-ignore

  it("whose judging fails is an answer with its id, and says nothing of what failed inside", () => {
    const fault: Answerer = () => {
      throw new Fault("CERT_REVOKED", "listed");
    };
    const other: Answerer = () => {
      throw new TypeError("secret");
    };
    const request = utf8('{"id":"a"}');
    expect(answerRequest(request, fault)).toEqual({ id: "a", ok: false, code: "CERT_REVOKED", detail: "listed" });
    expect(answerRequest(request, other)).toMatchObject({ id: "a", ok: false, code: "INTERNAL" });
    expect(JSON.stringify(answerRequest(request, other))).not.toContain("secret");
  }); // prettier-ignore
});
