import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";

/** Every file of the shell with its digest; set at build. One list is one version: all of it is there, or the one before goes on. */
declare const FILES: readonly { readonly url: string; readonly revision: string | null }[];

/** What of a service worker's own world is used here. */
interface Worker {
  addEventListener(type: "message", listener: (event: { readonly data?: unknown }) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
}
interface Fetching {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
declare const self: Worker;

const catalogues = "catalogues";

/** A language's sentences: from the gateway once, from here after that; their names change with what is in them. */
async function findCatalogue(request: Request): Promise<Response> {
  const cache = await caches.open(catalogues);
  const held = await cache.match(request);
  if (held !== undefined) return held;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (/^\/console\/words-\w+-[\w-]+\.json$/.test(pathname)) {
    event.respondWith(findCatalogue(event.request));
  }
});
self.addEventListener("message", ({ data }) => {
  if (data === "take over") void self.skipWaiting();
});

precacheAndRoute([...FILES]);
cleanupOutdatedCaches();
