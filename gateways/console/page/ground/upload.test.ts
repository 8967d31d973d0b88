import { describe, expect, it } from "vitest";

import { renderBase64url } from "./base64.ts";
import {
  type Carrier,
  nextPiece,
  startUpload,
  typeOfFile,
  type Upload,
  type UploadJob,
} from "./upload.ts";
import { Refusal } from "./problem.ts";

const kilo = 1024;

function fileOf(bytes: Uint8Array<ArrayBuffer>, name = "list.txt"): File {
  return new File([bytes], name, { type: "text/plain" });
}

/** A gateway that keeps what came; `cuts` are the pieces on which the line breaks, half way. */
function makeCarrier(cuts: readonly number[]): Carrier & { readonly kept: number[]; readonly puts: number[] } {
  const kept: number[] = [];
  const puts: number[] = [];
  let wish: Parameters<Carrier["begin"]>[0] = { size: 0, mediaType: "" };
  const view = (): Upload => {
    const isWhole = kept.length === wish.size;
    const said = { id: "u1", offset: kept.length, size: wish.size, mediaType: wish.mediaType, name: "", endsAt: "" };
    return isWhole
      ? { ...said, state: "DONE", attachment: { digest: wish.sha256 ?? "", mediaType: wish.mediaType, size: wish.size } }
      : { ...said, state: "RECEIVING" };
  };
  return {
    kept,
    puts,
    begin: async (asked) => {
      wish = asked;
      return view();
    },
    find: async () => view(),
    put: async (_, offset, piece) => {
      if (offset !== kept.length) throw new Error("a piece was sent twice or left out");
      const bytes = new Uint8Array(await piece.arrayBuffer());
      puts.push(bytes.length);
      const isCut = cuts.includes(puts.length);
      for (const byte of isCut ? bytes.subarray(0, bytes.length / 2) : bytes) kept.push(byte);
      if (isCut) throw new TypeError("the line is cut");
      return view();
    },
    pause: async () => undefined,
    now: () => 0,
  };
} // prettier-ignore

async function ended(job: UploadJob): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = job.state.subscribe((state) => {
      if (state === "done" || state === "failed") queueMicrotask(() => (stop(), resolve()));
    });
  });
} // prettier-ignore

const bytes = Uint8Array.from({ length: 500 * kilo }, (_, at) => at % 251);

describe("startUpload", () => {
  it("brings every byte once, in pieces that grow on a quick line", async () => {
    const carrier = makeCarrier([]);
    const job = startUpload(fileOf(bytes), carrier);
    await ended(job);
    expect([job.state.value, job.done.value]).toEqual(["done", bytes.length]);
    expect(Uint8Array.from(carrier.kept)).toEqual(bytes);
    expect(carrier.puts.slice(0, 3)).toEqual([64 * kilo, 128 * kilo, 256 * kilo]);
  });

  it("goes on after a cut from the byte that is safe at the gateway, with smaller pieces", async () => {
    const carrier = makeCarrier([2, 3]);
    const job = startUpload(fileOf(bytes), carrier);
    await ended(job);
    expect(job.state.value).toBe("done");
    expect(Uint8Array.from(carrier.kept)).toEqual(bytes);
    expect(carrier.puts[2]).toBe(16 * kilo);
  });

  it("says what the message is to say of the file: its digest as the gateway was told it", async () => {
    const job = startUpload(fileOf(bytes), makeCarrier([]));
    await ended(job);
    const digest = renderBase64url(await crypto.subtle.digest("SHA-256", bytes));
    expect(job.result.value).toEqual({ digest, mediaType: "text/plain", size: bytes.length, upload: "u1" });
  });

  it("ends with a mistake of its own, and does not try that again for ever", async () => {
    const carrier = { ...makeCarrier([]), put: async () => await Promise.reject(new RangeError("ours")) };
    const job = startUpload(fileOf(bytes), carrier);
    await ended(job);
    expect(job.error.value).toBeInstanceOf(RangeError);
  });

  it("ends with the gateway's no, and does not ask again", async () => {
    let begun = 0;
    const carrier = { ...makeCarrier([]), begin: async () => {
      begun += 1;
      throw new Refusal(422, { code: "ATTACHMENT_TYPE_REFUSED", title: "", status: 422, retry: "never", type: "", instance: "" });
    } };
    const job = startUpload(fileOf(bytes), carrier);
    await ended(job);
    expect([job.state.value, begun]).toEqual(["failed", 1]);
    expect(job.error.value).toBeInstanceOf(Refusal);
  });

  it("of what the gateway found in the file says why it was refused", async () => {
    const refusal = { code: "ATTACHMENT_UNSAFE", detail: "it begins as a page does" };
    const carrier = makeCarrier([]);
    const job = startUpload(fileOf(bytes), { ...carrier, put: async (id, offset, piece) => ({ ...(await carrier.put(id, offset, piece)), state: "REFUSED", refusal }) });
    await ended(job);
    expect([job.state.value, job.error.value]).toEqual(["failed", refusal]);
  });
}); // prettier-ignore

describe("typeOfFile", () => {
  it.each([
    ["list.csv", "application/vnd.ms-excel", "text/csv"],
    ["SCAN.JPG", "", "image/jpeg"],
    ["note.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
    ["nothing", "", "application/octet-stream"],
  ])("of %s, called %s by the system, is %s", (name, type, said) => {
    expect(typeOfFile({ name, type })).toBe(said);
  }); // prettier-ignore
});

describe("nextPiece", () => {
  it("never grows beyond what one loss may cost, nor below what a slow line takes", () => {
    expect(nextPiece(4 * kilo * kilo, 10)).toBe(4 * kilo * kilo);
    expect(nextPiece(16 * kilo, 60_000)).toBe(16 * kilo);
    expect(nextPiece(64 * kilo, 3_000)).toBe(64 * kilo);
  });
});
