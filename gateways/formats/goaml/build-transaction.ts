import { buildSubject } from "./build-holders.ts";
import { buildPerson } from "./build-person.ts";
import { buildAddress } from "./contacts.ts";
import { readMoment } from "./dates.ts";
import type { XmlElement } from "./element.ts";
import { childOf, itemsOf, oneOf } from "./find.ts";
import { readDecimal, readFlag, readWhole } from "./numbers.ts";
import type { Reading } from "./reading.ts";
import { takeCode, takeFormat, takeWords } from "./take-codes.ts";
import { needFrom, takeFrom, takeGroup, takeGroups } from "./take.ts";
import { type Json, readShort } from "./values.ts";

function buildForeign(reading: Reading, element: XmlElement): Json | undefined {
  const amount = takeFrom(reading, [element, "foreign_amount"], readDecimal);
  const currency = takeFormat(reading, [element, "foreign_currency_code"], "currency");
  if (amount === undefined || currency === undefined) return undefined;
  return {
    amount,
    currency,
    rate: takeFrom(reading, [element, "foreign_exchange_rate"], readDecimal),
  };
}

/** GoamlDevice of a `transaction_additional_info`. */
function buildDevice(reading: Reading, element: XmlElement): Json | undefined {
  const network = childOf(element, "network_device");
  const ip = network === undefined ? undefined : childOf(network, "ip_address");
  const short = (from: XmlElement | undefined, name: string, max: number): string | undefined =>
    from === undefined
      ? undefined
      : takeFrom(reading, [from, name], (text) => readShort(text, max));
  const device = {
    deviceNumber: short(network, "device_number", 255),
    localSystem:
      network === undefined
        ? undefined
        : takeCode(reading, [network, "operating_system"], "system").local,
    provider: short(network, "service_provider", 255),
    ip: short(ip, "ipv4", 45) ?? short(ip, "ipv6", 45),
    blockNumber: takeFrom(reading, [element, "block_number"], readDecimal),
    wallet: short(element, "virtual_address", 255),
  };
  return Object.values(device).some((part) => part !== undefined) ? device : undefined;
}

interface Funds {
  readonly [name: string]: unknown;
}

function buildFunds(reading: Reading, element: XmlElement, prefix: string): Funds {
  const funds = takeCode(reading, [element, `${prefix}funds_code`], "funds");
  return {
    funds: funds.code,
    localFunds: funds.local,
    fundsComment: takeFrom(reading, [element, `${prefix}funds_comment`], (text) =>
      readShort(text, 255),
    ),
    amount: takeGroup(reading, childOf(element, `${prefix}foreign_currency`), (one) =>
      buildForeign(reading, one),
    ),
    device: takeGroup(reading, childOf(element, `${prefix}transaction_additional_info`), (one) =>
      buildDevice(reading, one),
    ),
  };
}

function roleOf(suspected: boolean | undefined): string {
  return suspected === true ? "SUSPECT" : "UNKNOWN";
}

/** GoamlParty of a `party` of a transaction or a `report_party` of an activity. */
function buildParty(reading: Reading, [element, list]: readonly [XmlElement, string]): Json {
  const role = takeCode(reading, [element, "role"], list);
  const suspected = takeFrom(reading, [element, "is_suspected"], readFlag);
  return {
    role: role.code,
    localRole: role.local,
    ...buildSubject(reading, [element, ""], roleOf(suspected)),
    ...buildFunds(reading, element, ""),
    country: takeFormat(reading, [element, "country"], "country"),
    suspected,
    significance: takeFrom(reading, [element, "significance"], (text) => readWhole(text, 10)),
    reason: takeWords(reading, [element, "reason"]),
    remarks: takeWords(reading, [element, "comments"]),
  };
}

function buildConductor(reading: Reading, element: XmlElement, isOwn: boolean): Json {
  const conductor = childOf(element, "t_conductor");
  const suspected = takeFrom(reading, [element, "conductor_is_suspected"], readFlag);
  if (conductor === undefined) return { conductorSuspected: suspected };
  const roles = suspected === true ? ["CONDUCTOR", "SUSPECT"] : ["CONDUCTOR"];
  return {
    conductor: buildPerson(reading, conductor, roles),
    conductorSuspected: suspected,
    conductorOwnClient: isOwn ? true : undefined,
  };
}

/** GoamlParty of `t_from`, `t_to` or the same of a client. */
function buildSide(
  reading: Reading,
  element: XmlElement | undefined,
  prefix: "from_" | "to_",
): Json | undefined {
  if (element === undefined) return undefined;
  const isOwn = element.name.endsWith("_my_client");
  const suspected = takeFrom(reading, [element, `${prefix}is_suspected`], readFlag);
  return {
    ...buildSubject(reading, [element, prefix], roleOf(suspected)),
    ownClient: isOwn ? true : undefined,
    ...buildFunds(reading, element, prefix),
    ...buildConductor(reading, element, isOwn),
    country: takeFormat(reading, [element, `${prefix}country`], "country"),
    suspected,
  };
}

/** What an item is worth; without a currency of its own, in the report's. */
function buildWorth(reading: Reading, element: XmlElement): Json {
  const currency =
    takeFormat(reading, [element, "currency_code"], "currency") ?? reading.localCurrency;
  const money = (name: string): Json | undefined => {
    const amount = takeFrom(reading, [element, name], readDecimal);
    return amount === undefined ? undefined : { amount, currency };
  };
  return { estimatedValue: money("estimated_value"), disposedValue: money("disposed_value") };
}

function buildItem(reading: Reading, element: XmlElement): Json | undefined {
  const kind = takeCode(reading, [element, "item_type"], "item");
  if (kind.local === undefined) return undefined;
  const short = (name: string, max: number): string | undefined =>
    takeFrom(reading, [element, name], (text) => readShort(text, max));
  return {
    kind: kind.code,
    localKind: kind.local,
    make: short("item_make", 255),
    description: takeWords(reading, [element, "description"]),
    formerlyRegisteredTo: short("previously_registered_to", 500),
    registeredTo: short("presently_registered_to", 500),
    ...buildWorth(reading, element),
    localStatus: takeCode(reading, [element, "status_code"], "itemStatus").local,
    statusComment: short("status_comments", 500),
    size: takeFrom(reading, [element, "size"], readDecimal),
    sizeUnit: short("size_uom", 250),
    address: takeGroup(reading, childOf(element, "address"), (one) => buildAddress(reading, one)),
    registered: takeFrom(reading, [element, "registration_date"], readMoment),
    registrationNumber: short("registration_number", 255),
    identificationNumber: short("identification_number", 255),
    remarks: takeWords(reading, [element, "comments"]),
  };
}

/** Goods and services of a transaction or an activity. */
export function buildItems(reading: Reading, element: XmlElement): readonly Json[] {
  return takeGroups(reading, [itemsOf(element, "goods_services", "item"), 50], (one) =>
    buildItem(reading, one),
  );
}

function buildStep(reading: Reading, element: XmlElement): Json {
  const mode = takeCode(reading, [element, "transport_mode"], "transportMode");
  const short = (name: string): string | undefined =>
    takeFrom(reading, [element, name], (text) => readShort(text, 255));
  return {
    reportingPoint: takeFrom(reading, [element, "reporting_point"], readFlag),
    mode: mode.code,
    localMode: mode.local,
    localType: takeCode(reading, [element, "transport_type"], "transportType").local,
    carrier: short("carrier_name"),
    carrierNumber: short("carrier_number"),
    number: takeFrom(reading, [element, "step_number"], (text) => readWhole(text, 0xffff_ffff)),
    localStep: takeCode(reading, [element, "step_code"], "transportStep").local,
    date: takeFrom(reading, [element, "step_date"], readMoment),
    localStatus: takeCode(reading, [element, "step_status"], "transportStatus").local,
    placeName: short("place"),
    country: takeFormat(reading, [element, "country_code"], "country"),
    remarks: takeWords(reading, [element, "comments"]),
  };
}

/** GoamlActivity. */
export function buildActivity(reading: Reading, element: XmlElement): Json {
  const parties = itemsOf(element, "report_parties", "report_party");
  return {
    parties: parties.map((one) => buildParty(reading, [one, "reportParty"])),
    items: buildItems(reading, element),
  };
}

function buildHead(reading: Reading, element: XmlElement): Json {
  const short = (name: string, max: number): string | undefined =>
    takeFrom(reading, [element, name], (text) => readShort(text, max));
  const flag = (name: string): boolean | undefined => takeFrom(reading, [element, name], readFlag);
  const date = (name: string): Json | undefined => takeFrom(reading, [element, name], readMoment);
  const mode = takeCode(reading, [element, "transmode_code"], "transmode");
  return {
    number: needFrom(reading, [element, "transactionnumber"], (text) => readShort(text)),
    internalNumber: short("internal_ref_number", 100),
    suspicious: flag("transaction_is_suspicious"),
    agentName: short("agent_name", 255),
    location: short("transaction_location", 255),
    address: takeGroup(reading, childOf(element, "transaction_address"), (one) =>
      buildAddress(reading, one),
    ),
    description: takeWords(reading, [element, "transaction_description"]),
    date: needFrom(reading, [element, "date_transaction"], readMoment),
    teller: short("teller", 20),
    authorisedBy: short("authorized", 20),
    lateDeposit: flag("late_deposit"),
    posted: date("date_posting"),
    valueDate: date("value_date"),
    localType: takeCode(reading, [element, "transaction_type_code"], "transactionType").local,
    mode: mode.code,
    localMode: mode.local,
    modeComment: short("transmode_comment", 50),
  };
}

/**
 * GoamlTransaction, whichever of goAML's two forms it has. The body's rules say that it is one of them.
 *
 * @throws {Fault} GOAML_ELEMENT_MISSING, GOAML_VALUE, GOAML_ELEMENT_TWICE, GOAML_CHOICE, GOAML_TOO_MANY
 */
export function buildTransaction(reading: Reading, element: XmlElement): Json {
  const amount = needFrom(reading, [element, "amount_local"], readDecimal);
  return {
    ...buildHead(reading, element),
    amount: { amount, currency: reading.localCurrency },
    localStatus: takeCode(reading, [element, "transaction_status"], "transactionStatus").local,
    parties: itemsOf(element, "involved_parties", "party").map((one) =>
      buildParty(reading, [one, "partyRole"]),
    ),
    from: buildSide(reading, oneOf(element, "t_from", "t_from_my_client"), "from_"),
    to: buildSide(reading, oneOf(element, "t_to", "t_to_my_client"), "to_"),
    items: buildItems(reading, element),
    route: takeGroups(reading, [itemsOf(element, "means_of_transport", "routing"), 30], (one) =>
      buildStep(reading, one),
    ),
    remarks: takeWords(reading, [element, "comments"]),
  };
}
