import { z } from "zod";

import type { Chance, Clock, Log } from "../schemas/ground/index.ts";
import { decide } from "../certs/trust/index.ts";
import type { DraftDesk } from "./drafts/index.ts";
import type { Gateway } from "./gateway.ts";
import { registerTerms } from "./work/index.ts";
import {
  exchangeChoices,
  makeStatisticsDesk,
  periodLengths,
  startNightly,
  type StatisticsChoice,
  type StatisticsDesk,
} from "./statistics/index.ts";

export type { StatisticsChoice } from "./statistics/index.ts";

/** `statistics` in gateway.json. */
export const statisticsShape = z.strictObject({
  period: z.enum(periodLengths).optional(),
  entity: z.string().min(1).max(200).optional(),
  sends: z.boolean().optional(),
  exchange: z.enum(exchangeChoices).optional(),
});

/** Where an agency's figures come from, by what it is. */
const sources: Readonly<Record<string, string>> = {
  CUSTOMS: "CUSTOMS_RECORDS",
  PCU: "CUSTOMS_RECORDS",
  ACCU: "CUSTOMS_RECORDS",
  PROSECUTION: "PROSECUTION_RECORDS",
  COURT: "COURT_RECORDS",
  SOCIAL_WELFARE: "WELFARE_RECORDS",
  NGO_REFERRAL: "NGO_RECORDS",
  POLICE: "POLICE_RECORDS",
  GENDARMERIE: "POLICE_RECORDS",
  TCU: "POLICE_RECORDS",
};

/** What figures are counted with. */
interface StatisticsParts {
  readonly gateway: Gateway;
  readonly drafts: DraftDesk;
  readonly choice: StatisticsChoice | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** The communities that an agency may publish a table to. */
function recsOf({ gateway, clock }: StatisticsParts, type: string): readonly string[] {
  const register = gateway.register();
  const { agency } = gateway;
  const question = { action: "PUBLISH", agency, originator: agency, type, crime: type.startsWith("tip.") ? "tip" : "other", handling: "H0", purposes: ["STATISTICS"] } as const;
  return register.recs.filter((scope) => decide(register, { ...question, scope }, clock.now()).allow);
} // prettier-ignore

/** Counts figures each night and shows them. Says how to end it. */
export function openStatistics(parts: StatisticsParts): { readonly desk: StatisticsDesk; stop(): Promise<void> } {
  const { gateway, drafts, choice = {}, clock, chance, log } = parts;
  const { agency, exchange, office: { store } } = gateway;
  const own = { id: "gateway", roles: new Set(["officer"] as const), handlingUpTo: "H0" } as const;
  const nightly = startNightly({
    agency, store, clock, chance, log, choice,
    source: () => sources[gateway.register().agency(agency)?.kind ?? ""] ?? "OTHER",
    terms: () => registerTerms(gateway.register()),
    recsFor: (type) => recsOf(parts, type),
    countWrong: async (submission) => (await exchange.validate(submission)).problems.length,
    send: (id) => drafts.submit({ caller: own, id, match: { is: "*", isNone: null } }),
  });
  return { desk: makeStatisticsDesk({ store, clock }), stop: async () => await nightly.stop() };
} // prettier-ignore
