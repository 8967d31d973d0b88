import { daysInMonth } from "../check/index.ts";
import type { BodyContext, Rule } from "./rule.ts";
import { fieldIn, findMessages } from "./walk.ts";

function isDate(parts: object): boolean {
  const [year, month, day] = ["year", "month", "day"].map((name) => fieldIn(parts, name));
  if (day === undefined) return true;
  if (typeof month !== "number" || typeof year !== "number") return false;
  return typeof day === "number" && day <= daysInMonth(year, month);
}

/** A partial date is a date there is: no 31 February, no day whose month is unknown. */
export const datesAreReal: Rule<BodyContext<object>> = {
  code: "RULE_DATE_IMPOSSIBLE",
  says: "the date is not one of the calendar, or has a day without its month; correct it",
  find: ({ message, body }) =>
    findMessages("PartialDate", { name: message.name, value: body })
      .filter(({ value }) => !isDate(value))
      .map(({ path }) => path),
};

const periods = [
  ["occurredFrom", "occurredTo"],
  ["validFrom", "validUntil"],
  ["periodFrom", "periodTo"],
] as const;

/** A period ends after it began, wherever a body says both ends. */
export const periodsInOrder: Rule<BodyContext<object>> = {
  code: "RULE_PERIOD_REVERSED",
  says: "the end of the period is before its beginning; exchange or correct them",
  find: ({ body }) =>
    periods.flatMap(([from, until]) => {
      const [start, end] = [fieldIn(body, from), fieldIn(body, until)];
      return typeof start === "number" && typeof end === "number" && end < start
        ? [`/${until}`]
        : [];
    }),
};

/** Characters (code points), as every limit of a text counts them. */
function countCharacters(text: unknown): number {
  let count = 0;
  if (typeof text === "string") for (const _ of text) count += 1;
  return count;
}

/** A span that a translation must not touch lies within its text, from before its end. */
export const spansInside: Rule<BodyContext<object>> = {
  code: "RULE_SPAN_OUTSIDE",
  says: "start and end count characters of the text, and start is before end; correct them",
  find: ({ message, body }) =>
    findMessages("LocalizedText", { name: message.name, value: body }).flatMap(
      ({ path, value }) => {
        const marks: unknown = fieldIn(value, "marks");
        if (!Array.isArray(marks) || marks.length === 0) return [];
        const length = countCharacters(fieldIn(value, "text"));
        return marks.flatMap(({ start, end }: { start: number; end: number }, at) =>
          start < end && end <= length ? [] : [`${path}/marks/${at}`],
        );
      },
    ),
};
