import { type Bytes, type Clock, Fault, parseUuid } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { type Cell, makeTable } from "../../schemas/tables/index.ts";
import {
  figuresOf,
  type OperationStanding,
  type OperationTarget,
  type OperationView,
  standingAt,
  targetsOf,
} from "../../schemas/work/index.ts";
import { loadOperation, type OperationPlace } from "./load-operation.ts";
import { readArchive } from "./read-archive.ts"; // prettier-ignore

/** An operation in a list. */
export interface OperationLine {
  readonly id: string;
  /** The message that opened it: who may see that may see the operation. */
  readonly opening: string;
  readonly name: string;
  /** A code of OPERATION_KIND. */
  readonly kind: string;
  readonly standing: OperationStanding;
  readonly opener: string;
  /** RFC 3339. */
  readonly from: string;
  readonly until: string;
  readonly archivedAt: string;
  /** How we stand to it. */
  readonly own: string | undefined;
  /** How many are of it now, or were at its end. */
  readonly members: number;
  /** How many messages are of it. */
  readonly messages: number;
}

/** An operation as it is shown. */
export interface ShownOperation extends OperationLine {
  readonly commodities: readonly string[];
  readonly measures: readonly string[];
  /** Codes of DATA_AT_END, and who keeps an archive. */
  readonly dataAtEnd: string;
  readonly dataKeeper: string | undefined;
  readonly memberList: readonly { readonly agency: string; readonly role: string; readonly standing: string; readonly since: string }[];
  readonly inside: readonly { readonly id: string; readonly type: string; readonly agency: string; readonly at: string }[];
  readonly outside: readonly { readonly id: string; readonly type: string; readonly agency: string; readonly reason: string }[];
  readonly alsoOpenedBy: readonly string[];
} // prettier-ignore

/** One table of an operation's figures, without what would tell of a few persons. */
interface OperationTable {
  readonly measure: string;
  readonly cells: readonly Cell[];
}

/** Operations, as the API tells of them. */
export interface OperationDesk {
  /** The last opened first. */
  list(): readonly OperationLine[];
  /** @throws {Fault} ID_INVALID, NOT_FOUND */
  show(id: string): ShownOperation;
  /** @throws {Fault} ID_INVALID, NOT_FOUND */
  targets(id: string): { readonly opening: string; readonly items: readonly OperationTarget[] };
  /** Its figures for those who are not of it. @throws {Fault} ID_INVALID, NOT_FOUND */
  statistics(id: string): { readonly opening: string; readonly smallest: number; readonly tables: readonly OperationTable[] };
} // prettier-ignore

/** Where operations are looked at, and when. */
export interface OperationDeskPlace extends OperationPlace {
  readonly clock: Clock;
}

/** A gateway is in as many at most; who needs more needs no list. */
const maxListed = 200;
/** The threshold of the Counter-Trafficking Data Collaborative's public data, as in our tables of crime. */
const smallestFigure = 11;
const ofPersons: ReadonlySet<string> = new Set(["ARRESTS"]);
const inPlace: ReadonlySet<string> = new Set(["INVITED", "TAKING_PART"]);

/** Everything that is told of an operation; of one that is over it is all that is left. */
export interface ToldOperation {
  readonly shown: ShownOperation;
  readonly targets: readonly OperationTarget[];
  readonly tables: readonly OperationTable[];
}

function openingOf({ openings }: OperationView): string {
  return openings[0]?.id ?? "";
}

function lineOf(view: OperationView, { agency, clock }: OperationDeskPlace): OperationLine {
  const { id, plan, opener, from, until, archivedAt, members, inside } = view;
  const now = clock.now();
  return {
    id,
    opening: openingOf(view),
    name: plan.name,
    kind: plan.kind,
    standing: standingAt(view, now),
    opener,
    from: renderInstant(from),
    until: renderInstant(until),
    archivedAt: renderInstant(archivedAt),
    own: view.standingOf(agency, now),
    members: members.filter(({ standing }) => inPlace.has(standing)).length,
    messages: inside.length,
  };
}

function showOf(view: OperationView, place: OperationDeskPlace): ShownOperation {
  const { plan, data, members, inside, outside, alsoOpenedBy } = view;
  return {
    ...lineOf(view, place),
    commodities: plan.commodities,
    measures: plan.measures,
    dataAtEnd: data.atEnd,
    dataKeeper: data.keeper,
    memberList: members.map(({ since, ...one }) => ({ ...one, since: renderInstant(since) })),
    inside: inside.map(({ id, type, from, at }) => ({ id, type, agency: from, at: renderInstant(at) })),
    outside: outside.map(({ step, reason }) => ({ id: step.id, type: step.type, agency: step.from, reason })),
    alsoOpenedBy,
  };
} // prettier-ignore

function tablesOf(view: OperationView): readonly OperationTable[] {
  const byMeasure = Map.groupBy(figuresOf(view), ({ measure }) => measure);
  return [...byMeasure].map(([measure, figures]) => {
    const units = figures.map(({ agency, number: count, message, commodity }) => ({
      under: { agency, ...(commodity === undefined ? {} : { commodity }) },
      count,
      messages: [message],
    }));
    const dimensions = measure === "GOODS_SEIZED" ? ["agency", "commodity"] : ["agency"];
    const smallest = ofPersons.has(measure) ? smallestFigure : 0;
    const plan = { dimensions, pairs: [], silent: [], smallest, unknown: "UNKNOWN" };
    return { measure, cells: makeTable(units, plan) };
  });
}

/** All that is told of an operation, as its messages tell it now. */
export function tellOperation(view: OperationView, place: OperationDeskPlace): ToldOperation {
  return { shown: showOf(view, place), targets: targetsOf(view), tables: tablesOf(view) };
}

/** What is told of an operation: what was kept of it when its data went, or else what its messages tell. */
function findOperation(place: OperationDeskPlace, operation: Bytes): ToldOperation | undefined {
  const kept = readArchive(place.store, operation);
  if (kept !== undefined) return kept;
  const view = loadOperation(place, operation, place.clock.now());
  return view === undefined ? undefined : tellOperation(view, place);
}

function lineIn({ shown }: ToldOperation): OperationLine {
  const { id, opening, name, kind, standing, opener, from, until, archivedAt, own, members, messages } = shown;
  return { id, opening, name, kind, standing, opener, from, until, archivedAt, own, members, messages };
} // prettier-ignore

/** Builds the desk over a gateway's own store. */
export function makeOperationDesk(place: OperationDeskPlace): OperationDesk {
  const find = (id: string): ToldOperation => {
    const found = findOperation(place, parseUuid(id));
    if (found === undefined) throw new Fault("NOT_FOUND", "no operation of this number was opened here");
    return found;
  };
  const line = (operation: Bytes): readonly OperationLine[] => {
    const kept = readArchive(place.store, operation);
    if (kept !== undefined) return [lineIn(kept)];
    const view = loadOperation(place, operation, place.clock.now());
    return view === undefined ? [] : [lineOf(view, place)];
  };
  return {
    list: () => place.store.operations.list(maxListed).flatMap(line),
    show: (id) => find(id).shown,
    targets: (id) => {
      const { shown: { opening }, targets: items } = find(id);
      return { opening, items };
    },
    statistics: (id) => {
      const { shown: { opening }, tables } = find(id);
      return { opening, smallest: smallestFigure, tables };
    },
  };
} // prettier-ignore
