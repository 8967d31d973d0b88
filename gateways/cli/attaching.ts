import { resolve } from "node:path";
import { z } from "zod";

import { type Bytes, Fault, toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { addFile, type AddOptions } from "./handing-in.ts";
import { readId } from "./read-message.ts";
import { drawLine, renderSeconds, renderSize } from "./render-cost.ts";
import { saveFile } from "./save-file.ts";

const fileShape = z.looseObject({
  digest: z.string(),
  role: z.string(),
  mediaType: z.string(),
  size: z.number(),
  state: z.string(),
  done: z.number(),
  seconds: z.number().optional(),
});
const filesShape = z.looseObject({ items: z.array(fileShape) });

type MessageFile = z.infer<typeof fileShape>;

const askEveryMs = 1_000;
/** A whole file over a thin line between this machine and the gateway. */
const downloadMs = 3_600_000;

/** `attachment add`: hands a file in and prints what a message says of it. */
export async function runAdd(desk: Desk, file: string, options: AddOptions): Promise<number> {
  const attached = await addFile(desk, file, options);
  const named = { ...attached, role: options.role ?? "OTHER" };
  desk.result(named, JSON.stringify(named));
  desk.say("It is kept for 72 hours, and for good once a message of yours names it under \"attachments\".");
  return exitCodes.ok;
} // prettier-ignore

function renderFile({ digest, role, mediaType, size, state, done, seconds }: MessageFile): string {
  const part = state === "FETCHING" || state === "SENDING" ? ` ${Math.floor((done * 100) / Math.max(1, size))} %` : ""; // prettier-ignore
  const rest = seconds === undefined || seconds === 0 ? "" : `  ${renderSeconds(seconds)}`;
  return `${digest}  ${role}  ${mediaType}  ${renderSize(size)}  ${state}${part}${rest}`;
}

async function listFiles(desk: Desk, id: string): Promise<readonly MessageFile[]> {
  const path = `/v1/messages/${readId(id)}/attachments`;
  return (await desk.client().askFor(filesShape, { path })).items;
}

/** `attachment ls`: the files of a message, and how far each has come. */
export async function runFiles(desk: Desk, id: string): Promise<number> {
  const items = await listFiles(desk, id);
  desk.result({ items }, items.length === 0 ? "no files" : items.map(renderFile).join("\n"));
  return exitCodes.ok;
}

async function follow(desk: Desk, id: string, digest: string): Promise<void> {
  for (;;) {
    const file = (await listFiles(desk, id)).find((one) => one.digest === digest);
    if (file === undefined) throw new Fault("NOT_FOUND", "the message names no such file");
    if (file.state !== "FETCHING" && file.state !== "THERE") return drawLine(desk, "");
    drawLine(desk, renderFile(file));
    await desk.world.clock.sleep(askEveryMs);
  }
}

function pick(items: readonly MessageFile[], said: string | undefined): MessageFile {
  const found = items.filter(({ digest }) => said === undefined || digest.startsWith(said));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const why = found.length === 0 ? "names no such file" : "names several files";
  throw new Fault("USAGE_INVALID", `the message ${why}; attachment ls shows their digests`);
}

async function* download(answer: Response): AsyncGenerator<Bytes> {
  const source: AsyncIterable<Bytes> | readonly Bytes[] = answer.body ?? [];
  try {
    yield* source;
  } catch (error) {
    throw toFault(error, "GATEWAY_UNREACHABLE", "the gateway broke off; nothing was left of the file, so do it again"); // prettier-ignore
  }
}

/** `attachment get`: has a file fetched, waits for it, and writes it where the person says. */
export async function runGet(
  desk: Desk,
  id: string,
  options: { readonly digest?: string; readonly out: string },
): Promise<number> {
  const file = pick(await listFiles(desk, id), options.digest);
  const path = `/v1/messages/${readId(id)}/attachments/${file.digest}`;
  if (["THERE", "FETCHING", "REFUSED"].includes(file.state)) {
    const headers = { "content-type": "application/json" };
    await desk.client().askFor(fileShape, { method: "POST", path: `${path}/fetch`, headers });
    await follow(desk, id, file.digest);
  }
  const answer = await desk.client().ask({ path, accept: "*/*", timeoutMs: downloadMs });
  const place = resolve(desk.world.cwd, options.out);
  const bytes = await saveFile(place, download(answer));
  desk.result({ file: place, bytes, mediaType: file.mediaType }, `${place}  ${renderSize(bytes)}`);
  return exitCodes.ok;
}

/** `attachment stop`: ends the fetching of a file; what came of it is kept. */
export async function runStop(desk: Desk, id: string, options: { readonly digest?: string }): Promise<number> {
  const file = pick(await listFiles(desk, id), options.digest);
  const path = `/v1/messages/${readId(id)}/attachments/${file.digest}/fetch`;
  const now = await desk.client().askFor(fileShape, { method: "DELETE", path });
  desk.result(now, renderFile(now));
  return exitCodes.ok;
} // prettier-ignore
