import { codeList, messageTypes, typeOptions } from "../../schemas/index.ts";
import type { DrawnRights } from "./rights-draw.ts";

/** What may be said of a feed message when its classes of type, crime and handling are told apart. */
export interface Cell {
  readonly rec: string;
  readonly type: string;
  readonly crime: string;
  readonly handling: string;
}

/** The values of one thing that no line of a register tells apart, each class by one of them. */
export interface Classes {
  readonly chosen: readonly string[];
  /** Every value there is, with the one chosen for it. */
  readonly standsFor: ReadonlyMap<string, string>;
}

/** A set of cells that stands for all there are. */
export interface Cells {
  readonly types: Classes;
  readonly crimes: Classes;
  readonly handlings: Classes;
  readonly cells: readonly Cell[];
}

interface Line {
  readonly types: readonly string[];
  readonly crimes: readonly string[];
  readonly handlingUpTo?: string | undefined;
}

/** Every type of a feed. */
export const feedTypes: readonly string[] = messageTypes.filter(
  (type) => typeOptions(type)?.scope === "FEED",
);
/** Every crime that a channel may be of. */
export const everyCrime: readonly string[] = codeList("CRIME")?.codes ?? [];
/** Every handling code. */
export const everyHandling: readonly string[] = ["H0", "H1", "H2", "H3"];

function linesOf(rights: readonly DrawnRights[]): readonly Line[] {
  return rights.flatMap(({ mandates, states }) => [
    ...mandates,
    ...Object.values(states).flatMap(({ nominations, agreements, release }) => [
      ...nominations,
      ...agreements,
      ...release,
    ]),
  ]);
}

/** What a list of types says of one: written here once more, so that the product's own reading is not taken for granted. */
function saysOfType(types: readonly string[], type: string): string {
  const [family = ""] = type.split(".");
  return types.some((one) => one === "*" || one === type || one === `${family}.*`) ? "1" : "0";
}

function classify(
  values: readonly string[],
  { sign, prefers }: { sign: (value: string) => string; prefers: (value: string) => boolean },
): Classes {
  const classes = [...Map.groupBy(values, sign).values()];
  const standsFor = new Map<string, string>();
  for (const members of classes) {
    const chosen = members.find(prefers) ?? members[0] ?? "";
    for (const member of members) standsFor.set(member, chosen);
  }
  return { chosen: [...new Set(standsFor.values())], standsFor };
}

/** All that the registers' lines and the schema tell apart of a type. */
export function signType(rights: readonly DrawnRights[], kinds: readonly string[]) {
  const lists = [...new Map(linesOf(rights).map(({ types }) => [types.join(), types])).values()];
  return (type: string): string => {
    const { signers = [], goesOn = false } = typeOptions(type) ?? {};
    const may = kinds.map((kind) => (signers.length === 0 || signers.includes(kind) ? "1" : "0"));
    return [...lists.map((list) => saysOfType(list, type)), ...may, String(goesOn)].join("");
  };
}

/** All that the registers' lines tell apart of a crime. */
export function signCrime(rights: readonly DrawnRights[]) {
  const lists = [...new Map(linesOf(rights).map(({ crimes }) => [crimes.join(), crimes])).values()];
  return (crime: string): string =>
    lists.map((list) => (list.includes("*") || list.includes(crime) ? "1" : "0")).join("");
}

/** All that the registers' lines tell apart of a handling code. */
export function signHandling(rights: readonly DrawnRights[]) {
  const bounds = [...new Set(linesOf(rights).flatMap(({ handlingUpTo }) => handlingUpTo ?? []))];
  return (handling: string): string =>
    bounds.map((most) => (everyHandling.indexOf(handling) <= everyHandling.indexOf(most) ? "1" : "0")).join("");
} // prettier-ignore

/** Open types of which some body is good whoever sends it and however it is handled. */
const easyOpen: readonly string[] = ["bulletin.red_flag", "bulletin.threat", "glossary.term"];

/** Whether a good publication of the type can be made for every cell: of a sealed one the hub sees no body. */
function isEasy(type: string): boolean {
  return typeOptions(type)?.form === "SEALED" || easyOpen.includes(type);
}

/** The cells that stand for every cell of every one of these registers. */
export function chooseCells(
  rights: readonly DrawnRights[],
  { recs, kinds }: { recs: readonly string[]; kinds: readonly string[] },
): Cells {
  const types = classify(feedTypes, { sign: signType(rights, kinds), prefers: isEasy });
  const crimes = classify(everyCrime, { sign: signCrime(rights), prefers: () => true });
  const handlings = classify(everyHandling, { sign: signHandling(rights), prefers: () => true });
  const cells = recs.flatMap((rec) =>
    types.chosen.flatMap((type) =>
      crimes.chosen.flatMap((crime) =>
        handlings.chosen.map((handling) => ({ rec, type, crime, handling })),
      ),
    ),
  );
  return { types, crimes, handlings, cells };
}
