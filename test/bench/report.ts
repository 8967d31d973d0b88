import type { Measured, Round } from "./measure.ts";
import { pathProcesses } from "./path.ts";
import { median } from "./percentile.ts";

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0);
}

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

/** A table in plain text: the first column to the left, the others to the right. */
function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? "").length)),
  );
  const cell = (text: string, i: number): string => {
    const gap = " ".repeat((widths[i] ?? 0) - text.length);
    return i === 0 ? text + gap : gap + text;
  };
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

function ofRounds({ rounds }: Measured, read: (round: Round) => number): number {
  return median(rounds.map(read));
}

/** The figures of one scenario that are compared from run to run. */
export interface Figures {
  readonly name: string;
  readonly bytes: number;
  readonly perSecond: { readonly js: number; readonly raw: number; readonly path: number };
  readonly ratio: { readonly js: number; readonly raw: number };
  /** At half load, ms, and path ÷ bare. */
  readonly half: Measured["half"] & { readonly p50Ratio: number; readonly p99Ratio: number };
  /** Processor time a message in verifications. */
  readonly vu: Readonly<Record<string, number>>;
  readonly unitMicros: number;
  /** Cores that others kept busy in a round, and that the path did at full speed. */
  readonly othersCores: number;
  readonly cores: number;
  /** Messages a second that the dearest process could do on a core of its own. */
  readonly slowestPerSecond: number;
  readonly memory: Measured["memory"];
  readonly overload?: Measured["overload"];
  readonly lost: number;
}

/** Draws the figures from what was measured: ratios are of each round, then the middle one. */
export function figuresOf(measured: Measured): Figures {
  const { scenario, bytes, half, memory, overload, lost } = measured;
  const vuOf = (name: (typeof pathProcesses)[number]): number =>
    ofRounds(measured, ({ cpu, unit }) => cpu[name] / unit);
  const each = Object.fromEntries(pathProcesses.map((name) => [name, vuOf(name)]));
  return {
    name: scenario.name,
    bytes,
    perSecond: {
      js: ofRounds(measured, ({ js }) => js),
      raw: ofRounds(measured, ({ raw }) => raw),
      path: ofRounds(measured, ({ path }) => path),
    },
    ratio: {
      js: ofRounds(measured, ({ path, js }) => path / js),
      raw: ofRounds(measured, ({ path, raw }) => path / raw),
    },
    half: {
      ...half,
      p50Ratio: half.path.p50 / half.bare.p50,
      p99Ratio: half.path.p99 / half.bare.p99,
    },
    vu: {
      ...each,
      all: sumOf(Object.values(each)),
      bare: ofRounds(measured, ({ bareCpu, unit }) => bareCpu / unit),
    },
    unitMicros: ofRounds(measured, ({ unit }) => unit * 1e6),
    othersCores: ofRounds(measured, ({ othersCores }) => othersCores),
    cores: ofRounds(measured, ({ path, cpu }) => path * sumOf(Object.values(cpu))),
    slowestPerSecond: ofRounds(measured, ({ cpu }) => 1 / Math.max(...Object.values(cpu))),
    memory,
    overload,
    lost,
  };
}

function renderSpeed(all: readonly Figures[]): string {
  const head = [
    "",
    "bytes",
    "bare js/s",
    "bare raw/s",
    "path/s",
    "÷ js",
    "÷ raw",
    "dearest alone/s",
  ];
  const rows = all.map(({ name, bytes, perSecond: { js, raw, path }, ratio, slowestPerSecond }) => [
    name,
    String(bytes),
    fixed(js, 0),
    fixed(raw, 0),
    fixed(path, 0),
    fixed(ratio.js, 2),
    fixed(ratio.raw, 2),
    fixed(slowestPerSecond, 0),
  ]);
  return renderTable([head, ...rows]);
}

function renderDelays(all: readonly Figures[]): string {
  const head = [
    "at half load, ms",
    "at/s",
    "p50",
    "p99",
    "bare at/s",
    "p50",
    "p99",
    "÷ p50",
    "÷ p99",
  ];
  const rows = all.map(({ name, half }) => [
    name,
    fixed(half.pathRate, 0),
    fixed(half.path.p50, 1),
    fixed(half.path.p99, 1),
    fixed(half.bareRate, 0),
    fixed(half.bare.p50, 1),
    fixed(half.bare.p99, 1),
    fixed(half.p50Ratio, 1),
    fixed(half.p99Ratio, 1),
  ]);
  return renderTable([head, ...rows]);
}

function renderCosts(all: readonly Figures[]): string {
  const names = [...pathProcesses, "all", "bare"];
  const head = ["processor time a message, VU", ...names, "1 VU, µs", "cores", "others'"];
  const rows = all.map((one) => [
    one.name,
    ...names.map((name) => fixed(one.vu[name] ?? Number.NaN, 1)),
    fixed(one.unitMicros, 0),
    fixed(one.cores, 1),
    fixed(one.othersCores, 1),
  ]);
  return renderTable([head, ...rows]);
}

function renderMemory(all: readonly Figures[]): string {
  const head = ["memory, MB: idle / after load / peak", ...pathProcesses];
  const rows = all.map(({ name, memory: { idle, loaded } }) => [
    name,
    ...pathProcesses.map((one) =>
      [idle[one].now, loaded[one].now, loaded[one].peak].map((mb) => fixed(mb, 0)).join(" / "),
    ),
  ]);
  return renderTable([head, ...rows]);
}

function renderOverload({ name, overload, perSecond }: Figures): string {
  if (overload === undefined) return "";
  const { offered, taken, refused, held, waiting, firstMs, lastMs, answer } = overload;
  const no = Object.entries(refused).map(([code, count]) => `${count} ${code}`);
  return [
    `at twice the maximum, ${name}: ${fixed(offered, 0)}/s offered`,
    `  taken ${taken}, refused ${no.join(", ") || 0}, verified in the inbox ${held}, lost ${taken - held}`,
    `  delivered ${fixed(overload.perSecond, 0)}/s = ${fixed(overload.perSecond / perSecond.path, 2)} of the maximum; in the outbox at the end ${waiting}`,
    `  delay of the first tenth ${fixed(firstMs, 0)} ms, of the last ${fixed(lastMs, 0)} ms; answer p50 ${fixed(answer.p50, 0)} ms, p99 ${fixed(answer.p99, 0)} ms`,
  ].join("\n");
}

/** All figures as people read them. */
export function renderReport(all: readonly Figures[]): string {
  const lost = sumOf(all.map((one) => one.lost));
  const parts = [
    renderSpeed(all),
    renderDelays(all),
    renderCosts(all),
    renderMemory(all),
    ...all.map(renderOverload),
    `accepted and not delivered, in all runs: ${lost}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}
