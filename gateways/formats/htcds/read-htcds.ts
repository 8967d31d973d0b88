import { Fault } from "../../../schemas/ground/index.ts";
import { namesIn } from "./fields.ts";
import { fieldNamed, sectionNames } from "./names.ts";
import { readPerpetrator, sexOf } from "./perpetrator.ts";
import { readFields, type ReadFields } from "./read-fields.ts";
import { type HtcdsRecord, spellName, textsOf } from "./record.ts";

/** What a message of ours must say and the standard has no field for: the office that imports says it. */
export interface HtcdsSaid {
  readonly caseRef: string;
  /** The pseudonym of the victim, or the reference of the perpetrator. */
  readonly personRef: string;
  /** BCP 47: in which the free text of the source is written. */
  readonly lang: string;
  readonly branch: string;
  readonly justiceStage: string;
  readonly movement: string;
  readonly ageBand: string;
  /** What consent covers and how it was given; whether it was is the source's to say. */
  readonly consent: Readonly<Record<string, unknown>>;
  readonly toAgency: string;
  readonly toRole: string;
  readonly referralStage: string;
}

/** The JSON form of each body the record gives rise to. */
export type HtcdsBodies = Readonly<
  Partial<
    Record<
      "tip.case" | "tip.victim" | "tip.identity" | "tip.perpetrator" | "tip.referral",
      Readonly<Record<string, unknown>>
    >
  >
>;

/** Bodies, and the names of fields that were not carried: the standard's deprecated ones, and a source's own. */
export interface ReadHtcds {
  readonly bodies: HtcdsBodies;
  readonly leftOut: readonly string[];
}

function isEmpty({ json, kept }: ReadFields): boolean {
  return Object.keys(json).length === 0 && kept.length === 0;
}

function closeBody(said: Readonly<Record<string, unknown>>, { json, kept }: ReadFields): object {
  return { ...json, ...said, ...(kept.length > 0 ? { sourceValues: kept } : {}) };
}

function consentOf({ json }: ReadFields, said: HtcdsSaid): Readonly<Record<string, unknown>> {
  const read = json["consent"];
  const given = typeof read === "object" && read !== null ? read : {};
  return { ...said.consent, ...given };
}

function hasAny(record: HtcdsRecord, prefix: string): boolean {
  return Object.entries(record).some(
    ([name, value]) => name.startsWith(prefix) && textsOf(value).length > 0,
  );
}

function readVictim(record: HtcdsRecord, said: HtcdsSaid): HtcdsBodies {
  const { caseRef, personRef: victimRef, lang, ageBand, toAgency, toRole } = said;
  const reading = { record, lang, place: "" };
  const victim = readFields("TipVictim", reading);
  const consent = consentOf(victim, said);
  const own = { victimRef, caseRef, consent };
  const unsaid = {
    traffickingStatus: "UNKNOWN",
    decidedBy: "UNKNOWN",
    sex: sexOf(record),
    ageBand,
  };
  const body = closeBody(own, { ...victim, json: { ...unsaid, ...victim.json } });
  // consent alone is no reason for an identity or a referral
  const bare = Object.fromEntries(
    Object.entries(record).filter(([name]) => name !== "con_Consent"),
  );
  const direct = { ...own, toAgency, toRole };
  const identity = readFields("TipIdentity", { ...reading, record: bare });
  const referral = readFields("TipReferral", { ...reading, record: bare });
  const stage = said.referralStage;
  return {
    "tip.victim": { ...body },
    ...(isEmpty(identity) ? {} : { "tip.identity": { ...closeBody(direct, identity) } }),
    ...(isEmpty(referral)
      ? {}
      : { "tip.referral": { ...closeBody({ ...direct, stage }, referral) } }),
  };
}

function readCase(record: HtcdsRecord, said: HtcdsSaid): HtcdsBodies {
  const { caseRef, lang, branch, justiceStage, movement } = said;
  const read = readFields("TipCase", { record, lang, place: "" });
  if (isEmpty(read)) return {};
  const own = { caseRef, branch, justiceStage, movement };
  const json = { caseStatus: "UNKNOWN", ...read.json };
  return { "tip.case": { ...closeBody(own, { ...read, json }) } };
}

function readOffender(record: HtcdsRecord, said: HtcdsSaid): HtcdsBodies {
  const { caseRef, personRef: perpetratorRef, lang, justiceStage } = said;
  const read = readFields("TipPerpetrator", { record, lang, place: "" });
  const role = justiceStage === "CONVICTED" ? "CONVICTED" : "SUSPECT";
  const { kept, ...who } = readPerpetrator(record, role);
  const json = { processRoles: ["UNKNOWN"], ...read.json };
  const own = { perpetratorRef, caseRef, justiceStage, ...who };
  return { "tip.perpetrator": { ...closeBody(own, { json, kept: [...read.kept, ...kept] }) } };
}

/** Names of a perpetrator's row that only a victim's messages have a place for. */
function unplaced(record: HtcdsRecord, isOffender: boolean): readonly string[] {
  if (!isOffender) return [];
  const placed = new Set(["TipCase", "TipPerpetrator"].flatMap(namesIn));
  return Object.keys(record).filter(
    (name) => fieldNamed(name) !== undefined && !placed.has(name) && !name.startsWith("prs_"),
  );
}

/**
 * Reads one record of the standard into the bodies it gives rise to: the case; the victim, her identity and her
 * referral, or the perpetrator. Every value has a place: an unknown one of a picklist is its list's OTHER or
 * UNKNOWN, and stands in `sourceValues` as it came, so that it can be given back.
 *
 * Nothing is checked yet: `parseBody` does that, with the rules of each type.
 *
 * @throws {Fault} IMPORT_ROW_MALFORMED
 */
export function readHtcds(given: HtcdsRecord, said: HtcdsSaid): ReadHtcds {
  const record: HtcdsRecord = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [spellName(name), value]),
  );
  const isOffender = hasAny(record, "per_");
  if (isOffender && hasAny(record, "vic_")) {
    const detail =
      "the row has vic_ and per_ fields; write one row for the victim, one for the perpetrator";
    throw new Fault("IMPORT_ROW_MALFORMED", detail);
  }
  const isVictim = !isOffender && ["vic_", "prs_", "con_"].some((prefix) => hasAny(record, prefix));
  const sections = new Set(Object.values(sectionNames));
  const foreign = Object.keys(record).filter(
    (name) => fieldNamed(name) === undefined && !sections.has(name),
  );
  return {
    bodies: {
      ...readCase(record, said),
      ...(isVictim ? readVictim(record, said) : {}),
      ...(isOffender ? readOffender(record, said) : {}),
    },
    leftOut: [...foreign, ...unplaced(record, isOffender)],
  };
}
