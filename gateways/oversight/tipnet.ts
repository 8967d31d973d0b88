import type { SourceTable } from "./read-tables.ts";
import { type FigureRow, sumFigures } from "./sum-figures.ts";

/** One line of the tables that SADC TIPNET and UNODC's questionnaire ask for. */
export interface TipnetRow {
  /** ISO 3166-1; empty: all states that told it. */
  readonly state: string;
  /** A code of TIP_INDICATOR. */
  readonly indicator: string;
  readonly sex: string;
  readonly age: string;
  readonly citizenship: string;
  readonly form: string;
  readonly movement: string;
  readonly role: string;
  /** Left out: withheld. */
  readonly count?: number | undefined;
  readonly withheldBy: number;
  readonly sources: readonly string[];
}

function renderRow({ indicator, of, count, withheldBy, sources }: FigureRow): TipnetRow {
  const { state = "", sex = "", ageBand: age = "", citizenship = "", exploitation: form = "", movement = "", processRole: role = "" } = of;
  return { state, indicator, sex, age, citizenship, form, movement, role, ...(count === undefined ? {} : { count }), withheldBy, sources };
} // prettier-ignore

/** What agencies told of trafficking, by state and of all states together. */
export async function makeTipnet(tables: readonly SourceTable[]): Promise<readonly TipnetRow[]> {
  const own = tables.filter(({ type }) => type === "tip.statistics");
  return [...(await sumFigures(own, "region")), ...(await sumFigures(own, "state"))].map(renderRow);
}
