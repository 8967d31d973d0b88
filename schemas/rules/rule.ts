import type { MessageDescriptor } from "../codec/index.ts";
import type { InnerHeader } from "../gen/index.ts";
import type { EpochMs, FaultCode, Violation } from "../ground/index.ts";
import { isRefusedPlace } from "./refused.ts";

/** A body that passed its validator, and what its schema says of its type. */
export interface BodyContext<B> {
  readonly message: MessageDescriptor;
  /** OPEN or SEALED, as the type travels. */
  readonly form: string;
  readonly body: B;
}

/** What the two headers say, for rules that need both them and the type. */
export interface HeaderContext {
  readonly type: string;
  /** OPEN or SEALED, as the type travels. */
  readonly form: string;
  readonly urgency: string;
  readonly handling: string;
  readonly inner: InnerHeader;
}

/** A whole message: both headers and the body. */
export interface MessageContext<B> extends BodyContext<B>, HeaderContext {
  /** FEED or DIRECT. */
  readonly scope: string;
  /** The agency that signs, such as `lr/tcu`. */
  readonly originator: string;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs;
}

/** One rule that spans fields: pure, and the only one with its meaning. */
export interface Rule<C> {
  readonly code: FaultCode;
  /** What to do about it, in words that name the fields. */
  readonly says: string;
  /** JSON Pointers of the fields that break the rule; none when it is kept. */
  readonly find: (context: C) => readonly string[];
}

function findOf<C>({ find }: Rule<C>, context: C): readonly string[] {
  try {
    return find(context);
  } catch (error) {
    if (isRefusedPlace(error)) return [];
    throw error;
  }
}

/**
 * Everything in `context` that breaks one of `rules`, in their order. A rule that looks at what was refused already
 * (`withoutRefused`) says nothing.
 */
export function findBroken<C>(rules: readonly Rule<C>[], context: C): readonly Violation[] {
  const broken: Violation[] = [];
  for (const rule of rules) {
    const { code, says } = rule;
    for (const path of findOf(rule, context)) broken.push({ path, code, message: says });
  }
  return broken;
}
