import type { Bytes } from "../../schemas/ground/index.ts";
import { readOurs, refused } from "./plain-form.ts";
import { readOurMessage } from "./plain-message.ts";
import type { Reader } from "./readers.ts";

/** One input that we took and another reader took for something else. */
export interface Difference {
  readonly language: string;
  /** Place among the inputs. */
  readonly at: number;
  readonly ours: string;
  readonly theirs: string;
}

/** What came of giving the same inputs to all readers. */
export interface Comparison {
  readonly inputs: number;
  /** Inputs that we took. */
  readonly taken: number;
  /** Of those, how many each other reader took too. */
  readonly shared: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}

function compare(
  ours: readonly string[],
  answers: readonly { readonly language: string; readonly told: readonly string[] }[],
): Comparison {
  const taken = ours.flatMap((told, at) => (told === refused ? [] : [at]));
  const both = answers.map(({ language, told }) => ({
    language,
    told,
    places: taken.filter((at) => told[at] !== refused),
  }));
  return {
    inputs: ours.length,
    taken: taken.length,
    shared: Object.fromEntries(both.map(({ language, places }) => [language, places.length])),
    differences: both.flatMap(({ language, told, places }) =>
      places
        .filter((at) => told[at] !== ours[at])
        .map((at) => ({ language, at, ours: ours[at] ?? "", theirs: told[at] ?? "" })),
    ),
  };
}

/** Gives documents to us and to others: what both take must be the same value. */
export function compareJson(documents: readonly Bytes[], readers: readonly Reader[]): Comparison {
  const lines = documents.map((bytes) => Buffer.from(bytes).toString("base64"));
  const answers = readers.map((one) => ({ language: one.language, told: one.read(lines) }));
  return compare(documents.map(readOurs), answers);
}

/** Gives encoded messages to us and to others, likewise. */
export function compareMessages(
  messages: readonly { readonly name: string; readonly bytes: Bytes }[],
  readers: readonly Reader[],
): Comparison {
  const lines = messages.map(({ name, bytes }) => `${name} ${Buffer.from(bytes).toString("base64")}`);
  const answers = readers.map((one) => ({ language: one.language, told: one.read(lines) }));
  return compare(messages.map(({ name, bytes }) => readOurMessage(name, bytes)), answers);
} // prettier-ignore

/** A line for people. */
export function renderComparison(name: string, found: Comparison): string {
  const shared = Object.entries(found.shared).map(([language, count]) => `${language} ${count}`);
  return `${name}: ${found.inputs} inputs, ${found.taken} taken by us; of these ${shared.join(", ")}; ${found.differences.length} read otherwise`;
}
