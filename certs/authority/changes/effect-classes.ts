import type { ReleaseRule } from "../../../schemas/index.ts";
import { codeList, messageTypes, typeOptions } from "../../../schemas/index.ts";
import { coversCrime, coversType, type RegisterView } from "../../trust/index.ts";

/** A line of right as far as classes ask it: a mandate, a nomination, an agreement or a line of a release policy. */
export type EffectLine = Pick<ReleaseRule, "types" | "crimes"> & {
  readonly partyAgencies?: readonly string[];
  readonly originators?: readonly string[];
};

/** Things that no line tells apart: what is decided for the first is decided for all. */
export type Class = readonly string[];

function groupBy(values: readonly string[], keyOf: (value: string) => string): readonly Class[] {
  return [...Map.groupBy(values, keyOf).values()];
}

function distinctLists(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(lists.map((list) => [list.join(), list])).values()];
}

function marks(
  lists: readonly (readonly string[])[],
  isIn: (list: readonly string[]) => boolean,
): string {
  return lists.map((list) => (isIn(list) ? "1" : "0")).join("");
}

/** Message types by what the lines, and the rules on who may send them and what never stops, say of them. */
export function classifyTypes(lines: readonly EffectLine[]): readonly Class[] {
  const lists = distinctLists(lines.map(({ types }) => types));
  return groupBy(messageTypes, (type) => {
    const { signers = [], goesOn = false } = typeOptions(type) ?? {};
    const covered = marks(lists, (list) => list.length === 0 || coversType(list, type));
    return `${covered} ${signers.join()} ${String(goesOn)}`;
  });
}

/** Crimes by what the lines say of them. */
export function classifyCrimes(lines: readonly EffectLine[]): readonly Class[] {
  const lists = distinctLists(lines.map(({ crimes }) => crimes));
  const { codes = [] } = codeList("CRIME") ?? {};
  return groupBy(codes, (crime) =>
    marks(lists, (list) => list.length === 0 || coversCrime(list, crime)),
  );
}

/** Who sends and what lines may name him, in the register before and the one after. */
export interface OriginatorQuestion {
  readonly agencies: readonly string[];
  readonly reader: string;
  readonly lines: readonly EffectLine[];
  readonly views: readonly RegisterView[];
}

/** The agencies of one authority by what the lines say of their messages; the reader's own are none to read. */
export function classifyOriginators(question: OriginatorQuestion): readonly Class[] {
  const { agencies, reader, lines, views } = question;
  const lists = distinctLists(
    lines.flatMap(({ originators = [], partyAgencies = [] }) => [originators, partyAgencies]),
  );
  const others = agencies.filter((agency) => agency !== reader);
  return groupBy(others, (agency) => {
    const standing = views.map((view) => (view.agency(agency) === undefined ? "0" : "1")).join("");
    return `${standing} ${marks(lists, (list) => list.includes(agency))}`;
  });
}
