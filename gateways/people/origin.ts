import { Fault } from "../../schemas/ground/index.ts";
import type { Visit } from "./desk.ts";

/** The header every request by cookie bears that changes something: no form and no link can set it. */
export const requestMark = "atumpan-request";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** How the browser knows us: the public name when the request is by it, else the loopback name it was called by. */
export interface Origin {
  /** Such as `https://gateway.tcu.example` or `http://localhost:7401`. */
  readonly origin: string;
  /** The name passkeys are bound to. */
  readonly rpId: string;
  readonly isSecure: boolean;
}

/**
 * The origin of our own that a request came to. The Host header was found to be one of ours before.
 */
export function originOf({ request, peer }: Visit, publicOrigin: string | undefined): Origin {
  const host = (request.headers.get("host") ?? new URL(request.url).host).toLowerCase();
  if (publicOrigin !== undefined && new URL(publicOrigin).host === host) {
    const { origin, hostname, protocol } = new URL(publicOrigin);
    return { origin, rpId: hostname, isSecure: protocol === "https:" };
  }
  const { origin, hostname, protocol } = new URL(`${peer.isTls ? "https" : "http"}://${host}`);
  return { origin, rpId: hostname, isSecure: protocol === "https:" };
}

/**
 * Refuses what another site's page made a browser ask. Browsers say whence by themselves (`Sec-Fetch-Site`, `Origin`) and no page
 * can unsay it; the mark is for those that say nothing.
 *
 * @throws {Fault} ORIGIN_FOREIGN
 */
export function checkOrigin({ request }: Visit, own: Origin): void {
  if (safeMethods.has(request.method)) return;
  const { headers } = request;
  const site = headers.get("sec-fetch-site");
  const from = headers.get("origin");
  const isForeign = site !== null && site !== "same-origin";
  if (isForeign || (from !== null && from !== own.origin) || headers.get(requestMark) === null) {
    throw new Fault("ORIGIN_FOREIGN", `only our own pages may ask this, with the header ${requestMark}: 1`);
  }
} // prettier-ignore
