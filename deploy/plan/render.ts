import { measured, type PlanInput, sizes } from "./inputs.ts";
import { type Numbers, type PlanRow, planRows } from "./model.ts";

const titles = {
  counts: "Counts",
  load: "Load",
  disk: "Disk of the busiest hub",
  country: "A country of ten agencies",
} as const;
/** How much more is looked at, to see what breaks first. */
const more = 10;

/** The numbers of the inputs, some of them changed. */
export function numbersOf(change: Partial<Numbers> = {}): Numbers {
  const s = sizes;
  const m = measured;
  return {
    states: s.states.value, agencies: s.agencies.value, hubs: s.hubs.value, hubsEach: s.hubsEach.value,
    daily: s.daily.value, peak: s.peak.value, feedShare: s.feedShare.value, readers: s.readers.value,
    named: s.named.value, files: s.files.value, fileBytes: s.fileBytes.value, serverBytes: s.serverBytes.value,
    feedBytes: m.feedBytes.value, sealed: m.sealed.value, directBytes: m.directBytes.value,
    receiptBytes: m.receiptBytes.value, readerReceiptBytes: m.readerReceiptBytes.value, logBytes: m.logBytes.value,
    storeBytes: m.storeBytes.value, hubRate: m.hubRate.value, threeRate: m.threeRate.value, logins: m.logins.value,
    idleBytes: m.idleBytes.value, registerBytes: m.registerBytes.value, registerLoadMs: m.registerLoadMs.value,
    audienceMs: m.audienceMs.value, changes: m.changes.value, planMs: m.planMs.value,
    ...change,
  };
} // prettier-ignore

function renderNumber(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-GB");
  return String(Number(value.toPrecision(value >= 100 ? 3 : 2)));
}

function renderInputs(title: string, table: Readonly<Record<string, PlanInput>>): readonly string[] {
  const rows = Object.entries(table).map(([name, { value, unit, from }]) => `| \`${name}\` | ${value.toLocaleString("en-GB")} | ${unit} | ${from} |`);
  return [`### ${title}`, "", "| name | value | what | from |", "| --- | --: | --- | --- |", ...rows, ""];
} // prettier-ignore

function renderRows(title: string, rows: readonly PlanRow[], tenfold: readonly PlanRow[]): readonly string[] {
  const lines = rows.map(({ what, value, unit, formula }, at) => {
    const cells = [what, renderNumber(value), renderNumber(tenfold[at]?.value ?? 0), unit, formula];
    return `| ${cells.join(" | ")} |`;
  });
  return [`### ${title}`, "", "| what | planned | ten times | unit | formula |", "| --- | --: | --: | --- | --- |", ...lines, ""];
} // prettier-ignore

/**
 * The plan's tables, Markdown. "Ten times" is ten times the agencies of each state, each sending as much as before.
 */
export function renderPlan(change: Partial<Numbers> = {}): string {
  const numbers = numbersOf(change);
  const planned = planRows(numbers);
  const tenfold = planRows({ ...numbers, agencies: numbers.agencies * more });
  return [
    ...renderInputs("Chosen or assumed", sizes),
    ...renderInputs("Measured", measured),
    ...renderRows(titles.counts, planned.counts, tenfold.counts),
    ...renderRows(titles.load, planned.load, tenfold.load),
    ...renderRows(titles.disk, planned.disk, tenfold.disk),
    ...renderRows(titles.country, planned.country, tenfold.country),
  ].join("\n");
}
