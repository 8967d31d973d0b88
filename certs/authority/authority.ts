import type { Chance, EpochMs } from "../../schemas/ground/index.ts";
import { makeHeldKey, makeKeyPair } from "../keys/index.ts";
import type { KeyType } from "../shape/index.ts";
import type { Authority, Issuer } from "./issuer.ts";
import type { Journal } from "./journal.ts";
import { makeIssuing, makeRoot } from "./make-ca.ts";

/** What an authority is made of. */
export interface AuthorityParts {
  /** `ng`, `ecowas`: two to ten small letters. */
  readonly authority: string;
  readonly now: EpochMs;
  readonly chance: Chance;
  /** P-384 unless said: it signs a handful of times in twenty years. */
  readonly rootKey?: KeyType;
  /** P-256 unless said: every leaf and list is verified with it, everywhere. */
  readonly issuingKey?: KeyType;
  readonly journal?: Journal | undefined;
}

/**
 * Makes the two CAs of an authority with new keys in this process: a root, and beneath it the one that
 * issues. Both may only give names of the authority's own domain. For trying out and for tests: in earnest
 * the two never meet on one machine (CEREMONY.md).
 *
 * @throws {Fault} CERT_NAME_NOT_PERMITTED, KEY_UNUSABLE
 */
export async function makeAuthority(parts: AuthorityParts): Promise<Authority> {
  const { authority, rootKey = "P-384", issuingKey = "P-256" } = parts;
  const key = makeHeldKey(makeKeyPair(rootKey));
  const root = { certificate: await makeRoot(key, parts), key };
  const held = makeHeldKey(makeKeyPair(issuingKey));
  const order = { root, spki: held.spki, number: 1 };
  const issuing = { certificate: await makeIssuing(order, parts), key: held };
  return { authority, root, issuing, earlier: [] };
}

/**
 * Puts a new issuing CA in front: it issues from now on, the one before keeps its leaves and lists until they
 * are over.
 */
export function replaceIssuing(authority: Authority, issuing: Issuer): Authority {
  return { ...authority, issuing, earlier: [authority.issuing, ...authority.earlier] };
}
