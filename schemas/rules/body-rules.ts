import type { Bodies } from "../gen/index.ts";
import { occurredInOrder } from "./alert.ts";
import { validInOrder } from "./bulletin.ts";
import { consentIsComplete, periodInOrder, subjectIsOne } from "./fiu.ts";
import { noPersonalDataInOpen } from "./personal.ts";
import type { BodyContext, Rule } from "./rule.ts";

/** The rules over the body of each type, in the order they are told. Pointers are into the body. */
export const bodyRules: {
  readonly [T in keyof Bodies]: readonly Rule<BodyContext<Bodies[T]>>[];
} = {
  "alert.incident": [noPersonalDataInOpen, occurredInOrder],
  "bulletin.red_flag": [noPersonalDataInOpen, validInOrder],
  "fiu.request": [noPersonalDataInOpen, periodInOrder, subjectIsOne],
  "fiu.reply": [noPersonalDataInOpen, consentIsComplete],
  "maritime.incident": [noPersonalDataInOpen],
};
