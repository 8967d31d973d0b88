import { codeSpelt, spellCode } from "./codes.ts";
import { type Kept, makeKept } from "./kept.ts";
import { fieldNamed } from "./names.ts";
import { type HtcdsRecord, textOf, textsOf } from "./record.ts";
import { readValue, renderValue } from "./values.ts";

type Json = Readonly<Record<string, unknown>>;

/** What the standard says of a person who did it, in the words of our Person. */
export interface ReadPerpetrator {
  readonly person?: Json;
  readonly profile: Json;
  /** All of it as the source wrote it: a Person has no place for some of it. */
  readonly kept: readonly Kept[];
}

const sexOfGender: Readonly<Record<string, string>> = { WOMAN: "F", MAN: "M" };
const genderOfSex: Readonly<Record<string, string>> = { F: "WOMAN", M: "MAN" };

/**
 * The sex that a gender of the standard means. Its one field covers "the condition of being male, female, both
 * or neither": where it says feminine or masculine, that is all a source has; anything else leaves sex unknown.
 */
export function sexOf(record: HtcdsRecord): string {
  const gender = codeSpelt("GENDER_IDENTITY", textOf(record["prs_Gender"]));
  return sexOfGender[gender ?? ""] ?? "UNKNOWN";
}

function valueOf(record: HtcdsRecord, htcds: string): unknown {
  const field = fieldNamed(htcds);
  const text = textOf(record[htcds]);
  return field === undefined || text === "" ? undefined : readValue(text, field, "");
}

function countriesOf(record: HtcdsRecord): readonly unknown[] {
  const field = fieldNamed("prs_Citizenship");
  return textsOf(record["prs_Citizenship"]).flatMap((text) => {
    const country = field === undefined ? undefined : readValue(text, field, "");
    return country === undefined ? [] : [country];
  });
}

function personOf(record: HtcdsRecord, role: string): Json | undefined {
  const given = ["prs_FirstName", "prs_MiddleName"].map((name) => textOf(record[name]));
  const family = textOf(record["prs_SecondName"]);
  const all = [...given, family].filter((part) => part !== "");
  if (all.length === 0) return undefined;
  const birth = valueOf(record, "prs_Birthdate");
  const name = {
    full: all.join(" "),
    kind: "LEGAL",
    given: given.filter((part) => part !== ""),
    ...(family === "" ? {} : { family }),
  };
  return {
    roles: [role],
    names: [name],
    sex: sexOf(record),
    nationalities: countriesOf(record),
    ...(birth === undefined ? {} : { birth }),
  };
}

/**
 * Reads the person of a perpetrator's row.
 *
 * @throws {Fault} IMPORT_ROW_MALFORMED
 */
export function readPerpetrator(record: HtcdsRecord, role: string): ReadPerpetrator {
  const kept = Object.entries(record)
    .filter(([name]) => name.startsWith("prs_") && fieldNamed(name) !== undefined)
    .flatMap(([name, value]) => {
      const texts = fieldNamed(name)?.repeated ? textsOf(value) : [textOf(value)];
      return texts.filter((text) => text !== "").map((text) => makeKept(name, text));
    });
  const person = personOf(record, role);
  const [nationality] = countriesOf(record);
  const profile = {
    role,
    sex: sexOf(record),
    ageBand: "UNKNOWN",
    ...(nationality === undefined ? {} : { nationality }),
  };
  return { ...(person === undefined ? {} : { person }), profile, kept };
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>(
    typeof value === "object" && value !== null ? Object.entries(value) : [],
  );
}

function firstOf(value: unknown): ReadonlyMap<string, unknown> {
  return membersOf(Array.isArray(value) ? value[0] : undefined);
}

/** The core of a Person in the standard's names, for a perpetrator that did not come from it. */
export function writePerson(value: unknown): HtcdsRecord {
  const person = membersOf(value);
  const name = firstOf(person.get("names"));
  const given = name.get("given");
  const [first = "", ...middle] = Array.isArray(given) ? given.map(textOf) : [];
  const gender =
    textOf(person.get("genderIdentity")) || (genderOfSex[textOf(person.get("sex"))] ?? "");
  const birth = fieldNamed("prs_Birthdate");
  const born = person.get("birth");
  const nationalities = person.get("nationalities");
  const family = textOf(name.get("family"));
  const texts = {
    prs_FirstName: first,
    prs_MiddleName: middle.join(" "),
    prs_SecondName: family === "" && first === "" ? textOf(name.get("full")) : family,
    prs_Birthdate:
      birth === undefined || born === undefined ? "" : textOf(renderValue(born, birth)),
    prs_Gender: spellCode("GENDER_IDENTITY", gender) ?? "",
  };
  const countries = Array.isArray(nationalities) ? nationalities.map(textOf) : [];
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== "")),
    ...(countries.length > 0 ? { prs_Citizenship: countries } : {}),
  };
}
