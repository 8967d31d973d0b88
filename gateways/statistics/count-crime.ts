import type { MessageType } from "../../schemas/index.ts";
import { countAlerts } from "./count-alerts.ts";
import { countHeld } from "./count-held.ts";
import { countPrices } from "./count-prices.ts";
import {
  type Fact,
  type Facts,
  factsOfEach,
  findOwn,
  firstTold,
  groupSaid,
  type Said,
} from "./fact.ts";
import type { Told } from "./told.ts";
import { underOf } from "./under.ts";
import type { Source } from "./sources.ts";

const requests: ReadonlySet<MessageType> = new Set(["request.information", "core_data.request", "firearm.trace_request", "asset.trace_request", "mla.request"]); // prettier-ignore
const suspects: ReadonlySet<string> = new Set(["SUSPECT", "ACCUSED", "ACCOMPLICE", "ORGANISER", "CONDUCTOR", "POSSESSOR"]); // prettier-ignore

/** What a message tells, before it is known of which crime and when. */
type Part = Pick<Fact, "indicator" | "count" | "under" | "quantity">;

function tellSeizure(body: NonNullable<Told["seizure"]>): readonly Part[] {
  const { commodities, arrests, profiles } = body;
  const [main] = commodities;
  const goods = commodities.flatMap(({ kind, quantity }): readonly Part[] =>
    quantity === undefined ? [] : [{ indicator: "QUANTITY_SEIZED", count: 1, under: { commodity: kind }, quantity: { ...quantity, estimated: quantity.estimated === true } }],
  );
  const persons = profiles.filter(({ role }) => suspects.has(role));
  return [
    { indicator: "SEIZURES", count: 1, under: underOf({ commodity: main?.kind }) },
    ...goods,
    { indicator: "PERSONS_ARRESTED", count: arrests, under: {} },
    ...persons.map((one): Part => ({ indicator: "PERSONS_SUSPECTED", count: one.count, under: one.under })),
  ];
} // prettier-ignore

function tellMovement({ smuggled, smuggledTotal = 0 }: NonNullable<Told["movement"]>): readonly Part[] {
  const told = smuggled.map((one): Part => ({ indicator: "PERSONS_SMUGGLED", count: one.count, under: one.under }));
  const known = told.reduce((sum, { count }) => sum + count, 0);
  return [...told, { indicator: "PERSONS_SMUGGLED", count: Math.max(0, smuggledTotal - known), under: {} }];
} // prettier-ignore

function tellOutcome({ personsCharged = 0, personsConvicted = 0, personsAcquitted = 0 }: NonNullable<Told["outcome"]>): readonly Part[] {
  return [
    { indicator: "PERSONS_PROSECUTED", count: personsCharged, under: {} },
    { indicator: "PERSONS_CONVICTED", count: personsConvicted, under: {} },
    { indicator: "PERSONS_ACQUITTED", count: personsAcquitted, under: {} },
  ];
} // prettier-ignore

/** Only what each message tells by itself. */
function tellAlone({ type, told: { seizure } }: Source): readonly Part[] {
  if (seizure !== undefined) return tellSeizure(seizure);
  return requests.has(type) ? [{ indicator: "REQUESTS_SENT", count: 1, under: {} }] : [];
}

/** The first named of the message: one fact is counted under one crime. */
function factsOf(told: readonly Part[], { source, crime }: { readonly source: Source; readonly crime?: string | undefined }): readonly Fact[] {
  const { seq, crimes, firstAt: at } = source;
  const messages = [seq];
  return told.filter(({ count }) => count > 0).map((one) => ({ ...one, at, crime: crime ?? crimes[0] ?? "other", messages }));
} // prettier-ignore

/** Of several words on one thing the newest counts, at the time of the first. */
function newest<B>(groups: ReadonlyMap<string, readonly Said<B>[]>, tell: (body: B) => readonly Fact[]): Facts {
  return factsOfEach(groups.values(), (said) => {
    const [at, last] = [firstTold(said), said.at(-1)];
    if (at === undefined || last === undefined) return [];
    return tell(last.body).map((fact) => ({ ...fact, at }));
  });
} // prettier-ignore

function* countMovements(own: readonly Source[]): Facts {
  const byCase = yield* groupSaid(own, (source) => {
    const body = source.told.movement;
    return body === undefined
      ? undefined
      : { key: body.caseRef ?? source.id, body: { source, body } };
  });
  yield* newest(byCase, ({ source, body }) => factsOf(tellMovement(body), { source }));
}

function* countOutcomes(own: readonly Source[]): Facts {
  const byMatter = yield* groupSaid(own, (source) => {
    const body = source.told.outcome;
    return body === undefined ? undefined : { key: body.key, body: { source, body } };
  });
  yield* newest(byMatter, ({ source, body }) =>
    factsOf(tellOutcome(body), { source, crime: body.crime }),
  );
}

/** What an agency's own messages tell of crime other than trafficking; what others told, they count themselves. */
export function* countCrime(sources: readonly Source[], agency: string): Facts {
  const own = yield* findOwn(sources, agency);
  yield* factsOfEach(own, (source) => factsOf(tellAlone(source), { source }));
  yield* countAlerts(own);
  yield* countHeld(own, agency);
  yield* countMovements(own);
  yield* countPrices(own);
  yield* countOutcomes(own);
}
