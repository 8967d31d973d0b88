import { Fault } from "../../../schemas/ground/index.ts";
import { buildRange, buildSanctions } from "./build-sanctions.ts";
import { buildAddresses, buildOnline, buildPhones } from "./contacts.ts";
import { readDay } from "./dates.ts";
import { renderPath, type XmlElement } from "./element.ts";
import { childOf, itemsOf } from "./find.ts";
import { readFlag } from "./numbers.ts";
import type { Reading } from "./reading.ts";
import { takeFormat, takeOurCode, takeWords } from "./take-codes.ts";
import { takeFrom, takeGroups, takeText } from "./take.ts";
import { type Json, readFormat, readShort, scriptOf } from "./values.ts";

function readName(text: string): string | undefined {
  return readFormat(text, "person_name");
}

function nameOf(full: string, kind: string): Json {
  return { full, kind, script: scriptOf(full) };
}

function buildLegalName(reading: Reading, element: XmlElement): Json {
  const take = (name: string): string | undefined => takeFrom(reading, [element, name], readName);
  const [first, middle, last] = [take("first_name"), take("middle_name"), take("last_name")];
  // the prefix stands in the full name, and among the details, because it has no field of its own
  const prefix = childOf(element, "prefix")?.text;
  const given = [first, middle].filter((part) => part !== undefined);
  const isBlank = prefix === undefined || reading.dialect.blanks.includes(prefix);
  const full = [...given, isBlank ? "" : prefix, last]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
  if (readName(full) === undefined) {
    const where = `line ${element.line}: ${renderPath(element)}`;
    const isMissing = ["first_name", "last_name"].every(
      (name) => (childOf(element, name)?.text ?? "") === "",
    );
    if (isMissing) throw new Fault("GOAML_ELEMENT_MISSING", `${where} has no name; complete it`);
    throw new Fault("GOAML_VALUE", `${where}: its name is too long or has hidden characters`);
  }
  const isOrdered = given.length > 0 && last !== undefined;
  return {
    ...nameOf(full, "LEGAL"),
    family: last,
    given,
    order: isOrdered ? "GIVEN_FAMILY" : undefined,
  };
}

function buildNames(reading: Reading, element: XmlElement): readonly Json[] {
  const other = (name: string, kind: string): readonly Json[] => {
    const full = takeFrom(reading, [element, name], readName);
    return full === undefined ? [] : [nameOf(full, kind)];
  };
  const previous = takeGroups(
    reading,
    [itemsOf(element, "previous_names", "previous_name"), 10],
    (one) => {
      const take = (name: string): string | undefined => takeFrom(reading, [one, name], readName);
      const [first, last] = [take("first_name"), take("last_name")];
      const full = [first, last].filter((part) => part !== undefined).join(" ");
      return readName(full) === undefined
        ? undefined
        : {
            ...nameOf(full, "PREVIOUS"),
            family: last,
            given: first === undefined ? undefined : [first],
          };
    },
  );
  return [
    buildLegalName(reading, element),
    ...other("full_name_frn", "LEGAL"),
    ...other("alias", "ALIAS"),
    ...previous,
  ];
}

function buildDocument(reading: Reading, element: XmlElement): Json | undefined {
  const number = takeFormat(reading, [element, "number"], "identifier");
  const issuerCountry = takeFormat(reading, [element, "issue_country"], "country");
  if (number === undefined || issuerCountry === undefined) return undefined;
  return {
    type: takeOurCode(reading, [element, "type"], "identification") ?? "UNKNOWN",
    number,
    issuerCountry,
    issuedBy: takeFrom(reading, [element, "issued_by"], (text) => readShort(text, 120)),
    issued: takeFrom(reading, [element, "issue_date"], readDay),
    expires: takeFrom(reading, [element, "expiry_date"], readDay),
  };
}

/** A number without its country is not a document: another state's may bear the same. */
function buildPassport(reading: Reading, element: XmlElement): readonly Json[] {
  const [number, country] = [
    childOf(element, "passport_number"),
    childOf(element, "passport_country"),
  ];
  if (number === undefined || country === undefined) return [];
  if (readFormat(number.text, "identifier") === undefined) return [];
  const issuerCountry = takeText(reading, country, (text) => readFormat(text, "country"));
  if (issuerCountry === undefined) return [];
  reading.taken.add(number);
  return [{ type: "PASSPORT", number: number.text, issuerCountry }];
}

function buildDocuments(reading: Reading, element: XmlElement): readonly Json[] {
  const plain = element.children.filter(({ name }) => name === "identification");
  const listed = itemsOf(element, "identifications", "identification");
  return [
    ...buildPassport(reading, element),
    ...takeGroups(reading, [[...plain, ...listed], 19], (one) => buildDocument(reading, one)),
  ];
}

function buildFunctions(reading: Reading, element: XmlElement): readonly Json[] {
  return takeGroups(reading, [itemsOf(element, "peps", "pep"), 10], (one) => {
    const country = takeFormat(reading, [one, "pep_country"], "country");
    const words = takeWords(reading, [one, "function_name"]);
    if (country === undefined || words === undefined) return undefined;
    return { country, function: words, ...buildRange(reading, childOf(one, "pep_date_range")) };
  });
}

function buildRelatives(reading: Reading, element: XmlElement): readonly Json[] {
  const relatives = itemsOf(element, "related_persons", "person_related_person");
  return takeGroups(reading, [relatives, 30], (one) => {
    const person = childOf(one, "person");
    if (person === undefined) return undefined;
    const ref = connectPerson(reading, person, ["UNKNOWN"]);
    return {
      ref,
      kind: takeOurCode(reading, [one, "person_person_relation"], "personRelation") ?? "UNKNOWN",
      ...buildRange(reading, childOf(one, "relation_date_range")),
    };
  });
}

/**
 * Puts a person among those whom others name by ref, and gives the ref.
 *
 * @throws {Fault} GOAML_TOO_MANY, and what `buildPerson` throws
 */
export function connectPerson(
  reading: Reading,
  element: XmlElement,
  roles: readonly string[],
): string {
  const { persons } = reading.connected;
  if (persons.length >= 300) {
    throw new Fault("GOAML_TOO_MANY", "more than 300 related persons; split the report");
  }
  const ref = `p${persons.length + 1}`;
  // the place is kept before the person's own relatives take theirs
  const at = persons.push({}) - 1;
  persons[at] = { ...buildPerson(reading, element, roles), ref };
  return ref;
}

/**
 * Person of any of goAML's persons: own clients, others, conductors, reporting persons.
 *
 * @throws {Fault} GOAML_ELEMENT_MISSING when there is no name; GOAML_ELEMENT_TWICE
 */
export function buildPerson(reading: Reading, element: XmlElement, roles: readonly string[]): Json {
  const take = (name: string, format: string): string | undefined =>
    takeFormat(reading, [element, name], format);
  const nationalities = ["nationality1", "nationality2", "nationality3"].flatMap(
    (name) => take(name, "country") ?? [],
  );
  return {
    roles,
    names: buildNames(reading, element),
    sex: takeOurCode(reading, [element, "gender"], "gender") ?? "UNKNOWN",
    birth: takeFrom(reading, [element, "birthdate"], readDay),
    nationalities,
    documents: buildDocuments(reading, element),
    birthPlace: takeWords(reading, [element, "birth_place"]),
    birthCountry: take("country_of_birth", "country"),
    deceased: takeFrom(reading, [element, "deceased"], readFlag),
    died: takeFrom(reading, [element, "date_deceased"], readDay),
    residenceCountry: take("residence", "country"),
    occupation: takeWords(reading, [element, "occupation"]),
    phones: buildPhones(reading, element, 20),
    online: buildOnline(reading, element, 20),
    addresses: buildAddresses(reading, element),
    publicFunctions: buildFunctions(reading, element),
    sanctions: buildSanctions(reading, element),
    taxNumber: take("tax_number", "identifier"),
    protected: takeFrom(reading, [element, "is_protected"], readFlag),
    related: buildRelatives(reading, element),
    sourceOfWealth: takeWords(reading, [element, "source_of_wealth"]),
  };
}
