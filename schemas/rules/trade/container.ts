import type { BodyContext, Rule } from "../rule.ts";
import { fieldIn, findMessages } from "../walk.ts";

/** Owner (three letters), category (freight container, its equipment, trailer), six digits and the check digit. */
const spelling = /^[A-Z]{3}[UJZ][0-9]{7}$/;

/** What a character counts in ISO 6346: A is 10, and every multiple of 11 is passed over. */
function valueOf(sign: string): number {
  const value = parseInt(sign, 36);
  return value < 10 ? value : value + Math.floor((value - 1) / 10);
}

/** ISO 6346, annex A: values weighted by powers of two, by 11, and a remainder of 10 is written 0. */
function isContainer(number: string): boolean {
  if (number.length !== 11 || !spelling.test(number)) return false;
  let sum = 0;
  for (let at = 0; at < 10; at += 1) sum += valueOf(number[at] ?? "") * 2 ** at;
  return ((sum % 11) % 10).toString() === number[10];
}

/** A container number is spelt as ISO 6346 asks and its last digit checks the others, wherever a consignment stands. */
export const containersCheck: Rule<BodyContext<object>> = {
  code: "RULE_CONTAINER_CHECK_DIGIT",
  says:
    "the container number is four letters and seven digits of which the last checks the others (ISO 6346), such as " +
    "CSQU3054383; correct it, or leave it out and name the seal or the bill of lading",
  find: ({ message, body }) =>
    findMessages("Consignment", { name: message.name, value: body }).flatMap(({ path, value }) => {
      const container = fieldIn(value, "container");
      return typeof container === "string" && !isContainer(container) ? [`${path}/container`] : [];
    }),
};
