import type { Bodies } from "../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "./rule.ts";

/** Rules over the body alone, by type. Pointers are into the body. */
export type BodyRules = {
  readonly [T in keyof Bodies]?: readonly Rule<BodyContext<Bodies[T]>>[];
};

/** Rules that need the headers beside the body, by type. Pointers are into the body. */
export type MessageRules = {
  readonly [T in keyof Bodies]?: readonly Rule<MessageContext<Bodies[T]>>[];
};
