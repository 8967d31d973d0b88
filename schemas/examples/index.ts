/**
 * One valid message of every type, to start from: import template, golden rendering and reference page are
 * made of it. All persons are fictional.
 *
 * Promises: `exampleOf` of a known type is a submission that passes every check when it is sent at
 * `exampleInstant`. Never used where a real message is made. The JSON files beside this one are the source.
 */
export { type Example, exampleInstant, exampleOf, shiftInstants } from "./example.ts";
