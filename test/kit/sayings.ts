import type { MessageType } from "../../schemas/body/index.ts";
import type { Dice } from "./dice.ts";

const uuid = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";
const lifted = { blockId: uuid, blockReason: undefined, verifyBy: undefined };

/** What else than its example a message says where a workflow then goes another way: draws alone find these seldom. */
const sayings: Partial<
  Readonly<Record<MessageType, readonly Readonly<Record<string, unknown>>[]>>
> = {
  "maritime.incident": [{ stage: "INITIAL" }, { stage: "DAILY" }],
  "control.feedback": [
    { result: "UNDER_OBSERVATION", seizureId: undefined, controlledAt: undefined },
  ],
  "notice.challenge": ["HELD", "CONFIRMED", "WITHDRAWN"].map((step) => ({ step })),
  "data.block": ["LIFTED_CONFIRMED", "LIFTED_WITHDRAWN"].map((blockAct) => ({
    ...lifted,
    blockAct,
  })),
  "hit.confirmation": ["NEEDS_MORE", "STILL_VALID", "NOT_SAME"].map((decision) => ({ decision })),
  "warning.response": ["MORE_NEEDED", "ACTING"].map((response) => ({ response })),
  "query.result": [{ queryAnswers: [{ ref: "q1", answer: "CALL_US" }] }],
};

/** Every other time one of the other things that a message may say; none where its example and draws are enough. */
export function pickSaying(type: MessageType, dice: Dice): Readonly<Record<string, unknown>> | undefined {
  const all = sayings[type] ?? [];
  return all.length === 0 ? undefined : all[dice(all.length * 2)];
} // prettier-ignore
