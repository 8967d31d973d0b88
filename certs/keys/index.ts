/**
 * Handles of private keys: what may be done with them, and nothing of what they are.
 *
 * Promises: a key file that others can read is refused; no key file is ever overwritten; signatures are in
 * the one spelling others accept; a key in a token never leaves it, and no other stands in for it. Trusts the
 * machine's generator, file permissions and the token's library. Never sends, logs or judges anything. Start
 * at `held-key.ts`, then `signing-key.ts`; tokens are in `token/`.
 */
export * from "./endorse.ts";
export * from "./agreement-key.ts";
export * from "./held-key.ts";
export * from "./key-file.ts";
export * from "./key-pair.ts";
export { readPrivateFile } from "./private-file.ts";
export * from "./public-half.ts";
export * from "./request.ts";
export * from "./sealing-key.ts";
export * from "./signer.ts";
export * from "./signing-key.ts";
export * from "./signing-ring.ts";
export { hasTokenDriver } from "./token/driver.ts";
export { makeTokenKey, type TokenKeyOrder } from "./token/make-token-key.ts";
export { isTokenPlace, parseTokenPlace, type TokenPlace } from "./token/place.ts";
export { makeTokenCipher, openTokenCipher, type TokenCipher } from "./token/token-cipher.ts";
export { openTokenAgreement } from "./token/token-agreement.ts";
export { openTokenKey, type TokenAccess, type TokenKeyType } from "./token/token-key.ts";
