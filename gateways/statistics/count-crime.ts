import type { Bodies } from "../../schemas/gen/index.ts";
import type { MessageType } from "../../schemas/index.ts";
import { renderUuid } from "../../schemas/ground/index.ts";
import { type Fact, firstTold, foldAge, groupSaid, type Said, underOf } from "./fact.ts";
import type { Source } from "./sources.ts";

const requests: ReadonlySet<MessageType> = new Set(["request.information", "core_data.request", "firearm.trace_request", "asset.trace_request", "mla.request"]); // prettier-ignore
const suspects: ReadonlySet<string> = new Set(["SUSPECT", "ACCUSED", "ACCOMPLICE", "ORGANISER", "CONDUCTOR", "POSSESSOR"]); // prettier-ignore

type Profile = Bodies["som.movement"]["smuggled"][number];

/** What a message tells, before it is known of which crime and when. */
type Told = Pick<Fact, "indicator" | "count" | "under" | "quantity">;

function underProfile({ sex, ageBand, nationality: citizenship }: Profile): Fact["under"] {
  return underOf({ sex, ageBand: foldAge(ageBand), citizenship });
}

function tellSeizure(body: Bodies["seizure.report"]): readonly Told[] {
  const { commodities, arrests = 0, profiles } = body;
  const [main] = commodities;
  const goods = commodities.flatMap(({ kind, quantity }): readonly Told[] =>
    quantity === undefined ? [] : [{ indicator: "QUANTITY_SEIZED", count: 1, under: { commodity: kind }, quantity: { ...quantity, estimated: quantity.estimated === true } }],
  );
  const persons = profiles.filter(({ role }) => suspects.has(role));
  return [
    { indicator: "SEIZURES", count: 1, under: underOf({ commodity: main?.kind }) },
    ...goods,
    { indicator: "PERSONS_ARRESTED", count: arrests, under: {} },
    ...persons.map((one): Told => ({ indicator: "PERSONS_SUSPECTED", count: one.count ?? 1, under: underProfile(one) })),
  ];
} // prettier-ignore

function tellMovement({ smuggled, smuggledTotal = 0 }: Bodies["som.movement"]): readonly Told[] {
  const told = smuggled.map((one): Told => ({ indicator: "PERSONS_SMUGGLED", count: one.count ?? 1, under: underProfile(one) }));
  const known = told.reduce((sum, { count }) => sum + count, 0);
  return [...told, { indicator: "PERSONS_SMUGGLED", count: Math.max(0, smuggledTotal - known), under: {} }];
} // prettier-ignore

function tellOutcome({ personsCharged = 0, personsConvicted = 0, personsAcquitted = 0 }: Bodies["outcome.judicial"]): readonly Told[] {
  return [
    { indicator: "PERSONS_PROSECUTED", count: personsCharged, under: {} },
    { indicator: "PERSONS_CONVICTED", count: personsConvicted, under: {} },
    { indicator: "PERSONS_ACQUITTED", count: personsAcquitted, under: {} },
  ];
} // prettier-ignore

/** Only what each message tells by itself. */
function tellAlone({ step }: Source): readonly Told[] {
  const seizure = step.read("seizure.report");
  if (seizure !== undefined) return tellSeizure(seizure);
  if (step.type === "alert.incident") return [{ indicator: "INCIDENTS", count: 1, under: {} }];
  return requests.has(step.type) ? [{ indicator: "REQUESTS_SENT", count: 1, under: {} }] : [];
}

/** The first named of the message: one fact is counted under one crime. */
function factsOf(told: readonly Told[], { source, crime }: { readonly source: Source; readonly crime?: string | undefined }): readonly Fact[] {
  const { step, crimes, firstAt: at } = source;
  const messages = [step.id];
  return told.filter(({ count }) => count > 0).map((one) => ({ ...one, at, crime: crime ?? crimes[0] ?? "other", messages }));
} // prettier-ignore

/** Of several words on one thing the newest counts, at the time of the first. */
function newest<B>(groups: ReadonlyMap<string, readonly Said<B>[]>, tell: (body: B) => readonly Fact[]): readonly Fact[] {
  return [...groups.values()].flatMap((said): readonly Fact[] => {
    const [at, last] = [firstTold(said), said.at(-1)];
    if (at === undefined || last === undefined) return [];
    return tell(last.body).map((fact) => ({ ...fact, at }));
  });
} // prettier-ignore

function countMovements(own: readonly Source[]): readonly Fact[] {
  const byCase = groupSaid(own, (source) => {
    const body = source.step.read("som.movement");
    return body === undefined ? undefined : { key: body.caseRef, body: { source, body } };
  });
  return newest(byCase, ({ source, body }) => factsOf(tellMovement(body), { source }));
}

function countOutcomes(own: readonly Source[]): readonly Fact[] {
  const byMatter = groupSaid(own, (source) => {
    const body = source.step.read("outcome.judicial");
    if (body === undefined) return undefined;
    return { key: body.parentIds.map(renderUuid).toSorted().join(" "), body: { source, body } };
  });
  return newest(byMatter, ({ source, body }) =>
    factsOf(tellOutcome(body), { source, crime: body.crimes[0] }),
  );
}

/** What an agency's own messages tell of crime other than trafficking; what others told, they count themselves. */
export function countCrime(sources: readonly Source[], agency: string): readonly Fact[] {
  const own = sources.filter(({ step }) => step.from === agency);
  const alone = own.flatMap((source) => factsOf(tellAlone(source), { source }));
  return [...alone, ...countMovements(own), ...countOutcomes(own)];
}
