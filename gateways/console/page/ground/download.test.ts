import { describe, expect, it } from "vitest";

import { type Bytes, readName, readWhole, type Source } from "./download.ts";
import { Refusal } from "./problem.ts";

const whole = Uint8Array.from({ length: 100 }, (_, at) => at);

/** An answer that breaks off after some bytes. */
function answer(from: number, breaksAt = whole.length): Bytes {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(whole.slice(from, breaksAt)),
    // what was given is read before the line breaks
    pull: (controller) => (breaksAt < whole.length ? controller.error(new TypeError("cut")) : controller.close()),
  });
  return { body, type: "text/plain", name: "a.txt", from };
} // prettier-ignore

function sourceOf(answers: readonly ((from: number) => Bytes)[]): Source & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    ask: async (from) => {
      const give = answers[asked.length];
      asked.push(from);
      if (give === undefined) throw new Error("asked too often");
      return give(from);
    },
    pause: async () => undefined,
  };
} // prettier-ignore

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

describe("readWhole", () => {
  it("goes on from the byte at which the line broke", async () => {
    const source = sourceOf([() => answer(0, 40), () => answer(40, 90), () => answer(90)]);
    const noted: number[] = [];
    const { blob, name } = await readWhole(source, whole.length, (done) => noted.push(done));
    expect([source.asked, noted, name]).toEqual([[0, 40, 90], [40, 90, 100], "a.txt"]);
    expect(await bytesOf(blob)).toEqual(whole);
  });

  it("begins anew where the whole comes though a part was asked for", async () => {
    const source = sourceOf([() => answer(0, 40), () => answer(0)]);
    const { blob } = await readWhole(source, whole.length, () => undefined);
    expect(await bytesOf(blob)).toEqual(whole);
  });

  it("ends with the gateway's no", async () => {
    const refusal = new Refusal(404, undefined);
    const source: Source = { ask: async () => await Promise.reject(refusal), pause: async () => undefined };
    await expect(readWhole(source, 1, () => undefined)).rejects.toBe(refusal);
  });
}); // prettier-ignore

describe("readName", () => {
  it.each([
    [`attachment; filename="_"; filename*=UTF-8''%C3%A9t%C3%A9.pdf`, "été.pdf"],
    [`attachment; filename="a"; filename*=UTF-8''%22%3E%3Cimg%20src%3Dx%3E.txt`, `"><img src=x>.txt`],
    [`attachment; filename*=UTF-8''%ZZ`, ""],
    ["attachment", ""],
  ])("of %s is %s", (header, name) => {
    expect(readName(header)).toBe(name);
  }); // prettier-ignore
});
