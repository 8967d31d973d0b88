import { Fault } from "../../schemas/ground/index.ts";

/** One number with all its series, as Prometheus reads it. */
export interface ShownFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

const maxChars = 4 * 1024 * 1024;
const maxLine = 4_000;
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]{0,199})(?:\{([^}]{0,2000})\})? (\S{1,40})$/;
const labelPair = /^([a-zA-Z_][a-zA-Z0-9_]{0,99})="([^"\\]{0,400})"$/;
const metaLine = /^# (HELP|TYPE) (\S{1,200}) (.{0,1000})$/;

function parseLabels(text: string): Readonly<Record<string, string>> {
  const pairs = text === "" ? [] : text.replace(/,$/, "").split(",");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = labelPair.exec(pair) ?? [];
      if (name === undefined || value === undefined) throw new Fault("SCHEMA_INVALID", "labels: a pair is none");
      return [name, value];
    }),
  );
} // prettier-ignore

function parseSample(line: string): ShownFamily["samples"][number] {
  const [, name, labels = "", value] = sampleLine.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Fault("SCHEMA_INVALID", "a line is no sample");
  return { name, labels: parseLabels(labels), value: value === "+Inf" ? Infinity : Number(value) };
} // prettier-ignore

/** The family a sample belongs to: histograms add endings of their own. */
function familyOf(name: string, known: ReadonlyMap<string, unknown>): string {
  return known.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, "");
}

/**
 * Reads the text form, as strictly as we write it: no label value with quotes or commas, no times.
 *
 * @throws {Fault} SCHEMA_INVALID for what is not so
 */
export function parseExposition(text: string): readonly ShownFamily[] {
  if (text.length > maxChars) throw new Fault("SCHEMA_INVALID", `at most ${maxChars} characters`);
  const families = new Map<
    string,
    { type: string; help: string; samples: ShownFamily["samples"][number][] }
  >();
  const family = (name: string) => {
    const found = families.get(name) ?? { type: "", help: "", samples: [] };
    families.set(name, found);
    return found;
  };
  for (const line of text.split("\n")) {
    if (line.length > maxLine) throw new Fault("SCHEMA_INVALID", "a line is too long");
    if (line === "") continue;
    const [, kind, name = "", rest = ""] = metaLine.exec(line) ?? [];
    if (kind === "HELP") family(name).help = rest;
    else if (kind === "TYPE") family(name).type = rest;
    else {
      const sample = parseSample(line);
      family(familyOf(sample.name, families)).samples.push(sample);
    }
  }
  return [...families].map(([name, one]) => ({ name, ...one }));
}

const units = ["_seconds", "_bytes", "_ratio", "_info"];
/** What is counted in no unit: pieces of something, states, and what Prometheus itself names so. */
const plainName = /^(?:[a-z][a-z0-9]*_)+[a-z0-9]+$/;
const wrongUnits =
  /_(?:ms|milliseconds|minutes|hours|days|kb|mb|kilobytes|megabytes|percent)(?:_|$)/;

/** What of numbers is not as Prometheus' rules of names ask: a line a fault. */
export function findNameFaults(families: readonly ShownFamily[]): readonly string[] {
  return families.flatMap(({ name, type, help }) => {
    const isCounter = type === "counter";
    const hasUnit = units.some((unit) => name.includes(unit));
    return [
      ...(plainName.test(name) ? [] : [`${name}: not in small letters and underscores`]),
      ...(["counter", "gauge", "histogram"].includes(type) ? [] : [`${name}: no TYPE`]),
      ...(help.length >= 5 ? [] : [`${name}: no HELP`]),
      ...(isCounter === name.endsWith("_total") ? [] : [`${name}: counters end in _total, and nothing else`]),
      ...(wrongUnits.test(name) ? [`${name}: seconds, bytes and ratios are the units`] : []),
      ...(type === "histogram" && !hasUnit ? [`${name}: a histogram without its unit`] : []),
      ...(/seconds|bytes/.test(help) && !hasUnit ? [`${name}: its unit is no ending`] : []),
    ];
  });
} // prettier-ignore
