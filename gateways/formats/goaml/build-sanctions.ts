import { readDay } from "./dates.ts";
import type { XmlElement } from "./element.ts";
import { childOf, itemsOf } from "./find.ts";
import { readFlag } from "./numbers.ts";
import type { Reading } from "./reading.ts";
import { takeFrom, takeGroups, takeText } from "./take.ts";
import { type Json, readShort } from "./values.ts";

/** From and until of a `relation_date_range`, as partial dates. */
export function buildRange(
  reading: Reading,
  element: XmlElement | undefined,
): { readonly from: Json | undefined; readonly until: Json | undefined } {
  if (element === undefined) return { from: undefined, until: undefined };
  const read = (name: string, flagName: string): Json | undefined => {
    const date = takeFrom(reading, [element, name], readDay);
    const flag = childOf(element, flagName);
    if (date === undefined || flag === undefined) return date;
    const approximate = takeText(reading, flag, readFlag);
    return approximate === undefined ? date : { ...date, approximate };
  };
  return {
    from: read("valid_from", "is_approx_from_date"),
    until: read("valid_to", "is_approx_to_date"),
  };
}

/** Sanction of a `sanction_list`. */
export function buildSanctions(reading: Reading, element: XmlElement): readonly Json[] {
  return takeGroups(reading, [itemsOf(element, "sanctions", "sanction_list"), 10], (one) => {
    const provider = takeFrom(reading, [one, "provider"], (text) => readShort(text));
    if (provider === undefined) return undefined;
    return {
      provider,
      list: takeFrom(reading, [one, "sanction_list_name"], (text) => readShort(text)),
      ...buildRange(reading, childOf(one, "sanction_list_date_range")),
    };
  });
}
