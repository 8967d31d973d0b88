import type { EncodedQuestion } from "../../certs/trust/index.ts";

/** One published certification path and what its publishers say of it. */
export interface VectorCase {
  readonly id: string;
  /** The part of the collection it belongs to. */
  readonly family: string;
  readonly question: EncodedQuestion;
  /** Whether the path is good. */
  readonly isGood: boolean;
  /** Why the publishers' verdict is about something that path validation is not asked here. */
  readonly outside?: string | undefined;
}
