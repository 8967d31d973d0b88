import type { Origin } from "./origin.ts";

/** A cookie of ours, before it is known how it is called on this connection. */
export interface CookieKind {
  readonly name: string;
  /** Strict, but for the one that must come back from the identity provider. */
  readonly site: "Strict" | "Lax";
}

/** Of people who are signed in. */
export const sessionCookie: CookieKind = { name: "atumpan-session", site: "Strict" };
/** Of people who are on their way to the identity provider and back. */
export const oidcCookie: CookieKind = { name: "atumpan-oidc", site: "Lax" };

/** Browsers keep `__Host-` cookies to this very host; they take them only where they may be Secure. */
function nameOf({ name }: CookieKind, { isSecure }: Origin): string {
  return isSecure ? `__Host-${name}` : name;
}

const maxHeader = 4_096;

/** The value of a cookie; undefined when it is missing, or there twice. */
export function readCookie(request: Request, kind: CookieKind, origin: Origin): string | undefined {
  const header = request.headers.get("cookie") ?? "";
  if (header.length > maxHeader) return undefined;
  const wanted = `${nameOf(kind, origin)}=`;
  const found = header
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one.startsWith(wanted));
  return found.length === 1 ? found[0]?.slice(wanted.length) : undefined;
}

/** The Set-Cookie that gives a value for so many seconds; zero takes it back. */
export function renderCookie(kind: CookieKind, origin: Origin, given: { readonly value: string; readonly seconds: number }): string {
  const secure = origin.isSecure ? "; Secure" : "";
  const flags = `Path=/; HttpOnly; SameSite=${kind.site}${secure}`;
  return `${nameOf(kind, origin)}=${given.value}; Max-Age=${given.seconds}; ${flags}`;
} // prettier-ignore
