/**
 * What a submission is made of: its own members, beside the inner header and the body it carries.
 *
 * Promises: the one place that says which members there are and how many of each; gateway and explanation both
 * ask it. Pure. Start at `shape.ts`.
 */
export * from "./moved.ts";
export * from "./shape.ts";
