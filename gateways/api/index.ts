/**
 * The gateway's HTTP interface for its own people and systems.
 *
 * Promises: nothing is answered without the gateway's token but health and the table of faults; every "no"
 * is an RFC 9457 problem with a code; a request is bounded in size and time before it is believed.
 * Trusts nothing a request says, its Host included. Never shows what failed inside: that is in the log.
 * Start at `routes.ts`: the table of everything it answers; `problem.ts` for how it says no.
 */
export { type AgencyEntry, type Directory, makeDirectory } from "./directory.ts";
export { parseDecisionQuery } from "./read-why.ts";
export { describeApi } from "./describe-api.ts";
export { type Api, type ApiOptions, startApi, type TlsFiles } from "./start.ts";
export type { Services } from "./services.ts";
export { loadToken } from "./token.ts";
export { type AnsweredQuestion, renderDecision } from "./why.ts";
