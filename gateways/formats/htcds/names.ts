import { descriptors } from "../../../schemas/index.ts";
import type { Field } from "./fields.ts";

/** The sections of the standard that a case has many of, by our message. */
export const sectionNames: Readonly<Record<string, string>> = {
  TipEvent: "HistoricTraffickingEvents",
  TipSupportPlan: "SupportPlans",
  TipComment: "CaseComments",
};

const everyField: ReadonlyMap<string, Field> = new Map(
  Object.values(descriptors).flatMap(({ fields }) =>
    fields.flatMap((field): [string, Field][] =>
      field.htcds === undefined ? [] : [[field.htcds, field]],
    ),
  ),
);

/** Our field for a name of the standard. */
export function fieldNamed(htcds: string): Field | undefined {
  return everyField.get(htcds);
}

/** All names of the standard that have a field here. */
export const htcdsNames: readonly string[] = [...everyField.keys()].toSorted();
