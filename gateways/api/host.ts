import { Fault } from "../../schemas/ground/index.ts";

const loopback = ["localhost", "127.0.0.1", "[::1]"];
/** "Every address" is what we listen on, not a name anybody calls us by. */
const everywhere = new Set(["0.0.0.0", "::", "[::]", ""]);

/** The names a request may call us by: the loopback ones and the one we were told to listen on. */
export function makeHostNames(host: string): ReadonlySet<string> {
  const own = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return new Set(everywhere.has(host) ? loopback : [...loopback, own.toLowerCase()]);
}

function nameOf(host: string): string {
  return host.replace(/:\d{1,5}$/, "").toLowerCase();
}

/**
 * Refuses a request that calls us by a foreign name: a web page that made its own name lead to this
 * machine (DNS rebinding) sends that name.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function checkHost(request: Request, names: ReadonlySet<string>): void {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  if (!names.has(nameOf(host))) {
    throw new Fault("REQUEST_INVALID", "the Host header names another machine");
  }
}
