import type { Duplex } from "node:stream";

import { type Chance, Fault, renderHex } from "../../schemas/ground/index.ts";
import { makeProblem, renderProblem } from "./problem.ts";

const traceIdBytes = 16;

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/** What the platform's reader found wrong, said by us; its own words may hold what was sent. */
function toRequestFault(error: unknown): Fault {
  const code = codeOf(error);
  if (code === "HPE_HEADER_OVERFLOW")
    return new Fault("REQUEST_HEADERS_TOO_LARGE", "all headers together have at most 16 kB");
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new Fault(
      "REQUEST_TOO_SLOW",
      "headers arrive within 10 s, all of a request within 30 s",
    );
  return new Fault("REQUEST_INVALID", "this is not a request of HTTP/1.1");
}

/** Answers a request that names no place, or no machine, as HTTP asks for. */
export function renderMalformed(chance: Chance): Response {
  const fault = new Fault(
    "REQUEST_INVALID",
    "name a path that begins with / and, in Host, this machine",
  );
  return renderProblem(makeProblem(fault, renderHex(chance.bytes(traceIdBytes))));
}

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

/** Answers bytes that are no request with a problem, where somebody still listens, and ends the connection. */
export async function refuseMalformed(
  error: unknown,
  socket: Duplex,
  chance: Chance,
): Promise<void> {
  if (codeOf(error) === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = makeProblem(toRequestFault(error), renderHex(chance.bytes(traceIdBytes)));
  const body = await renderProblem(problem).text();
  const { status } = problem;
  const head = [
    `HTTP/1.1 ${status} ${reasons[status] ?? "Bad Request"}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
