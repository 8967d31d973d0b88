import type { Bodies } from "../../schemas/gen/index.ts";
import { renderUuid } from "../../schemas/ground/index.ts";
import type { MessageType } from "../../schemas/index.ts";
import type { Step } from "../../schemas/work/index.ts";
import { ageOn, foldAge, underOf, type Under, underProfile } from "./under.ts"; // prettier-ignore

/** Some persons, by what is known of them and no more. */
export interface ToldPersons {
  readonly role: string;
  readonly count: number;
  readonly under: Under;
}

/** What figures are counted from, of each type by itself. Nothing of it names anybody. */
interface Tellings {
  readonly seizure: Pick<Bodies["seizure.report"], "commodities"> & { readonly arrests: number; readonly profiles: readonly ToldPersons[]; readonly related: readonly string[] };
  readonly incident: Pick<Bodies["alert.incident"], "arrested" | "victims"> & { readonly profiles: readonly ToldPersons[]; readonly related: readonly string[] };
  readonly update: Pick<Bodies["alert.update"], "arrested" | "victims"> & { readonly profiles: readonly ToldPersons[]; readonly target: string };
  readonly handover: Pick<Bodies["suspect.handover"], "stage" | "detainedBy"> & { readonly persons: readonly Under[] };
  readonly movement: Pick<Bodies["som.movement"], "caseRef" | "smuggledTotal" | "price"> & { readonly smuggled: readonly ToldPersons[] };
  readonly outcome: Pick<Bodies["outcome.judicial"], "personsCharged" | "personsConvicted" | "personsAcquitted"> & { readonly key: string; readonly crime: string | undefined };
  readonly victim: Pick<Bodies["tip.victim"], "victimRef" | "caseRef" | "traffickingStatus"> & { readonly under: Under };
  readonly perpetrator: Pick<Bodies["tip.perpetrator"], "perpetratorRef" | "caseRef" | "justiceStage"> & { readonly under: Under };
  readonly referral: Pick<Bodies["tip.referral"], "victimRef" | "stage"> & { readonly isReturn: boolean; readonly under: Under };
  readonly tipCase: Pick<Bodies["tip.case"], "caseRef" | "movement"> & { readonly exploitation: string | undefined; readonly events: number };
} // prettier-ignore

/** What one message tells; of types that figures only count, nothing but that it is there. */
export type Told = Partial<Tellings>;

type Profile = Parameters<typeof underProfile>[0];
type Commodity = Tellings["seizure"]["commodities"][number];

/** Of what many messages tell alike one is kept for all of them, up to so many different ones. */
function makeSame<T>(): (one: T) => T {
  const known = new Map<string, T>();
  return (one) => {
    const key = JSON.stringify(one);
    const before = known.get(key);
    if (before === undefined && known.size < mostKept) known.set(key, one);
    return before ?? one;
  };
}

const mostKept = 5_000;

/** What many messages tell alike. */
export interface Alike {
  readonly persons: (all: readonly ToldPersons[]) => readonly ToldPersons[];
  readonly goods: (all: readonly Commodity[]) => readonly Commodity[];
  readonly under: (one: Under) => Under;
  readonly names: (all: readonly string[]) => readonly string[];
  readonly name: (one: string) => string;
}

/** Begins with nothing known. */
export function makeAlike(): Alike {
  return {
    persons: makeSame(),
    goods: makeSame(),
    under: makeSame(),
    names: makeSame(),
    name: makeSame(),
  };
}

function personsOf(profiles: readonly Profile[], { persons }: Alike): readonly ToldPersons[] {
  return persons(profiles.map((one) => ({ role: one.role, count: one.count ?? 1, under: underProfile(one) })));
} // prettier-ignore

type Take<T extends MessageType> = (body: Bodies[T], alike: Alike) => Told;
/** What is read of a message. */
type Readable = Pick<Step, "type" | "read">;

/** One type's decoder and what is taken of it together: the union of all types does not fit either alone. */
function teller<T extends MessageType>(type: T, take: Take<T>) {
  return [type, (step: Readable, alike: Alike): Told => {
    const body = step.read(type);
    return body === undefined ? {} : take(body, alike);
  }] as const;
} // prettier-ignore

const tellers: ReadonlyMap<MessageType, (step: Readable, alike: Alike) => Told> = new Map([
  teller("seizure.report", ({ commodities, arrests = 0, profiles, relatedIds }, alike) => ({
    seizure: {
      commodities: alike.goods(commodities.map(({ kind, quantity, estimatedValue }) => ({ kind, quantity, estimatedValue }))),
      arrests, profiles: personsOf(profiles, alike), related: alike.names(relatedIds.map(renderUuid)),
    },
  })),
  teller("alert.incident", ({ arrested, victims, profiles, relatedIds }, alike) => ({
    incident: { arrested, victims, profiles: personsOf(profiles, alike), related: alike.names(relatedIds.map(renderUuid)) },
  })),
  teller("alert.update", ({ arrested, victims, profiles, targetId }, alike) => ({
    update: { arrested, victims, profiles: personsOf(profiles, alike), target: renderUuid(targetId) },
  })),
  teller("suspect.handover", ({ stage, detainedBy, persons, detentionStartedAt }, alike) => ({
    handover: {
      stage, detainedBy,
      persons: persons.map((one) => alike.under(underOf({ sex: one.sex, ageBand: ageOn(one, detentionStartedAt), citizenship: one.nationalities[0] }))),
    },
  })),
  teller("som.movement", ({ caseRef, smuggledTotal, price, smuggled }, alike) => ({
    movement: { caseRef, smuggledTotal, price, smuggled: personsOf(smuggled, alike) },
  })),
  teller("outcome.judicial", ({ parentIds, crimes: [crime], personsCharged, personsConvicted, personsAcquitted }) => ({
    outcome: { key: parentIds.map(renderUuid).toSorted().join(" "), crime, personsCharged, personsConvicted, personsAcquitted },
  })),
  teller("tip.victim", ({ victimRef, caseRef, traffickingStatus, sex, ageBand, citizenships: [citizenship], exploitation: [exploitation] }, alike) => ({
    victim: { victimRef, caseRef: alike.name(caseRef), traffickingStatus: alike.name(traffickingStatus), under: alike.under(underOf({ sex, ageBand: foldAge(ageBand), citizenship, exploitation })) },
  })),
  teller("tip.perpetrator", ({ perpetratorRef, caseRef, justiceStage, organisation, person, profile, processRoles: [processRole] }, alike): Told => {
    // a firm is no person
    if (organisation !== undefined && person === undefined && profile === undefined) return {};
    const known = profile === undefined ? {} : underProfile(profile);
    return { perpetrator: { perpetratorRef, caseRef: alike.name(caseRef), justiceStage: alike.name(justiceStage), under: alike.under({ ...known, ...underOf({ processRole }) }) } };
  }),
  teller("tip.referral", ({ victimRef, stage, repatriation, sex, ageBand }, alike) => ({
    referral: { victimRef, stage: alike.name(stage), isReturn: repatriation !== undefined, under: alike.under(underOf({ sex, ageBand: foldAge(ageBand) })) },
  })),
  teller("tip.case", ({ caseRef, movement, exploitation: [exploitation], events }, { name }) => ({
    tipCase: { caseRef, movement: name(movement), exploitation: exploitation === undefined ? undefined : name(exploitation), events: events.length },
  })),
]); // prettier-ignore

/** Of messages of which figures tell only that they are there. */
const nothing: Told = {};

/** Takes of a message what figures are counted from; all else of it may go. */
export function tell(step: Readable, alike: Alike): Told {
  return tellers.get(step.type)?.(step, alike) ?? nothing;
}
