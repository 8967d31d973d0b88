import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import { renderBase64url, sha256 } from "../../schemas/ground/index.ts";
import { choosePacking } from "./negotiate.ts";
import type { Route } from "./route.ts";

const packs = {
  br: promisify(brotliCompress),
  gzip: promisify(gzip),
} as const;

/** Good enough for a page over a slow link, and about as quick as gzip. */
const brotliQuality = 5;
/** Below this a packed answer is hardly smaller than its own headers. */
const leastBytes = 400;
const tagChars = 22;
const maxTagsLength = 2_000;

function isHeld(request: Request, tag: string): boolean {
  const held = (request.headers.get("if-none-match") ?? "").slice(0, maxTagsLength);
  return held === "*" || held.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}

function addVary(headers: Headers, name: string): void {
  const said = headers.get("vary");
  headers.set("vary", said === null ? name : `${said}, ${name}`);
}

async function packBytes(
  bytes: Uint8Array,
  packing: "br" | "gzip",
): Promise<Uint8Array<ArrayBuffer>> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: brotliQuality };
  const packed = packing === "br" ? await packs.br(bytes, { params }) : await packs.gzip(bytes);
  return Uint8Array.from(packed);
}

/**
 * What a route's answer becomes on its way out: one that bears a tag is told short where the caller holds it already, and
 * one that may be packed is, when the caller takes it so. Packing is each route's own choice: bytes that another could
 * steer never share a packed answer with what he must not learn, for its length would tell him.
 */
export async function finishAnswer(
  route: Route,
  request: Request,
  response: Response,
): Promise<Response> {
  if (response.status !== 200 || (route.tagged !== true && route.packed !== true)) return response;
  const headers = new Headers(response.headers);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (route.tagged === true) {
    // weak, for the packed bytes are other ones
    const tag = `"${renderBase64url(sha256(bytes)).slice(0, tagChars)}"`;
    headers.set("etag", `W/${tag}`);
    // what is nobody's data may be kept and asked about again; all else is kept by nobody
    if (route.open === true) headers.set("cache-control", "private, no-cache");
    if (isHeld(request, tag)) {
      headers.delete("content-type");
      return new Response(null, { status: 304, headers });
    }
  }
  if (route.packed !== true) return new Response(bytes, { headers });
  addVary(headers, "accept-encoding");
  const packing = choosePacking(request.headers.get("accept-encoding"));
  if (packing === undefined || bytes.length < leastBytes) return new Response(bytes, { headers });
  headers.set("content-encoding", packing);
  return new Response(await packBytes(bytes, packing), { headers });
}
