import { type Fact, firstTold, groupSaid, type Said, whenTold } from "./fact.ts";
import type { Told } from "../../../gateways/statistics/told.ts";
import { type Under, underOf } from "../../../gateways/statistics/under.ts";
import type { Source } from "./sources.ts";

type Victim = NonNullable<Told["victim"]>;

/** What the facts about one case share. */
interface Known {
  /** By victim, what is known of her, whoever told it. */
  readonly victims: ReadonlyMap<string, Victim>;
  /** By case, whether it crosses a border. */
  readonly movements: ReadonlyMap<string, string>;
}

function idsOf(said: readonly Said<unknown>[]): readonly string[] {
  return said.map(({ source }) => source.id);
}

function lastOf<B>(said: readonly Said<B>[]): B | undefined {
  return said.at(-1)?.body;
}

/** When something was first said that still holds; undefined when the newest word says it no more. */
function sinceWhen<B>(said: readonly Said<B>[], holds: (body: B) => boolean): number | undefined {
  const last = lastOf(said);
  if (last === undefined || !holds(last)) return undefined;
  return firstTold(said.filter(({ body }) => holds(body)));
}

function underVictim({ victims, movements }: Known, ref: string): Under {
  const victim = victims.get(ref);
  if (victim === undefined) return {};
  return { ...victim.under, ...underOf({ movement: movements.get(victim.caseRef) }) };
}

const statuses = [["VICTIMS_PRESUMED", "POSSIBLE"], ["VICTIMS_DETECTED", "ACTUAL"]] as const; // prettier-ignore

function countVictims(own: readonly Source[], known: Known): readonly Fact[] {
  const byVictim = groupSaid(own, ({ told: { victim: body } }) =>
    body === undefined ? undefined : { key: body.victimRef, body },
  );
  return [...byVictim].flatMap(([ref, said]) =>
    statuses.flatMap(([indicator, status]): readonly Fact[] => {
      const at = sinceWhen(said, ({ traffickingStatus }) => traffickingStatus === status);
      if (at === undefined) return [];
      return [{ indicator, at, count: 1, under: underVictim(known, ref), messages: idsOf(said) }];
    }),
  );
}

type Referral = NonNullable<Told["referral"]>;

const helps: readonly (readonly [string, (body: Referral) => boolean])[] = [
  ["VICTIMS_ASSISTED", ({ stage }) => stage === "STARTED" || stage === "COMPLETED"],
  ["VICTIMS_REPATRIATED", ({ stage, isReturn }) => stage === "COMPLETED" && isReturn],
]; // prettier-ignore

/** Help is counted by who gives it: what was offered or asked of others helped nobody yet. */
function countHelp(own: readonly Source[], known: Known): readonly Fact[] {
  const byVictim = groupSaid(own, ({ told: { referral: body } }) =>
    body === undefined ? undefined : { key: body.victimRef, body },
  );
  return [...byVictim].flatMap(([ref, said]) =>
    helps.flatMap(([indicator, holds]): readonly Fact[] => {
      const at = firstTold(said.filter(({ body }) => holds(body)));
      if (at === undefined) return [];
      return [{ indicator, at, count: 1, under: { ...lastOf(said)?.under, ...underVictim(known, ref) }, messages: idsOf(said) }];
    }),
  );
} // prettier-ignore

const charged = ["PROSECUTED", "CONVICTED", "ACQUITTED"];
const stages: readonly (readonly [string, readonly string[]])[] = [
  ["PERSONS_SUSPECTED", ["REPORTED", "INVESTIGATED", "UNKNOWN", ...charged]],
  ["PERSONS_PROSECUTED", charged],
  ["PERSONS_CONVICTED", ["CONVICTED"]],
  ["PERSONS_ACQUITTED", ["ACQUITTED"]],
];

function countPerpetrators(own: readonly Source[], { movements }: Known): readonly Fact[] {
  const byRef = groupSaid(own, ({ told: { perpetrator: body } }) =>
    body === undefined ? undefined : { key: body.perpetratorRef, body },
  );
  return [...byRef.values()].flatMap((said) =>
    stages.flatMap(([indicator, reached]): readonly Fact[] => {
      const at = sinceWhen(said, ({ justiceStage }) => reached.includes(justiceStage));
      const last = lastOf(said);
      if (at === undefined || last === undefined) return [];
      const under = { ...last.under, ...underOf({ movement: movements.get(last.caseRef) }) };
      return [{ indicator, at, count: 1, under, messages: idsOf(said) }];
    }),
  );
} // prettier-ignore

function countCases(own: readonly Source[]): readonly Fact[] {
  const byCase = groupSaid(own, ({ told: { tipCase: body } }) =>
    body === undefined ? undefined : { key: body.caseRef, body },
  );
  return [...byCase.values()].flatMap((said): readonly Fact[] => {
    const [at, last] = [firstTold(said), lastOf(said)];
    if (at === undefined || last === undefined) return [];
    const { exploitation, movement } = last;
    const under = underOf({ exploitation, movement });
    const messages = idsOf(said);
    const events = said.map(({ source, body }) => ({ at: source.firstAt, total: body.events, id: source.id }));
    return [
      { indicator: "OFFENCES_RECORDED", at, count: 1, under, messages },
      // many events of one case tell of one case
      ...whenTold(events, last.events).map((one): Fact => ({ indicator: "EVENTS", at: one.at, count: one.count, under, messages: [one.id], whole: last.caseRef })),
    ];
  });
} // prettier-ignore

/**
 * What an agency's own messages tell of trafficking: each person once by her pseudonym, each case once by its reference,
 * as the newest word has it, at the time of the first. What others told is read to know a person by, and not counted: they
 * count it themselves.
 */
export function countTip(sources: readonly Source[], agency: string): readonly Fact[] {
  const own = sources.filter(({ from }) => from === agency);
  // our own word goes before another's
  const told = [...sources.filter(({ from }) => from !== agency), ...own];
  const victims = told.flatMap((one) => one.told.victim ?? []);
  const cases = told.flatMap((one) => one.told.tipCase ?? []);
  const known: Known = {
    victims: new Map(victims.map((body) => [body.victimRef, body])),
    movements: new Map(cases.map(({ caseRef, movement }) => [caseRef, movement])),
  };
  return [
    ...countCases(own),
    ...countVictims(own, known),
    ...countHelp(own, known),
    ...countPerpetrators(own, known),
  ];
}
