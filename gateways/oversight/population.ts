import { Fault } from "../../schemas/ground/index.ts";

/** How many people live in a country, of one sex and age where that is said. */
export interface Population {
  readonly country: string;
  /** F, M or nothing. */
  readonly sex: string;
  /** ADULT, MINOR or nothing. */
  readonly age: string;
  readonly persons: number;
}

const maxChars = 64 * 1024;
const heads = "country,sex,age,persons";
const rowSpelling = /^([A-Z]{2}),(F|M|),(ADULT|MINOR|),([1-9][0-9]{0,10})$/;

function refuse(detail: string): never {
  throw new Fault("OVERSIGHT_FILE_INVALID", detail);
}

/**
 * Reads the population that a seat brings: lines of country, sex, age and persons under that heading, such as
 * `GH,F,ADULT,10200000`; sex and age are left empty where it is of all.
 *
 * @throws {Fault} OVERSIGHT_FILE_INVALID
 */
export function parsePopulation(text: string): readonly Population[] {
  if (text.length > maxChars) refuse(`population: at most ${maxChars} characters`);
  const [first, ...lines] = text.replace(/^\ufeff/, "").split(/\r?\n/).filter((line) => line !== "");
  if (first !== heads) refuse(`population: the first line is ${heads}`);
  const known = new Set<string>();
  return lines.map((line, at) => {
    const [, country = "", sex = "", age = "", persons = ""] = rowSpelling.exec(line.slice(0, 40)) ?? [];
    const key = `${country} ${sex} ${age}`;
    if (country === "" || line.length > 40) refuse(`population: line ${at + 2} is not like GH,F,ADULT,10200000`);
    if (known.has(key)) refuse(`population: line ${at + 2} says again what another line says`);
    known.add(key);
    return { country, sex, age, persons: Number(persons) };
  });
} // prettier-ignore

/** How many live in these countries together; undefined when it is not known of each. */
export function findPopulation(all: readonly Population[], countries: readonly string[], { sex, age }: Pick<Population, "sex" | "age">): number | undefined {
  const found = countries.map((country) => all.find((one) => one.country === country && one.sex === sex && one.age === age));
  return found.reduce<number | undefined>((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one.persons), 0);
} // prettier-ignore
