import { alertsRuleFaults } from "./alerts.ts";
import { financeRuleFaults } from "./finance.ts";
import { xmlFaults } from "./formats.ts";
import { generalRuleFaults } from "./general.ts";
import { justiceRuleFaults } from "./justice.ts";
import { languagesRuleFaults } from "./languages.ts";
import { peopleRuleFaults } from "./people.ts";
import { requestsRuleFaults } from "./requests.ts";
import { tradeRuleFaults } from "./trade.ts";

/** What each rule and each reader of a foreign format says in one sentence: all are the caller's to mend. */
export const ruleFaults = {
  ...generalRuleFaults,
  ...alertsRuleFaults,
  ...requestsRuleFaults,
  ...justiceRuleFaults,
  ...financeRuleFaults,
  ...tradeRuleFaults,
  ...peopleRuleFaults,
  ...languagesRuleFaults,
  ...xmlFaults,
};
