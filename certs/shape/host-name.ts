const label = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * Whether `text` is a host name in preferred syntax (RFC 1034 §3.5, RFC 1123 §2.1), without a final full
 * stop, and not an address written as a name: its last label is not of digits alone.
 */
export function isHostName(text: string): boolean {
  const labels = text.split(".", 128);
  if (text.length > 253 || !labels.every((one) => label.test(one))) return false;
  return !/^\d+$/.test(labels.at(-1) ?? "");
}

/** Whether `text` is a host name, or one whose first label is `*`, as certificates of TLS servers bear. */
export function isHostPattern(text: string): boolean {
  return isHostName(text.startsWith("*.") ? text.slice(2) : text);
}

/** The two sides of a mailbox `local@host` (RFC 5321 §4.1.2, no quoted strings); undefined for any other text. */
export function splitMailbox(
  text: string,
): { readonly local: string; readonly host: string } | undefined {
  const [local = "", host = "", ...more] = text.split("@", 3);
  const isLocal = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/.test(local);
  return isLocal && more.length === 0 && isHostName(host) ? { local, host } : undefined;
}

/** Scheme, authority with user and port, and the rest; the host alone is taken out. */
const withAuthority =
  /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#@[\]]*@)?([A-Za-z0-9.-]+)(?::\d*)?(?:[/?#].*)?$/;

/** The host that a URI names; undefined when it names none, or an address (RFC 5280 §4.2.1.10). */
export function findUriHost(uri: string): string | undefined {
  const [, host] = withAuthority.exec(uri) ?? [];
  return host !== undefined && isHostName(host) ? host : undefined;
}
