import type { Bodies } from "../gen/index.ts";
import { alertsBodyRules, alertsMessageRules } from "./alerts/index.ts";
import { attachmentsComplete } from "./attachments.ts";
import { datesAreReal, periodsInOrder, spansInside } from "./dates.ts";
import { financeBodyRules, financeMessageRules } from "./finance/index.ts";
import { justiceBodyRules, justiceMessageRules } from "./justice/index.ts";
import { languagesBodyRules, languagesMessageRules } from "./languages/index.ts";
import { peopleBodyRules, peopleMessageRules } from "./people/index.ts";
import { noPersonalDataInOpen } from "./personal.ts";
import { noInformantNamed, nobodyProtectedInFeed } from "./protected.ts";
import { requestsBodyRules, requestsMessageRules } from "./requests/index.ts";
import type { BodyContext, MessageContext, Rule } from "./rule.ts";
import type { BodyRules, MessageRules } from "./rule-tables.ts";
import { containersCheck } from "./trade/container.ts";
import { tradeBodyRules, tradeMessageRules } from "./trade/index.ts";

const bodyRules: BodyRules = {
  ...alertsBodyRules,
  ...requestsBodyRules,
  ...justiceBodyRules,
  ...financeBodyRules,
  ...tradeBodyRules,
  ...peopleBodyRules,
  ...languagesBodyRules,
};

const messageRules: MessageRules = {
  ...alertsMessageRules,
  ...requestsMessageRules,
  ...justiceMessageRules,
  ...financeMessageRules,
  ...tradeMessageRules,
  ...peopleMessageRules,
  ...languagesMessageRules,
};

/** The rules over the body of every type. */
const everyBody: readonly Rule<BodyContext<object>>[] = [
  noPersonalDataInOpen,
  datesAreReal,
  periodsInOrder,
  spansInside,
  containersCheck,
  attachmentsComplete,
];

/** The rules over the whole of every message. */
const everyMessage: readonly Rule<MessageContext<object>>[] = [
  nobodyProtectedInFeed,
  noInformantNamed,
];

/** The rules over a type's body, in the order they are told. Pointers are into the body. */
export function bodyRulesOf<T extends keyof Bodies>(
  type: T,
): readonly Rule<BodyContext<Bodies[T]>>[] {
  const own: BodyRules[T] = bodyRules[type];
  return own === undefined ? everyBody : [...everyBody, ...own];
}

/** The rules over a type's body that need the headers too. Pointers are into the body. */
export function messageRulesOf<T extends keyof Bodies>(
  type: T,
): readonly Rule<MessageContext<Bodies[T]>>[] {
  const own: MessageRules[T] = messageRules[type];
  return own === undefined ? everyMessage : [...everyMessage, ...own];
}
