import type { XmlElement } from "./element.ts";
import { childOf, itemsOf } from "./find.ts";
import type { Reading } from "./reading.ts";
import { takeFormat, takeOurCode } from "./take-codes.ts";
import { takeFrom, takeGroups, takeText } from "./take.ts";
import { type Json, readFormat, readShort } from "./values.ts";

const lineNames = [
  "address",
  "house_number",
  "apartment_number",
  "additional_address_line1",
  "additional_address_line2",
  "town",
] as const;

/** Address of a `t_address`. */
export function buildAddress(reading: Reading, element: XmlElement): Json | undefined {
  const lines = lineNames.flatMap(
    (name) => takeFrom(reading, [element, name], (text) => readShort(text)) ?? [],
  );
  const address = {
    kind: takeOurCode(reading, [element, "address_type"], "contact"),
    lines: lines.length === 0 ? undefined : lines,
    city: takeFrom(reading, [element, "city"], (text) => readShort(text)),
    region: takeFrom(reading, [element, "state"], (text) => readShort(text)),
    postcode: takeFrom(reading, [element, "zip"], (text) => readShort(text, 20)),
    country: takeFormat(reading, [element, "country_code"], "country"),
  };
  return Object.values(address).some((part) => part !== undefined) ? address : undefined;
}

/** The addresses of a person or an entity. */
export function buildAddresses(reading: Reading, element: XmlElement): readonly Json[] {
  return takeGroups(reading, [itemsOf(element, "addresses", "address"), 10], (one) =>
    buildAddress(reading, one),
  );
}

/**
 * Prefix and number joined. A number that begins with zero is left as it is: in some states the zero belongs
 * to the number abroad, in others it does not.
 */
function joinNumber(prefix: string, number: string): string | undefined {
  const digits = number.replace(/[ ()./-]/g, "");
  if (digits.startsWith("+")) return readFormat(digits, "phone");
  const country = prefix.replace(/^(?:\+|00)/, "");
  return digits.startsWith("0") ? undefined : readFormat(`+${country}${digits}`, "phone");
}

function buildPhone(reading: Reading, element: XmlElement): Json | undefined {
  const prefix = childOf(element, "tph_country_prefix");
  const number = takeFrom(reading, [element, "tph_number"], (text) =>
    text.length > 50 ? undefined : joinNumber(prefix?.text ?? "", text),
  );
  if (number === undefined) return undefined;
  if (prefix !== undefined) reading.taken.add(prefix);
  return {
    number,
    kind: takeOurCode(reading, [element, "tph_communication_type"], "communication"),
  };
}

/** The first `most` telephones of a person or an entity. */
export function buildPhones(reading: Reading, element: XmlElement, most: number): readonly Json[] {
  return takeGroups(reading, [itemsOf(element, "phones", "phone"), most], (one) =>
    buildPhone(reading, one),
  );
}

/** Plain elements (older editions) and those in a list (newer ones) of the same name. */
function bothOf(element: XmlElement, list: string, name: string): readonly XmlElement[] {
  const plain = element.children.filter((child) => child.name === name);
  return [...plain, ...itemsOf(element, list, name)];
}

function buildAccountName(reading: Reading, element: XmlElement): Json | undefined {
  const value = takeFrom(reading, [element, "user_name"], (text) => readShort(text, 300));
  if (value === undefined) return undefined;
  const provider = takeFrom(reading, [element, "platform"], (text) => readShort(text));
  return { kind: "SOCIAL_ACCOUNT", value, provider };
}

function buildDeviceAddress(reading: Reading, element: XmlElement): Json | undefined {
  const ip = childOf(element, "ip_address");
  if (ip === undefined) return undefined;
  const read = (name: string): string | undefined =>
    takeFrom(reading, [ip, name], (text) => readShort(text, 45));
  const value = read("ipv4") ?? read("ipv6");
  if (value === undefined) return undefined;
  const provider = takeFrom(reading, [element, "service_provider"], (text) => readShort(text));
  return { kind: "IP_ADDRESS", value, provider };
}

/** E-mail addresses, pages, accounts on networks and machines of a person or an entity. */
export function buildOnline(reading: Reading, element: XmlElement, most: number): readonly Json[] {
  const plain = (kind: string, elements: readonly XmlElement[]): readonly Json[] =>
    elements.slice(0, most).flatMap((one) => {
      const value = takeText(reading, one, (text) => readShort(text, 300));
      return value === undefined ? [] : [{ kind, value }];
    });
  const groups = (
    [list, name]: readonly [string, string],
    build: (reading: Reading, element: XmlElement) => Json | undefined,
  ): readonly Json[] =>
    takeGroups(reading, [itemsOf(element, list, name), 5], (one) => build(reading, one));
  const special = [
    ...groups(["social_media", "social_account"], buildAccountName),
    ...groups(["network_devices", "network_device"], buildDeviceAddress),
  ];
  const room = most - special.length;
  const emails = plain("EMAIL", bothOf(element, "emails", "email").slice(0, Math.max(0, room - 3)));
  const pages = plain(
    "WEBSITE",
    bothOf(element, "urls", "url").slice(0, Math.max(0, room - emails.length)),
  );
  return [...emails, ...pages, ...special];
}
