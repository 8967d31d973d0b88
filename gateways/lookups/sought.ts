import {
  type Account,
  type Aircraft,
  bodyCodecs,
  type Firearm,
  type IdentityDocument,
  type MessageType,
  type Organisation,
  type Person,
  type Vehicle,
  type Vessel,
} from "../../schemas/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";

/** What a record or notice seeks. Whoever merely stands beside it (companions, parents, owners) is not sought. */
export interface Sought {
  /** A code of RECORD_KIND. */
  readonly recordKind: string;
  /** A code of ACTION_REQUESTED: what the owner asks a finder to do. */
  readonly onFinding: string;
  readonly persons?: readonly (Person | undefined)[];
  readonly documents?: readonly IdentityDocument[];
  readonly vehicles?: readonly Vehicle[];
  readonly firearms?: readonly Firearm[];
  readonly vessels?: readonly (Vessel | undefined)[];
  readonly aircraft?: readonly (Aircraft | undefined)[];
  readonly organisations?: readonly (Organisation | undefined)[];
  readonly accounts?: readonly Account[];
  readonly serials?: readonly string[];
  /** Of a run of blank documents: the last number. */
  readonly seriesLast?: string | undefined;
}

const readers: { readonly [T in MessageType]?: (body: Bytes) => Sought } = {
  "record.stolen_document": (bytes) => {
    const { document, onFinding, seriesLast } = bodyCodecs["record.stolen_document"].decode(bytes);
    return { recordKind: "STOLEN_DOCUMENT", onFinding, documents: [document], seriesLast };
  },
  "record.stolen_vehicle": (bytes) => {
    const { vehicle, onFinding } = bodyCodecs["record.stolen_vehicle"].decode(bytes);
    return { recordKind: "STOLEN_VEHICLE", onFinding, vehicles: [vehicle] };
  },
  "record.firearm": (bytes) => {
    const { firearm, onFinding } = bodyCodecs["record.firearm"].decode(bytes);
    return { recordKind: "FIREARM", onFinding, firearms: [firearm] };
  },
  "record.object": (bytes) => {
    const { vessel, aircraft, serials, onFinding } = bodyCodecs["record.object"].decode(bytes);
    const recordKind = vessel === undefined ? "STOLEN_OBJECT" : "VESSEL";
    return { recordKind, onFinding, vessels: [vessel], aircraft: [aircraft], serials };
  },
  "record.person": (bytes) => {
    const { person, vehicles, convictions, onFinding } = bodyCodecs["record.person"].decode(bytes);
    const recordKind = convictions.length > 0 ? "CONVICTED" : "SUSPECT";
    return { recordKind, onFinding, persons: [person], vehicles };
  },
  "notice.wanted": (bytes) => {
    const { person, vehicles, onFinding } = bodyCodecs["notice.wanted"].decode(bytes);
    return { recordKind: "WANTED", onFinding, persons: [person], vehicles };
  },
  "notice.missing": (bytes) => {
    const { person, vehicles, onFinding } = bodyCodecs["notice.missing"].decode(bytes);
    return { recordKind: "MISSING", onFinding, persons: [person], vehicles };
  },
  "notice.information": (bytes) => {
    const { person, vehicles, accounts, onFinding } =
      bodyCodecs["notice.information"].decode(bytes);
    return { recordKind: "SUSPECT", onFinding, persons: [person], vehicles, accounts };
  },
  "notice.warning_person": (bytes) => {
    const { person, vehicles, onFinding } = bodyCodecs["notice.warning_person"].decode(bytes);
    return { recordKind: "WARNED_OF", onFinding, persons: [person], vehicles };
  },
  "notice.sanctions": (bytes) => {
    const { person, organisation, vessel, onFinding } =
      bodyCodecs["notice.sanctions"].decode(bytes);
    const who = { persons: [person], organisations: [organisation], vessels: [vessel] };
    return { recordKind: "SANCTIONED", onFinding, ...who };
  },
};

/** What a body seeks, by its type; undefined of every type that is neither a record nor a notice. */
export function findSought(type: MessageType, body: Bytes): Sought | undefined {
  return readers[type]?.(body);
}
