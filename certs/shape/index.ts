/**
 * The shape of certificates: what each document holds, in the one spelling we accept, and what each kind
 * must bear. Issuing and checking read the same tables.
 *
 * Promises: what is parsed has exactly one encoding, known keys and a bounded size. Trusts nothing; never
 * says whether something is to be trusted. Start at `profiles.ts`, then `certificate.ts`.
 */
export * from "./certificate.ts";
export * from "./constraints.ts";
export * from "./der.ts";
export * from "./distinguished-name.ts";
export * from "./distribution.ts";
export * from "./dotted.ts";
export * from "./ecdsa.ts";
export * from "./extensions.ts";
export * from "./general-certificate.ts";
export * from "./general-crl.ts";
export * from "./general-key.ts";
export * from "./general-name.ts";
export * from "./host-name.ts";
export * from "./limits.ts";
export * from "./names.ts";
export * from "./oids.ts";
export * from "./parse-certificate.ts";
export * from "./parse-crl.ts";
export * from "./parse-request.ts";
export * from "./pem.ts";
export * from "./policies.ts";
export * from "./profiles.ts";
export * from "./public-key.ts";
export * from "./subject-key.ts";
export * from "./signature-scheme.ts";
export * from "./signed.ts";
