import { limits, parseJsonText } from "../../schemas/index.ts";
import { type Bytes, concatBytes, Fault, parseUtf8 } from "../../schemas/ground/index.ts";

/**
 * Refuses a body of another kind, or one that is packed.
 *
 * @throws {Fault} REQUEST_TYPE_UNSUPPORTED
 */
export function checkContentType(request: Request, wanted: string): void {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== wanted) {
    throw new Fault("REQUEST_TYPE_UNSUPPORTED", `send Content-Type: ${wanted}`);
  }
  if ((request.headers.get("content-encoding") ?? "identity") !== "identity") {
    throw new Fault("REQUEST_TYPE_UNSUPPORTED", "send the body without Content-Encoding");
  }
}

/** Stops reading at the first byte over the limit; what Content-Length says is not believed. */
async function readBytes(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Bytes> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > maxBytes) {
      throw new Fault("REQUEST_TOO_LARGE", `a request body has at most ${maxBytes} bytes`);
    }
    pieces.push(piece);
  }
  return concatBytes(...pieces);
}

/**
 * The JSON value of a request's body, read strictly: its type, size, encoding, depth and double names.
 *
 * @throws {Fault} REQUEST_TYPE_UNSUPPORTED, REQUEST_TOO_LARGE, BYTES_NOT_TEXT, JSON_MALFORMED, CODEC_TOO_DEEP
 */
export async function readJsonBody(request: Request): Promise<unknown> {
  checkContentType(request, "application/json");
  if (request.body === null) throw new Fault("JSON_MALFORMED", "the request has no body");
  const bytes = await readBytes(request.body, limits.maxRequestBytes);
  return parseJsonText(parseUtf8(bytes), limits.maxRequestBytes);
}

/** The content type of a redacted copy. */
export const copyContentType = "application/vnd.atumpan.copy";

/**
 * The bytes of a request whose body is a redacted copy.
 *
 * @throws {Fault} REQUEST_TYPE_UNSUPPORTED, REQUEST_TOO_LARGE, REQUEST_INVALID
 */
export async function readCopyBody(request: Request): Promise<Bytes> {
  checkContentType(request, copyContentType);
  if (request.body === null) throw new Fault("REQUEST_INVALID", "the request has no body");
  return readBytes(request.body, limits.maxPublicationBytes);
}

/** Forms are questions for a token, no more. */
const maxFormBytes = 8_192;

/**
 * The fields of a request whose body is a form.
 *
 * @throws {Fault} REQUEST_TYPE_UNSUPPORTED, REQUEST_TOO_LARGE, BYTES_NOT_TEXT
 */
export async function readFormBody(request: Request): Promise<URLSearchParams> {
  checkContentType(request, "application/x-www-form-urlencoded");
  if (request.body === null) return new URLSearchParams();
  return new URLSearchParams(parseUtf8(await readBytes(request.body, maxFormBytes)));
}
