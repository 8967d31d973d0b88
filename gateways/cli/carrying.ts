import { openAsBlob, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

import { type Bytes, Fault, isFaultCode, toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { saveFile } from "./save-file.ts";
import { type Say, sayOf } from "./words.ts";

const carryType = "application/vnd.atumpan.carry";
/** A whole file over a thin line between this machine and the gateway. */
const uploadMs = 3_600_000;
/** How often it is asked how far a file has come. */
const askEveryMs = 500;

const writtenShape = z.looseObject({
  messages: z.number(),
  receipts: z.number(),
  withheld: z.number(),
  left: z.number(),
  files: z.number(),
  filesLeft: z.number(),
});
const begunShape = z.looseObject({ id: z.uuid() });
const checked = {
  writer: z.string(),
  writtenAt: z.string(),
  receipts: z.number(),
  publications: z.number(),
  pieces: z.number(),
  registerEpoch: z.number(),
};
const progressShape = z.discriminatedUnion("state", [
  z.looseObject({ state: z.literal("RUNNING"), done: z.number(), of: z.number() }),
  z.looseObject({ state: z.literal("CHECKED"), ...checked }),
  z.looseObject({
    state: z.literal("TAKEN"),
    ...checked,
    isNewRegister: z.boolean(),
    added: z.number(),
    known: z.number(),
    quarantined: z.number(),
    files: z.number(),
    filesLeft: z.number(),
  }),
  z.looseObject({ state: z.literal("REFUSED"), code: z.string(), title: z.string(), detail: z.string().optional() }),
]); // prettier-ignore

type Progress = z.infer<typeof progressShape>;
type Ended = Exclude<Progress, { state: "RUNNING" }>;

/** One line that is redrawn on a screen; nothing where nobody watches. */
function draw({ world, common }: Desk, text: string): void {
  if (world.isWatched && common.quiet !== true) world.err(`\r\u001b[K${text}`);
}

function renderSize(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.ceil(bytes / 1000)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function readWritten(answer: Response): z.infer<typeof writtenShape> {
  try {
    return writtenShape.parse(JSON.parse(answer.headers.get("atumpan-carry") ?? ""));
  } catch (cause) {
    const detail = "the gateway does not answer as this command expects";
    throw new Fault("GATEWAY_UNREACHABLE", detail, { cause });
  }
}

/** What comes, counted on its way. */
async function* watched(desk: Desk, answer: Response): AsyncGenerator<Bytes> {
  const source: AsyncIterable<Bytes> | readonly Bytes[] = answer.body ?? [];
  let length = 0;
  try {
    for await (const bytes of source) {
      length += bytes.length;
      draw(desk, `${renderSize(length)} written`);
      yield bytes;
    }
  } catch (error) {
    const detail = "the gateway broke off; nothing was left of the file, so do it again";
    throw toFault(error, "GATEWAY_UNREACHABLE", detail);
  } finally {
    draw(desk, "");
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The file, and of a folder the name the gateway gives; that is looked at, it comes from outside. */
function placeOf({ world }: Desk, out: string, answer: Response): string {
  const place = resolve(world.cwd, out);
  if (!isFolder(place)) return place;
  const said = answer.headers.get("content-disposition") ?? "";
  const [, name = "CARRY.ATC"] = /^attachment; filename="([A-Z0-9]{1,8}\.ATC)"$/.exec(said) ?? [];
  return join(place, name);
}

function renderWritten({ messages, receipts, withheld, left, files, filesLeft }: z.infer<typeof writtenShape>, to: string): string {
  const lines = [`for ${to}: ${messages} messages, ${receipts} receipts, the register${files > 0 ? `, ${files} files` : ""}`];
  if (filesLeft > 0) lines.push(`${filesLeft} files found no room: allow more (--with-files 1000, in MB), or they come by the link`);
  if (withheld > 0) lines.push(`${withheld} messages stay here: the register does not let ${to} have them now (atumpan why)`);
  if (left > 0) lines.push(`${left} messages found no room; write another file when this one was receipted`);
  return lines.join("\n");
} // prettier-ignore

/** The same of a file that is only counted. */
function renderCounted(say: Say, { messages, receipts, withheld, left, files, filesLeft }: z.infer<typeof writtenShape>, agency: string): string {
  const more = [["dry.carryNoFiles", filesLeft], ["dry.carryKept", withheld], ["dry.carryLeft", left]] as const;
  const lines = more.filter(([, count]) => count > 0).map(([name, count]) => say(name, { count, agency }));
  return [`${say("dry.written")} ${say("dry.carried", { agency, messages, receipts, files })}`, ...lines].join("\n");
} // prettier-ignore

const megabyte = 1_000_000;
const usualFilesMegabytes = 256;

function readFilesUpTo(said: string | true | undefined): number | undefined {
  if (said === undefined) return undefined;
  if (said === true) return usualFilesMegabytes * megabyte;
  if (/^\d{1,4}$/.test(said) && Number(said) <= 1000) return Number(said) * megabyte;
  throw new Fault("USAGE_INVALID", "--with-files takes whole megabytes, 0 to 1000");
}

/**
 * Writes what waits for another agency to a file, whole or not at all.
 *
 * @throws {Fault} USAGE_INVALID, GATEWAY_UNREACHABLE, and what the gateway says
 */
export async function runCarryExport(
  desk: Desk,
  { to, out, withFiles, dryRun }: { readonly to: string; readonly out: string; readonly withFiles?: string | true; readonly dryRun?: true },
): Promise<number> {
  const headers = { "content-type": "application/json" };
  const filesUpTo = readFilesUpTo(withFiles);
  const body = JSON.stringify({ to, ...(filesUpTo === undefined ? {} : { filesUpTo }) });
  const question = { method: "POST", path: "/v1/carry/exports", accept: carryType, headers, body } as const;
  if (dryRun === true) {
    const counted = await desk.client().askFor(writtenShape, { ...question, path: `${question.path}?only=count`, accept: "application/json" });
    desk.result({ dryRun, ...counted }, renderCounted(sayOf(desk), counted, to));
    return exitCodes.ok;
  }
  const answer = await desk.client().ask(question);
  const written = readWritten(answer);
  const path = placeOf(desk, out, answer);
  const bytes = await saveFile(path, watched(desk, answer));
  desk.result({ file: path, bytes, ...written }, `${path}  ${renderSize(bytes)}\n${renderWritten(written, to)}`);
  return exitCodes.ok;
} // prettier-ignore

async function follow(desk: Desk, id: string): Promise<Ended> {
  for (;;) {
    const progress = await desk.client().askFor(progressShape, { path: `/v1/carry/imports/${id}` });
    if (progress.state !== "RUNNING") {
      draw(desk, "");
      return progress;
    }
    const { done, of } = progress;
    draw(desk, of === 0 ? "proving the file" : `${done} of ${of} taken`);
    await desk.world.clock.sleep(askEveryMs);
  }
}

/** Gives a file to the gateway and waits for what becomes of it. */
async function give(desk: Desk, file: string, query = ""): Promise<Ended> {
  let body: Blob;
  try {
    body = await openAsBlob(resolve(desk.world.cwd, file));
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${file} cannot be read`);
  }
  const headers = { "content-type": carryType };
  const question = { method: "POST", path: `/v1/carry/imports${query}`, headers, body } as const;
  draw(desk, `giving ${renderSize(body.size)} to the gateway`);
  const { id } = await desk.client().askFor(begunShape, { ...question, timeoutMs: uploadMs });
  return await follow(desk, id);
}

function faultOf({ code, title, detail = title }: Extract<Ended, { state: "REFUSED" }>): Fault {
  if (isFaultCode(code)) return new Fault(code, detail);
  return new Fault("REQUEST_INVALID", `${code}: ${detail}`);
}

function renderFrom({ writer, writtenAt }: Exclude<Ended, { state: "REFUSED" }>): string {
  return `from ${writer}, written ${writtenAt}`;
}

/**
 * Takes in what a file brings, and says what was new, known, and could not be proved.
 *
 * @throws {Fault} USAGE_INVALID, and what the gateway says of the file
 */
export async function runCarryImport(
  desk: Desk,
  file: string,
  { dryRun }: { readonly dryRun?: true } = {},
): Promise<number> {
  const ended = await give(desk, file, dryRun === true ? "?only=check" : "");
  if (ended.state === "REFUSED") throw faultOf(ended);
  if (dryRun === true) {
    const say = sayOf(desk);
    const { publications, receipts, writer: agency, writtenAt: at } = ended;
    const text = [say("dry.takenIn", { agency, at }), say("dry.takenHolds", { publications, receipts })];
    desk.result({ dryRun, ...ended }, text.join("\n"));
    return exitCodes.ok;
  }
  if (ended.state === "CHECKED") throw new Fault("INTERNAL", "the gateway only looked at the file");
  const { added, known, quarantined, receipts, registerEpoch, isNewRegister, files, filesLeft } = ended;
  const lines = [
    renderFrom(ended),
    `${added} messages new, ${known} already here, ${quarantined} in quarantine; ${receipts} receipts`,
    ...(files + filesLeft > 0 ? [`${files} files new${filesLeft > 0 ? `; ${filesLeft} not taken: bring it again once their messages are proved, or they come by the link` : ""}`] : []),
    isNewRegister ? `the register it brought is in force: epoch ${registerEpoch}` : `register: epoch ${registerEpoch}, as before`,
  ];
  desk.result(ended, lines.join("\n"));
  return exitCodes.ok;
} // prettier-ignore

/**
 * Says whether a file is whole, for us and signed by who it names; one that is not ends with its own exit code.
 *
 * @throws {Fault} USAGE_INVALID, and what the gateway says but of the file itself
 */
export async function runCarryVerify(desk: Desk, file: string): Promise<number> {
  const ended = await give(desk, file, "?only=check");
  if (ended.state === "REFUSED") {
    const { code, title, detail = title } = ended;
    desk.result({ good: false, code, detail }, `not good (${code})\n${detail}`);
    return exitCodes.verificationFailed;
  }
  const { publications, receipts, pieces } = ended;
  const beside = pieces > 0 ? `, ${pieces} pieces of files` : "";
  const what = `${publications} publications, ${receipts} receipts${beside}; each is proved when it is taken in`;
  desk.result({ good: true, ...ended }, `good, ${renderFrom(ended)}\n${what}`);
  return exitCodes.ok;
}
