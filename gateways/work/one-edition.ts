import { bodyMessageName, descriptors, regionalFields } from "../../schemas/index.ts";
import type { Step } from "../../schemas/work/index.ts";

/** What the region is told of a message, and the whole of it, both as texts to compare; undefined of types without editions. */
function textsOf(step: Step): { readonly shown: string; readonly whole: string } | undefined {
  const fields = regionalFields(step.type);
  const body = step.read(step.type);
  if (fields === undefined || body === undefined) return undefined;
  // each edition names the messages it acts on by the ids that its own readers know
  const ids = new Set(
    (descriptors[bodyMessageName(step.type)]?.fields ?? []).flatMap(({ name, format }) =>
      format === "uuid7" ? [name] : [],
    ),
  );
  const shown = Object.entries(body).filter(([name]) => fields.has(name) && !ids.has(name));
  return { shown: JSON.stringify(shown), whole: JSON.stringify(body) };
}

/** The fuller of those that tell the region the same. */
function fullest(same: readonly Step[]): readonly Step[] {
  const kept = new Map<string, { readonly step: Step; readonly whole: string }>();
  for (const step of same) {
    const { shown, whole } = textsOf(step) ?? { shown: step.id, whole: "" };
    const before = kept.get(shown);
    if (before === undefined || whole.length > before.whole.length)
      kept.set(shown, { step, whole });
  }
  return [...kept.values()].map(({ step }) => step);
}

/**
 * Leaves of each pair of a nominal and a regional edition the fuller one: they are one word on one thing, made at one
 * moment, and whoever counts counts it once.
 */
export function keepOneEdition(steps: readonly Step[]): readonly Step[] {
  const moments = Map.groupBy(steps, ({ type, from, at }) => `${type} ${from} ${at}`);
  return [...moments.values()].flatMap((same) => (same.length === 1 ? same : fullest(same)));
}
