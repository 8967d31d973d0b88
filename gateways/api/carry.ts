import { z } from "zod";

import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { type CarryDesk, carryLimits, type CarryProgress, type Checked } from "../carry/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { makeProblem } from "./problem.ts";
import { checkContentType, readJsonBody } from "./read-body.ts";

/** The content type of a carry file. */
export const carryContentType = "application/vnd.atumpan.carry";

/** Whom a file is for. */
export const carryWishShape = z.strictObject({
  to: z
    .string()
    .max(60)
    .regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
  /** Bytes of files that go with their messages, whole ones alone; none when left out. */
  filesUpTo: z.int().min(0).max(carryLimits.contentBytes).optional(),
});

/** Whether a file is written, or only counted what it would hold. */
export const carryCountShape = z.strictObject({ only: z.literal("count").optional() });

/** Whether a file is taken in, or only looked at. */
export const carryQueryShape = z.strictObject({ only: z.literal("check").optional() });

function deskOf({ services }: Desk): CarryDesk {
  const carry = services?.carry;
  if (carry === undefined) throw new Fault("NOT_FOUND", "this gateway has no carry files");
  return carry;
}

/** A name that fits every stick and says nothing. */
function fileName({ chance }: Desk): string {
  const letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
  return `${[...chance.bytes(8)].map((byte) => letters.charAt(byte % letters.length)).join("")}.ATC`;
}

function streamOf(source: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      const next = await source.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => void (await source.return(undefined)),
  });
}

/** A carry file for one agency, made while it is sent; what it holds stands in the header `Atumpan-Carry` as JSON. With only=count that JSON alone. */
export async function postCarryExport(desk: Desk, { request, url, record }: Call): Promise<Response> {
  const isCount = url.searchParams.get("only") === "count";
  if (url.searchParams.size > (isCount ? 1 : 0)) throw new Fault("REQUEST_INVALID", "the only parameter is only=count");
  const wish = tryShape(carryWishShape, await readJsonBody(request));
  if (!wish.success) throw new Fault("REQUEST_INVALID", `say {"to": "gh/tcu"}: the agency it is for; also filesUpTo, bytes of files, at most ${carryLimits.contentBytes}`);
  const { to, filesUpTo } = wish.data;
  const { written, bytes } = await deskOf(desk).write(to, filesUpTo);
  if (isCount) {
    // nothing was made yet, so nothing is noted as carried
    await bytes.return(undefined);
    record.about(`${to} counted`);
    record.count(0);
    return renderAnswer(written);
  }
  record.about(to);
  record.count(written.messages);
  const headers = {
    "content-type": carryContentType,
    "content-disposition": `attachment; filename="${fileName(desk)}"`,
    "atumpan-carry": JSON.stringify(written),
  };
  return new Response(streamOf(bytes), { headers });
} // prettier-ignore

/** Takes a carry file: answers when all of it is here, and where it says what becomes of it. */
export async function postCarryImport(desk: Desk, { request, url, record }: Call): Promise<Response> {
  const query = tryShape(carryQueryShape, Object.fromEntries(url.searchParams));
  if (!query.success) throw new Fault("REQUEST_INVALID", "the only parameter is only=check");
  checkContentType(request, carryContentType);
  if (request.body === null) throw new Fault("REQUEST_INVALID", "the request has no body");
  const what = query.data.only === "check" ? "CHECK" : "TAKE";
  const id = await deskOf(desk).begin(request.body, what);
  record.about(id);
  return renderAnswer({ id }, { status: 202, headers: { location: `/v1/carry/imports/${id}` } });
} // prettier-ignore

function renderChecked({ writtenAt, ...rest }: Checked): Record<string, unknown> {
  return { ...rest, writtenAt: renderInstant(writtenAt) };
}

function renderProgress(progress: CarryProgress, traceId: string): Record<string, unknown> {
  if (progress.state === "RUNNING") return { ...progress };
  if (progress.state === "REFUSED") {
    const { code, title, detail } = makeProblem(progress.fault, traceId);
    return { state: "REFUSED", code, title, ...(detail === undefined ? {} : { detail }) };
  }
  return { state: progress.state, ...renderChecked(progress.result) };
}

/** How far a file has come, and what it brought. */
export function getCarryImport(desk: Desk, { params, traceId }: Call): Response {
  const progress = deskOf(desk).progress(params["id"] ?? "");
  if (progress === undefined) {
    const way = "bring it again: what was taken is not taken twice";
    throw new Fault("NOT_FOUND", `nothing is known of this file any more; ${way}`);
  }
  return renderAnswer(renderProgress(progress, traceId));
}
