import { type Fact, type ToldTotal, whenTold } from "./fact.ts";
import type { Source } from "./sources.ts";
import type { Told, ToldPersons } from "../../../gateways/statistics/told.ts";

type Incident = NonNullable<Told["incident"]>;

/** One word on an incident: the alert itself, and then what was new of it. */
interface Word {
  readonly source: Source;
  readonly arrested?: number | undefined;
  readonly victims?: number | undefined;
  readonly profiles: readonly ToldPersons[];
}

/** What is known of all that an agency told. */
interface Known {
  /** By the alert it is new of. */
  readonly updates: ReadonlyMap<string, readonly Word[]>;
  /** How many were arrested at seizures, by the alert that they or it names; each seizure once for an alert. */
  readonly arrests: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** The same by every id of the seizure, for alerts that name it. */
  readonly seizures: ReadonlyMap<string, Arrest>;
}

interface Arrest {
  readonly id: string;
  readonly arrests: number;
}

/** All ids that one word goes by: its own, and of those it stands in the place of. */
function idsOf({ id, replaces }: Source): readonly string[] {
  return [id, ...replaces];
}

function readUpdates(own: readonly Source[]): Known["updates"] {
  const words = own.flatMap((source) => {
    const { update } = source.told;
    return update === undefined ? [] : [{ source, ...update }];
  });
  return Map.groupBy(words, ({ target }) => target);
}

function readSeizures(own: readonly Source[]): Pick<Known, "arrests" | "seizures"> {
  const arrests = new Map<string, Map<string, number>>();
  const seizures = new Map<string, Arrest>();
  for (const source of own) {
    const { seizure } = source.told;
    if (seizure === undefined || seizure.arrests === 0) continue;
    for (const id of idsOf(source)) seizures.set(id, { id: source.id, arrests: seizure.arrests });
    for (const alert of seizure.related) {
      const named = arrests.get(alert) ?? new Map<string, number>();
      arrests.set(alert, named.set(source.id, seizure.arrests));
    }
  }
  return { arrests, seizures };
}

/** How many of the arrested the seizures of the same event told of already. */
function arrestedAtSeizures({ arrests, seizures }: Known, source: Source, { related }: Incident): number {
  const naming = idsOf(source).flatMap((id) => [...(arrests.get(id) ?? [])]);
  const named = related.flatMap((id): [string, number][] => {
    const seizure = seizures.get(id);
    return seizure === undefined ? [] : [[seizure.id, seizure.arrests]];
  });
  return [...new Map([...naming, ...named]).values()].reduce((sum, one) => sum + one, 0);
} // prettier-ignore

function timeOf({ source }: Word): number {
  return source.firstAt;
}

function arrestsOf(words: readonly Word[], elsewhere: number): readonly Fact[] {
  const told = words.flatMap((word): ToldTotal[] => {
    if (word.arrested === undefined) return [];
    return [{ at: timeOf(word), total: Math.max(0, word.arrested - elsewhere), id: word.source.id }];
  });
  return whenTold(told, told.at(-1)?.total ?? 0).map(({ at, count, id }) => ({
    indicator: "PERSONS_ARRESTED", at, count, under: {}, messages: [id],
  }));
} // prettier-ignore

/** Victims by what is known of them, and those of whom only the number is known. */
function victimsOf(words: readonly Word[]): readonly Fact[] {
  const indicator = "VICTIMS";
  const known: Fact[] = [];
  const rest: ToldTotal[] = [];
  let total = 0;
  let described = 0;
  for (const word of words) {
    const { id } = word.source;
    for (const one of word.profiles.filter(({ role }) => role === "VICTIM")) {
      described += one.count;
      known.push({
        indicator,
        at: timeOf(word),
        count: one.count,
        under: one.under,
        messages: [id],
      });
    }
    total = word.victims ?? total;
    rest.push({ at: timeOf(word), total: Math.max(0, total - described), id });
  }
  const more = whenTold(rest, rest.at(-1)?.total ?? 0);
  return [
    ...known,
    ...more.map(({ at, count, id }) => ({ indicator, at, count, under: {}, messages: [id] })),
  ];
}

/** Updates of what stood before were taken into the whole that took its place. */
function wordsOf(source: Source, body: Incident, { updates }: Known): readonly Word[] {
  const { profiles, arrested, victims } = body;
  const later = idsOf(source).flatMap((id) => updates.get(id) ?? []);
  const counted = later.filter((word) => word.source.at >= source.at);
  const ordered = counted.toSorted((a, b) => a.source.at - b.source.at);
  return [{ source, profiles, arrested, victims }, ...ordered];
}

/**
 * What an agency's own alerts tell: how many there were, who was arrested, who were victims. An update says the number anew
 * and adds to those described. Victims of trafficking are told in the tables of trafficking alone: two tables of the same
 * persons would tell by their difference. Arrests that a seizure of the same event told are counted there.
 */
export function countAlerts(own: readonly Source[]): readonly Fact[] {
  const known = { updates: readUpdates(own), ...readSeizures(own) };
  return own.flatMap((source): readonly Fact[] => {
    const body = source.told.incident;
    if (body === undefined) return [];
    const crime = source.crimes[0] ?? "other";
    const words = wordsOf(source, body, known);
    const facts: readonly Fact[] = [
      { indicator: "INCIDENTS", at: source.firstAt, count: 1, under: {}, messages: [source.id] },
      ...arrestsOf(words, arrestedAtSeizures(known, source, body)),
      ...(source.crimes.includes("tip") ? [] : victimsOf(words)),
    ];
    return facts.map((fact) => ({ ...fact, crime }));
  });
} // prettier-ignore
