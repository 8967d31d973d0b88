/** A value as JSON has it: several of a picklist are a list, and a section is a list of records. */
export type HtcdsValue =
  string | number | boolean | readonly string[] | readonly Readonly<Record<string, string>>[];

/** One row or object of the Human Trafficking Case Data Standard 2.0, by the names of its fields. */
export type HtcdsRecord = Readonly<Record<string, HtcdsValue>>;

const aliases: Readonly<Record<string, string>> = {
  // so spelt in the Excel sheets of the standard's own toolkit
  vic_TraffickinStatusDecisionMakingOrg: "vic_TraffickingStatusDecisionMakingOrg",
};

/** A field name as the standard spells it. */
export function spellName(name: string): string {
  return Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
}

/** The text of one value: a yes and a no as spreadsheets write them. */
export function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.replaceAll("\r\n", "\n").normalize("NFC").trim() : "";
}

/** The texts of a value, empty ones left out; a text of several is divided at semicolons. */
export function textsOf(value: HtcdsValue | undefined): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : textOf(value).split(";");
  return items.map(textOf).filter((text) => text !== "");
}
