/**
 * Redacted copies: from one signed original a nominal, a regional, a court's and a defence's copy, each provably
 * the signer's own words with parts withheld.
 *
 * Promises: a copy shows what the schema names for it and nothing else; its parts hash to the root that was signed.
 * Never proves who signed: that is certs/trust's. Start at `copy-file.ts`, then `copy.ts` for what each copy shows.
 */
export { type CopyKind, copyKinds, isCopyKind, partsShown } from "./copy.ts";
export { type HeldMessage, makeCopy, readCopy, type ReadCopy } from "./copy-file.ts";
