/**
 * A witness of logs: signs what a log says of itself, if it goes on from what the log said before.
 *
 * Promises: of one log never two trees are cosigned of which one is not the beginning of the other; what was cosigned
 * is written down before anybody hears of it. Trusts the keys it is given and whoever writes down; asks no network.
 * Start at `judge.ts`, then `witness.ts`.
 */
export * from "./cosignatures.ts";
export * from "./judge.ts";
export * from "./request.ts";
export * from "./witness.ts";
