/**
 * The auth callout: who may connect, as whom, and what he may do there.
 *
 * Promises: a connection stands in the account its verified certificate names, for at most an hour,
 * and only while the register allows it; every answer is told to the audit. Trusts the server's signature
 * on its question. Never believes what a client merely sent. Start at `answer.ts`.
 */
export * from "./answer.ts";
export * from "./jwt.ts";
export * from "./request.ts";
export * from "./service.ts";
export * from "./xkey.ts";
