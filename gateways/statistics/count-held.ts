import { type Fact, type Facts, factsOfEach, firstTold, groupSaid, type Said } from "./fact.ts";
import type { Source } from "./sources.ts";
import type { Told } from "./told.ts";

type Handover = NonNullable<Told["handover"]>;

/** What only they say who hold them. */
const holders: ReadonlySet<string> = new Set(["DETAINED", "IN_TRANSFER", "RELEASED"]);

/** Who is asked to take them, and answers, does not hold them. */
function isOurs(said: readonly Said<Handover>[], agency: string): boolean {
  const named = said.at(-1)?.body.detainedBy;
  if (named !== undefined) return named === agency;
  return said.some(({ source, body }) => source.about === undefined || holders.has(body.stage));
}

/**
 * Persons an agency held, as it tells of them to those it asks to take them: each of one matter once, as the newest word has
 * it, whatever became of them.
 */
export function* countHeld(own: readonly Source[], agency: string): Facts {
  const byMatter = yield* groupSaid(own, ({ thread, told: { handover: body } }) =>
    body === undefined ? undefined : { key: thread, body },
  );
  yield* factsOfEach(byMatter.values(), (said) => {
    const [at, last] = [firstTold(said), said.at(-1)];
    if (at === undefined || last === undefined || !isOurs(said, agency)) return [];
    const crime = last.source.crimes[0] ?? "other";
    const messages = said.map(({ source }) => source.seq);
    return last.body.persons.map((under): Fact => ({ indicator: "PERSONS_HELD", at, count: 1, under, crime, messages }));
  });
} // prettier-ignore
