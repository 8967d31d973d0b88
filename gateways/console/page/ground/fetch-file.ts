import { api } from "./api.ts";
import { after } from "./clock.ts";
import { type Bytes, type Fetched, readName, readWhole, type Source } from "./download.ts";

const pauseMs = 2_000;

async function ask(id: string, digest: string, from: number): Promise<Bytes> {
  const tag = `"${digest}"`;
  const header = from === 0 ? {} : { range: `bytes=${from}-`, "if-range": tag };
  const { data, response } = await api.GET("/v1/messages/{id}/attachments/{digest}", {
    params: { path: { id, digest }, header },
    parseAs: "stream",
  });
  if (data === undefined || data === null) throw new Error("an answer without its content");
  const { headers, status } = response;
  return {
    body: data,
    type: headers.get("content-type") ?? "",
    name: readName(headers.get("content-disposition") ?? ""),
    from: status === 206 ? from : 0,
  };
}

/** Fetches a file of a message from the gateway to this PC. @throws {Refusal} as the gateway refuses */
export async function fetchFile(of: { readonly message: string; readonly digest: string; readonly size: number }, note: (done: number) => void): Promise<Fetched> {
  const source: Source = {
    ask: async (from) => await ask(of.message, of.digest, from),
    pause: async () => await new Promise((resolve) => void after(pauseMs, resolve)),
  };
  return await readWhole(source, of.size, note);
} // prettier-ignore
