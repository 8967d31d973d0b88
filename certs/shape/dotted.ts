import { bytesKey, type Bytes } from "../../schemas/ground/index.ts";
import type { Der } from "./der.ts";

/** Identifiers met so far are few; each is spelt out once. Bounded, so that a peer cannot fill it. */
const dotted = new Map<string, string>();
const maxDotted = 512;

function spellOid(content: Bytes): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const octet of content) {
    arc = arc * 128n + BigInt(octet & 0x7f);
    if (octet >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [both = 0n, ...rest] = arcs;
  const first = both < 80n ? both / 40n : 2n;
  return [first, both - first * 40n, ...rest].join(".");
}

/** An object identifier in dotted decimals; `oid` is one, as `parseDer` read it. */
export function renderDotted({ content }: Der): string {
  const key = bytesKey(content);
  const known = dotted.get(key);
  if (known !== undefined) return known;
  const spelt = spellOid(content);
  if (dotted.size < maxDotted) dotted.set(key, spelt);
  return spelt;
}
