/**
 * Handles of private keys: what may be done with them, and nothing of what they are.
 *
 * Promises: a key file that others can read is refused; no key file is ever overwritten; signatures are in
 * the one spelling others accept. Trusts the machine's generator and file permissions. Never sends, logs or
 * judges anything. Start at `signing-key.ts`.
 */
export * from "./key-file.ts";
export * from "./key-pair.ts";
export * from "./public-half.ts";
export * from "./sealing-key.ts";
export * from "./signer.ts";
export * from "./signing-key.ts";
