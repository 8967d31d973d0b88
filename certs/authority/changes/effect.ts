import { codeList } from "../../../schemas/index.ts";
import type { EpochMs } from "../../../schemas/ground/index.ts";
import { decide, hasRight, type Question, type RegisterView } from "../../trust/index.ts";
import {
  type Class,
  classifyCrimes,
  classifyOriginators,
  classifyTypes,
  type EffectLine,
} from "./effect-classes.ts";
import { type Effect, mergeAlong } from "./effect-rows.ts";

/** A register before a change and after it; undefined where there is none yet. */
export interface RegisterPair {
  readonly before: RegisterView | undefined;
  readonly after: RegisterView | undefined;
}

/** One agency, one act, one place: the rows of its own are found together. */
interface Seat {
  readonly views: readonly RegisterView[];
  readonly pair: RegisterPair;
  readonly agency: string;
  readonly action: "PUBLISH" | "READ";
  readonly scope: string;
  readonly at: EpochMs;
}

const { codes: handlings = [] } = codeList("HANDLING") ?? {};

function ownLines({ views, agency, action, scope }: Seat): readonly EffectLine[] {
  return views.flatMap((view) => {
    const authority = view.agency(agency)?.authority ?? "";
    const agreements = scope === "direct" ? view.agreements(authority) : [];
    const region = view.mandates(agency, action, scope);
    return [...region, ...view.nominations(agency, action, scope), ...agreements];
  });
}

/** Everything of one register that decides for this seat but for whose messages they are. */
function ownInputs(view: RegisterView | undefined, seat: Seat): string {
  if (view === undefined) return "";
  const { agency, action, scope, at } = seat;
  const registered = view.agency(agency);
  const { authority = "", kind, suspendedFrom } = registered ?? {};
  return JSON.stringify([
    [authority, kind, suspendedFrom !== undefined && suspendedFrom <= at],
    view.membership(scope, authority, at),
    view.mandates(agency, action, scope),
    view.nominations(agency, action, scope),
    scope === "direct" ? view.agreements(authority) : [],
    view.authority(authority)?.givenAssurances,
  ]);
}

function isAllowed(view: RegisterView | undefined, question: Question, at: EpochMs): boolean {
  return view !== undefined && decide(view, question, at).allow;
}

/** The classes of one question: nothing tells their members apart. */
interface Cell {
  readonly types: Class;
  readonly crimes: Class;
  readonly originators: Class;
}

/** The handling codes at which one class of messages is gained, and those at which it is lost. */
function compareCell(seat: Seat, { types, crimes, originators }: Cell): readonly Effect[] {
  const { pair, agency, action, scope, at } = seat;
  const found = handlings.map((handling) => {
    const originator = originators[0] ?? agency;
    const about = { type: types[0], crime: crimes[0], handling };
    const question = { ...about, action, agency, originator, scope };
    const had = isAllowed(pair.before, question, at);
    return { handling, had, has: isAllowed(pair.after, question, at) };
  });
  const rowOf = (change: Effect["change"], isIn: (one: (typeof found)[number]) => boolean): readonly Effect[] => {
    const own = found.filter(isIn).map(({ handling }) => handling);
    if (own.length === 0) return [];
    return [{ change, action, agencies: [agency], scopes: [scope], types, crimes, handlings: own, originators }];
  };
  return [
    ...rowOf("GAIN", ({ had, has }) => !had && has),
    ...rowOf("LOSE", ({ had, has }) => had && !has),
  ];
} // prettier-ignore

function compareCells(
  seat: Seat,
  lines: readonly EffectLine[],
  senders: readonly Class[],
): readonly Effect[] {
  const rows: Effect[] = [];
  for (const types of classifyTypes(lines)) {
    for (const crimes of classifyCrimes(lines)) {
      for (const originators of senders) {
        rows.push(...compareCell(seat, { types, crimes, originators }));
      }
    }
  }
  return mergeAlong(rows, "crimes", "types", "originators");
}

function agenciesOf({ before, after }: RegisterPair): ReadonlyMap<string, readonly string[]> {
  const all = [before, after].flatMap((view) => view?.agencies ?? []);
  const names = [...new Set(all.map(({ agency }) => agency))].toSorted();
  return Map.groupBy(names, (agency) => agency.slice(0, agency.indexOf("/")));
}

/** Where every sender of an authority is meant, the authority stands for them. */
function nameAuthority(
  rows: readonly Effect[],
  { authority, others }: { readonly authority: string; readonly others: number },
): readonly Effect[] {
  return rows.map((row) =>
    row.originators.length === others ? { ...row, originators: [authority] } : row,
  );
}

/** Everything about the senders' side that decides for readers of one authority. */
function senderInputs(
  view: RegisterView | undefined,
  { from, to, agencies }: { from: string; to: string; agencies: readonly string[] },
): string {
  const standing = agencies.map((agency) => view?.agency(agency) !== undefined);
  return JSON.stringify([standing, view?.releaseTo(from, to)]);
}

function compareReading(
  seat: Seat,
  everyone: ReadonlyMap<string, readonly string[]>,
): readonly Effect[] {
  const { pair, views, agency } = seat;
  const to = agency.slice(0, agency.indexOf("/"));
  const isOwnSame = ownInputs(pair.before, seat) === ownInputs(pair.after, seat);
  const own = ownLines(seat);
  return [...everyone].flatMap(([from, agencies]) => {
    const asked = { from, to, agencies };
    const isSame = senderInputs(pair.before, asked) === senderInputs(pair.after, asked);
    if (isOwnSame && isSame) return [];
    const lines = [...own, ...views.flatMap((view) => view.releaseTo(from, to))];
    const senders = classifyOriginators({ agencies, reader: agency, lines, views });
    const others = agencies.filter((one) => one !== agency).length;
    return nameAuthority(compareCells(seat, lines, senders), { authority: from, others });
  });
}

function compareSeat(
  seat: Seat,
  everyone: ReadonlyMap<string, readonly string[]>,
): readonly Effect[] {
  if (!seat.views.some((view) => hasRight(view, seat))) return [];
  if (seat.action === "READ") return compareReading(seat, everyone);
  if (ownInputs(seat.pair.before, seat) === ownInputs(seat.pair.after, seat)) return [];
  return compareCells(seat, ownLines(seat), [[]]);
}

/**
 * Who gains and who loses what, when one register is followed by another: exactly what `decide` says differently at
 * `at`, over every agency, act, place, type, crime, handling code and sender, put into as few rows as lines allow.
 * Mail is asked about without a recipient and without its purpose: what could be.
 */
export function findEffect(pair: RegisterPair, at: EpochMs): readonly Effect[] {
  const views = [pair.before, pair.after].flatMap((view) => view ?? []);
  const everyone = agenciesOf(pair);
  const scopes = [...new Set(views.flatMap(({ recs }) => recs)), "direct"];
  const rows = [...everyone.values()].flat().flatMap((agency) =>
    (["PUBLISH", "READ"] as const).flatMap((action) =>
      scopes.flatMap((scope) =>
        compareSeat({ views, pair, agency, action, scope, at }, everyone),
      ),
    ),
  );
  return mergeAlong(rows, "originators", "agencies", "scopes", "types", "crimes");
} // prettier-ignore
