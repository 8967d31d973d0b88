const leftOut = "(left out)";
const maxChars = 400;
const maxDepth = 8;
const maxItems = 200;

/** Text that may hold what opens something, in a spelling no gateway would take. */
const mayOpen = /[@?]|pin-/i;

function showPlain(text: string): string {
  return mayOpen.test(text) ? leftOut : text.slice(0, maxChars);
}

/** A place without what would open it: no PIN in a token's URI, no name, word or query in an address. */
function showText(text: string): string {
  if (/^pkcs11:/i.test(text)) {
    return showPlain((text.split("?", 1)[0] ?? "").replace(/;?pin-[^;]*/gi, ""));
  }
  if (!/^[a-z][a-z0-9+.-]{0,20}:\/\//i.test(text)) return showPlain(text);
  try {
    const { protocol, host, pathname } = new URL(text);
    return showPlain(`${protocol}//${host}${pathname}`);
  } catch {
    return leftOut;
  }
}

function showAny(value: unknown, path: string, wrong: ReadonlySet<string>): unknown {
  if (wrong.has(path) || path.split(".").length > maxDepth) return leftOut;
  // a file's place may be told, a secret in its stead never
  if (/(?:secret|password|passphrase|pin)$/i.test(path)) return leftOut;
  const below = (name: string): string => (path === "" ? name : `${path}.${name}`);
  if (typeof value === "string") return showText(value);
  if (Array.isArray(value)) {
    return value.slice(0, maxItems).map((one: unknown, at) => showAny(one, below(String(at)), wrong));
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).slice(0, maxItems);
  return Object.fromEntries(members.map(([name, one]: [string, unknown]) => [name, showAny(one, below(name), wrong)]));
} // prettier-ignore

/** What a configuration says, to be shown to others: without secrets, and without what no gateway would understand. */
export function showConfig(
  json: unknown,
  problems: readonly { readonly field: string }[],
): unknown {
  return showAny(json, "", new Set(problems.map(({ field }) => field).filter((one) => one !== "")));
}
