/** Changing the register: proposed by one, accepted by another, told in plain words, signed by the keys of its part. */
export * from "./change.ts";
export * from "./content.ts";
export * from "./describe-pending.ts";
export * from "./describe-standing.ts";
export * from "./describe.ts";
export * from "./draft-change.ts";
export { type Effect } from "./effect-rows.ts";
export { findEffect, type RegisterPair } from "./effect.ts";
export * from "./office-folder.ts";
export * from "./officers-file.ts";
export * from "./officers.ts";
export * from "./pending.ts";
export * from "./read-content.ts";
export * from "./root-change.ts";
export { type Remark, remark, renderMoment, renderRemark } from "./sentences.ts";
export * from "./sign-part.ts";
export * from "./take-in.ts";
export * from "./two-persons.ts";
