import { once } from "node:events";
import type { Server } from "node:http";

/** Where something is shown over HTTP. */
export interface ListenPlace {
  /** This machine alone when left out. */
  readonly host?: string | undefined;
  /** 0 is any free port. */
  readonly port: number;
  readonly scheme: "http" | "https";
  readonly maxConnections: number;
}

/** Something that listens. */
export interface Listening {
  readonly url: string;
  stop(): Promise<void>;
}

/** How long whoever asks may take for it, in milliseconds, and how much he may say. */
export const servePatience = {
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 8 * 1024,
} as const;

/** What each answer says to browsers: they are to make nothing of it. */
export const serveHeaders = {
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy": "default-src 'none'",
} as const;

/** Listens; rejects as the machine does when it cannot. */
export async function listenAt(server: Server, place: ListenPlace): Promise<Listening> {
  const { host = "127.0.0.1", port, scheme } = place;
  server.maxConnections = place.maxConnections;
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address();
  const heard = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `${scheme}://${host.includes(":") ? `[${host}]` : host}:${heard}`,
    stop: async () => {
      const ended = once(server, "close");
      server.close();
      server.closeAllConnections();
      await ended;
    },
  };
}
