import type {
  Account,
  Aircraft,
  Firearm,
  IdentityDocument,
  MessageType,
  Organisation,
  Person,
  Vehicle,
  Vessel,
} from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import type { LookupKey } from "../store/index.ts";
import { findSought, type Sought } from "./sought.ts";
import { spellAddress, spellDate, spellIdentifier, spellName, spellPhone } from "./spelling.ts";

/** More keys of one message than any honest one has. */
const maxKeys = 400;
/** As many as `count` of a record may say. */
const maxRun = 1_000_000;

/** Who is in a record without being sought, or must not be found at all: no check at a border is to give them away. */
const hiddenRoles = ["VICTIM", "WITNESS", "INFORMANT", "PROTECTED", "SMUGGLED_PERSON"];

type Made = readonly LookupKey[];

interface Place {
  readonly kind: string;
  readonly basis: string;
  readonly country?: string | undefined;
  readonly detail?: string | undefined;
}

function keyOf(place: Place, text: string | undefined): Made {
  const value = spellIdentifier(text ?? "");
  return value === "" ? [] : [{ ...place, value }];
}

function keysOfDocument({ type, number, issuerCountry }: IdentityDocument): Made {
  const place = { kind: "DOCUMENT", basis: "EXACT_ID", country: issuerCountry, detail: type };
  return keyOf(place, number);
}

function keysOfVehicle({ plate, plateCountry: country, vin, engineNumber }: Vehicle): Made {
  return [
    ...keyOf({ kind: "VEHICLE", basis: "PLATE", country }, plate),
    ...keyOf({ kind: "VEHICLE", basis: "VIN" }, vin),
    ...keyOf({ kind: "VEHICLE", basis: "SERIAL" }, engineNumber),
  ];
}

function keysOfFirearm({ serial }: Firearm): Made {
  return keyOf({ kind: "FIREARM", basis: "SERIAL" }, serial);
}

function keysOfVessel({ imo, mmsi, callSign }: Vessel): Made {
  const place = { kind: "VESSEL", basis: "EXACT_ID" };
  return [imo, mmsi, callSign].flatMap((text) => keyOf(place, text));
}

function keysOfAircraft({ tail, icaoAddress }: Aircraft): Made {
  const place = { kind: "AIRCRAFT", basis: "EXACT_ID" };
  return [tail, icaoAddress].flatMap((text) => keyOf(place, text));
}

function keysOfOrganisation(one: Organisation): Made {
  const place = { kind: "ORGANISATION", basis: "EXACT_ID" };
  const country = one.registrationCountry;
  return [
    ...keyOf({ ...place, country }, one.registrationNumber),
    ...keyOf(place, one.taxNumber),
  ]; // prettier-ignore
}

function keysOfAccount({ number, iban, country }: Account): Made {
  const place = { kind: "ACCOUNT", basis: "EXACT_ID" };
  return [...keyOf({ ...place, country }, number), ...keyOf(place, iban)];
}

function keysOfNames({ names, birth }: Person): Made {
  if (birth === undefined) return [];
  const detail = spellDate(birth);
  return names.flatMap((name) => {
    const value = spellName(name);
    return value === undefined
      ? []
      : [{ kind: "PERSON", basis: "NAME_DOB", value, detail }];
  }); // prettier-ignore
}

function keysOfPerson(person: Person): Made {
  const { roles, documents, phones, online } = person;
  if (person.protected === true || roles.some((role) => hiddenRoles.includes(role))) return [];
  const numbers = phones.map(({ number }) => spellPhone(number)).filter((value) => value !== "");
  const addresses = online.map(({ value }) => spellAddress(value)).filter((value) => value !== "");
  return [
    ...keysOfNames(person),
    ...documents.flatMap(keysOfDocument),
    ...numbers.map((value) => ({ kind: "PHONE", basis: "PHONE", value })),
    ...addresses.map((value) => ({ kind: "ONLINE", basis: "EXACT_ID", value })),
  ];
}

/** How many numbers a run holds, of two that differ in their last digits alone; undefined of any others. */
function sizeOfRun(first: string, last: string): number | undefined {
  if (first.length !== last.length) return undefined;
  const same = Array.from(first).findIndex((sign, at) => sign !== last.charAt(at));
  if (same === -1) return 1;
  const [from, to] = [first.slice(same), last.slice(same)];
  if (!/^[0-9]{1,7}$/.test(from) || !/^[0-9]{1,7}$/.test(to)) return undefined;
  return Number(to) - Number(from) + 1;
}

/** Blank documents by their first and last number; where those make no run of honest size, by these two alone. */
function keysOfRun(first: LookupKey, seriesLast: string | undefined): Made {
  const last = spellIdentifier(seriesLast ?? "");
  if (last === "" || last === first.value) return [first];
  const size = sizeOfRun(first.value, last) ?? 0;
  if (size < 2 || size > maxRun) return [first, { ...first, value: last }];
  return [{ ...first, last }];
}

function known<T>(list: readonly (T | undefined)[] = []): readonly T[] {
  return list.filter((one) => one !== undefined);
}

function keysOfSought(sought: Sought): Made {
  const { documents = [], serials = [], seriesLast } = sought;
  return [
    ...known(sought.persons).flatMap(keysOfPerson),
    ...documents.flatMap(keysOfDocument).flatMap((key) => keysOfRun(key, seriesLast)),
    ...known(sought.vehicles).flatMap(keysOfVehicle),
    ...known(sought.firearms).flatMap(keysOfFirearm),
    ...known(sought.vessels).flatMap(keysOfVessel),
    ...known(sought.aircraft).flatMap(keysOfAircraft),
    ...known(sought.organisations).flatMap(keysOfOrganisation),
    ...known(sought.accounts).flatMap(keysOfAccount),
    ...serials.flatMap((text) => keyOf({ kind: "OBJECT", basis: "SERIAL" }, text)),
  ];
}

/** Everything a message can be found by: nothing of one that is no record and no notice. */
export function findKeys(type: MessageType, body: Bytes): readonly LookupKey[] {
  const sought = findSought(type, body);
  return sought === undefined ? [] : keysOfSought(sought).slice(0, maxKeys);
}
