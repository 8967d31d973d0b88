import { Fault } from "../../../schemas/ground/index.ts";
import { buildPerson, connectPerson } from "./build-person.ts";
import { buildRange, buildSanctions } from "./build-sanctions.ts";
import { buildAddresses, buildOnline, buildPhones } from "./contacts.ts";
import { readDay } from "./dates.ts";
import type { XmlElement } from "./element.ts";
import { childOf, itemsOf, oneOf } from "./find.ts";
import { readDecimal, readFlag } from "./numbers.ts";
import type { Reading } from "./reading.ts";
import { takeCode, takeFormat, takeOurCode, takeWords } from "./take-codes.ts";
import { needFrom, takeFrom, takeGroups } from "./take.ts";
import { type Json, readFormat, readShort } from "./values.ts";

const personRoleOf = new Map([
  ["UBO", "UBO"],
  ["DIRECTOR", "DIRECTOR"],
  ["CHAIR", "DIRECTOR"],
  ["BENEFICIARY", "BENEFICIARY"],
]);

/** Older editions write a director as a person with a role in it, newer ones put the person beside the role. */
function buildPeople(reading: Reading, element: XmlElement): readonly Json[] {
  const directors = element.children.filter(({ name }) => name === "director_id");
  const related = itemsOf(element, "related_persons", "entity_related_person");
  return takeGroups(reading, [[...directors, ...related], 50], (one) => {
    const person = one.name === "director_id" ? one : childOf(one, "person");
    if (person === undefined) return undefined;
    const role = takeOurCode(reading, [one, "role"], "entityRole") ?? "UNKNOWN";
    return {
      ref: connectPerson(reading, person, [personRoleOf.get(role) ?? "UNKNOWN"]),
      role,
      sharePercent: takeFrom(reading, [one, "share_percentage"], readDecimal),
      ...buildRange(reading, childOf(one, "relation_date_range")),
    };
  });
}

function buildRelatedEntities(reading: Reading, element: XmlElement): readonly Json[] {
  const related = itemsOf(element, "related_entities", "entity_related_entity");
  return takeGroups(reading, [related, 30], (one) => {
    const entity = childOf(one, "entity");
    if (entity === undefined) return undefined;
    return {
      ref: connectOrganisation(reading, entity),
      kind: takeOurCode(reading, [one, "entity_entity_relation"], "entityRelation") ?? "UNKNOWN",
      ...buildRange(reading, childOf(one, "relation_date_range")),
    };
  });
}

function connectOrganisation(reading: Reading, element: XmlElement): string {
  const { organisations } = reading.connected;
  if (organisations.length >= 100) {
    throw new Fault("GOAML_TOO_MANY", "more than 100 related entities; split the report");
  }
  const ref = `o${organisations.length + 1}`;
  const at = organisations.push({}) - 1;
  organisations[at] = { ...buildOrganisation(reading, element), ref };
  return ref;
}

/**
 * Organisation of a `t_entity` or an entity that is a client.
 *
 * @throws {Fault} GOAML_ELEMENT_MISSING, GOAML_VALUE, GOAML_ELEMENT_TWICE
 */
function buildOrganisation(reading: Reading, element: XmlElement): Json {
  return {
    name: needFrom(reading, [element, "name"], (text) => readShort(text, 300)),
    commercialName: takeFrom(reading, [element, "commercial_name"], (text) => readShort(text, 300)),
    legalForm: takeCode(reading, [element, "incorporation_legal_form"], "legalForm").local,
    registrationNumber: takeFormat(reading, [element, "incorporation_number"], "identifier"),
    registrationCountry: takeFormat(reading, [element, "incorporation_country_code"], "country"),
    incorporated: takeFrom(reading, [element, "incorporation_date"], readDay),
    business: takeWords(reading, [element, "business"]),
    addresses: buildAddresses(reading, element),
    phones: buildPhones(reading, element, 10),
    online: buildOnline(reading, element, 10),
    taxNumber: takeFormat(reading, [element, "tax_number"], "identifier"),
    people: buildPeople(reading, element),
    sanctions: buildSanctions(reading, element),
    related: buildRelatedEntities(reading, element),
  };
}

function buildHolders(reading: Reading, element: XmlElement): readonly Json[] {
  const signatories = element.children.filter(({ name }) => name === "signatory");
  const related = itemsOf(element, "related_persons", "account_related_person");
  const persons = takeGroups(reading, [[...signatories, ...related], 25], (one) => {
    const person = childOf(one, "t_person");
    if (person === undefined) return undefined;
    return {
      ref: connectPerson(reading, person, ["UNKNOWN"]),
      role: takeOurCode(reading, [one, "role"], "accountRole") ?? "UNKNOWN",
      primary: takeFrom(reading, [one, "is_primary"], readFlag),
    };
  });
  const owner = childOf(element, "t_entity");
  const listed = itemsOf(element, "related_entities", "account_related_entity");
  const entities = takeGroups(reading, [listed, 4], (one) => {
    const entity = childOf(one, "entity");
    if (entity === undefined) return undefined;
    const role = takeOurCode(reading, [one, "account_entity_relation"], "accountEntityRole");
    return { ref: connectOrganisation(reading, entity), role: role ?? "UNKNOWN" };
  });
  // the entity of an account is the one whose account it is
  const holder =
    owner === undefined ? [] : [{ ref: connectOrganisation(reading, owner), role: "HOLDER" }];
  return [...holder, ...persons, ...entities];
}

function buildBalance(
  reading: Reading,
  element: XmlElement,
  currency: string | undefined,
): Json | undefined {
  if (currency === undefined) return undefined;
  const amount = takeFrom(reading, [element, "balance"], readDecimal);
  return amount === undefined ? undefined : { amount, currency };
}

/** One of two elements that say the same in two editions. */
function takeType(reading: Reading, element: XmlElement): Json | undefined {
  const name =
    childOf(element, "personal_account_type") === undefined
      ? "account_type"
      : "personal_account_type";
  return takeCode(reading, [element, name], "accountType").local;
}

/**
 * Account of a `t_account` or an account of a client.
 *
 * @throws {Fault} GOAML_ELEMENT_MISSING, GOAML_VALUE, GOAML_ELEMENT_TWICE
 */
function buildAccount(reading: Reading, element: XmlElement): Json {
  const currency = takeFormat(reading, [element, "currency_code"], "currency");
  return {
    institution: needFrom(reading, [element, "institution_name"], (text) => readShort(text, 200)),
    number: needFrom(reading, [element, "account"], (text) => readFormat(text, "identifier")),
    currency,
    country: takeFormat(reading, [element, "institution_country"], "country"),
    institutionCode: takeFormat(reading, [element, "institution_code"], "identifier"),
    swift: takeFormat(reading, [element, "swift"], "bic"),
    branch: takeFrom(reading, [element, "branch"], (text) => readShort(text, 120)),
    iban: takeFormat(reading, [element, "iban"], "iban"),
    accountName: takeFrom(reading, [element, "account_name"], (text) => readShort(text, 200)),
    localType: takeType(reading, element),
    status: takeCode(reading, [element, "status_code"], "accountStatus").local,
    opened: takeFrom(reading, [element, "opened"], readDay),
    closed: takeFrom(reading, [element, "closed"], readDay),
    balance: buildBalance(reading, element, currency),
    people: buildHolders(reading, element),
  };
}

/** Whom a party or a side names, under the name the body has for it. */
interface Subject {
  readonly person?: Json;
  readonly organisation?: Json;
  readonly account?: Json;
  readonly ownClient: boolean | undefined;
}

/**
 * The subject of a party: person, entity or account, one's own client or not. The body's own rule says that it
 * is exactly one.
 *
 * @throws {Fault} GOAML_CHOICE and what the builders throw
 * @param prefix what stands before the names: "" or "from_" or "to_"
 * @param role the role a person has in the message
 */
export function buildSubject(
  reading: Reading,
  [element, prefix]: readonly [XmlElement, string],
  role: string,
): Subject {
  const find = (name: string): XmlElement | undefined =>
    oneOf(element, `${prefix}${name}`, `${name}_my_client`);
  const [person, entity, account] = [find("person"), find("entity"), find("account")];
  const isOwn = [person, entity, account].some((one) => one?.name.endsWith("_my_client") ?? false);
  return {
    ...(person === undefined ? {} : { person: buildPerson(reading, person, [role]) }),
    ...(entity === undefined ? {} : { organisation: buildOrganisation(reading, entity) }),
    ...(account === undefined ? {} : { account: buildAccount(reading, account) }),
    ownClient: isOwn ? true : undefined,
  };
}
