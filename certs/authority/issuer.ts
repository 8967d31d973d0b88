import { Fault } from "../../schemas/ground/index.ts";
import type { HeldKey } from "../keys/index.ts";
import type { Certificate } from "../shape/index.ts";

/** A CA and, where its key is at hand, the key. */
export interface Issuer {
  readonly certificate: Certificate;
  /** Absent where it must not be: the root's key stays offline. */
  readonly key?: HeldKey | undefined;
  /** Where the key lies, when it is in a token. */
  readonly place?: string | undefined;
}

/** What one state's, REC's or the AU's certificates are made with. */
export interface Authority {
  readonly authority: string;
  readonly root: Issuer;
  /** The one that issues now. */
  readonly issuing: Issuer;
  /** Those that issued before, newest first; their lists are made for as long as leaves of theirs live. */
  readonly earlier: readonly Issuer[];
}

/**
 * The key of a CA that is about to act.
 *
 * @throws {Fault} KEY_UNUSABLE when it is not at hand
 */
export function keyOf({ certificate, key }: Issuer): HeldKey {
  if (key === undefined) {
    throw new Fault("KEY_UNUSABLE", `the key of ${certificate.subject} is not at hand`);
  }
  return key;
}

/** The identifier a CA's key goes by in the journal and in what it signs. */
export function issuerId({ certificate }: Issuer): string {
  return certificate.subjectKeyId ?? "";
}

/** Every CA that stands between leaves and the root, the one that issues now first. */
export function issuersOf({ issuing, earlier }: Authority): readonly Issuer[] {
  return [issuing, ...earlier];
}
