import { request } from "node:https";
import { Readable } from "node:stream";

/** Statuses that carry no body; a Response of them takes none. */
const bodiless = new Set([204, 205, 304]);

/**
 * Builds a `fetch` that believes a server only when one of these authorities (PEM) vouches for it: the machine's own are not
 * asked. Follows no redirect.
 */
export function makePinnedFetch(authorities: string): typeof globalThis.fetch {
  return async (input, init) => {
    const asked = new Request(input, { ...init, redirect: "manual" });
    const body = Buffer.from(await asked.arrayBuffer());
    const headers = Object.fromEntries(asked.headers);
    return await new Promise<Response>((resolve, reject) => {
      const sent = request(
        asked.url,
        { method: asked.method, headers, ca: authorities, minVersion: "TLSv1.2", signal: asked.signal },
        (answer) => {
          const status = answer.statusCode ?? 500;
          const said = new Headers();
          for (const [name, value] of Object.entries(answer.headersDistinct)) {
            for (const one of value ?? []) said.append(name, one);
          }
          if (bodiless.has(status)) answer.resume();
          const stream = Readable.toWeb(answer);
          resolve(new Response(bodiless.has(status) ? null : streamOf(stream), { status, headers: said }));
        },
      );
      sent.once("error", reject);
      sent.end(body);
    });
  };
} // prettier-ignore

/** Node's stream and the platform's are one thing with two types. */
function streamOf(stream: ReturnType<typeof Readable.toWeb>): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const piece: { readonly done: boolean; readonly value?: unknown } = await reader.read();
      if (piece.done) controller.close();
      else if (piece.value instanceof Uint8Array) controller.enqueue(piece.value);
    },
    cancel: async (reason) => await reader.cancel(reason),
  });
}
