import { countedLabel, isKnownCode, labelOf, wordLabel } from "../codes/index.ts";
import type { Reader } from "./reader.ts";
import { renderDecimal } from "./numbers.ts";
import { renderWords } from "./words.ts";

type Members = ReadonlyMap<string, unknown>;

function text(members: Members, name: string): string | undefined {
  const value = members.get(name);
  return typeof value === "string" ? renderWords(value) : undefined;
}

function about(members: Members, name: string, { lang }: Reader): string {
  return members.get(name) === true ? `${wordLabel("about", lang)} ` : "";
}

function renderDate(members: Members, reader: Reader): string {
  const [year, month, day] = ["year", "month", "day"].map((name) => members.get(name));
  const date = [year, month, day]
    .filter((part) => typeof part === "number")
    .map((part, at) => String(part).padStart(at === 0 ? 4 : 2, "0"))
    .join("-");
  return `${about(members, "approximate", reader)}${date}`;
}

function renderMoney(members: Members, { lang }: Reader): string {
  const sum = (amount: string, currency: string): string =>
    `${renderDecimal(text(members, amount) ?? "", lang)} ${text(members, currency) ?? ""}`.trim();
  const local =
    members.get("localAmount") === undefined ? "" : ` = ${sum("localAmount", "localCurrency")}`;
  return `${sum("amount", "currency")}${local}`;
}

function renderQuantity(members: Members, reader: Reader): string {
  const value = text(members, "value") ?? "";
  const unit = { list: "UNIT", code: text(members, "unit") ?? "" };
  const shown = renderDecimal(value, reader.lang);
  const counted = countedLabel(unit, { value: Number(value), shown }, reader.lang);
  return `${about(members, "estimated", reader)}${counted}`;
}

/** Somebody else's code: its own label or spelling, whose it is, and the nearest code of ours. */
function renderCoded(members: Members, { lang }: Reader): string {
  const label: unknown = members.get("label");
  const own =
    typeof label === "object" && label !== null
      ? text(new Map(Object.entries(label)), "text")
      : undefined;
  const code = text(members, "code") ?? "";
  const scheme = [text(members, "scheme"), text(members, "version")].filter(Boolean).join(" ");
  const mapped: unknown = members.get("mapped");
  const near = (Array.isArray(mapped) ? mapped : []).map((one: object) => {
    const to: Members = new Map(Object.entries(one));
    const exact = to.get("quality") === "EXACT" ? "=" : "≈";
    return ` ${exact} ${labelOf(text(to, "list") ?? "", text(to, "code") ?? "", lang)}`;
  });
  return `${own === undefined ? code : `${own} (${code})`} [${scheme}]${near.join("")}`;
}

function renderEventRef(members: Members, { lang }: Reader): string {
  return `${labelOf("EVENT_SCHEME", text(members, "scheme") ?? "", lang)} ${text(members, "id") ?? ""}`;
}

/** Small messages that people write as one value. */
const compact: Readonly<Record<string, (members: Members, reader: Reader) => string>> = {
  PartialDate: renderDate,
  Money: renderMoney,
  Quantity: renderQuantity,
  CodedValue: renderCoded,
  EventRef: renderEventRef,
};

/** A small message as one value; undefined when it is one that people write in clauses. */
export function compactOf(message: string, members: Members, reader: Reader): string | undefined {
  return Object.hasOwn(compact, message) ? compact[message]?.(members, reader) : undefined;
}

/** A code's label; one of a newer edition as itself, and said to be so. */
export function renderCode(list: string, code: string, { lang }: Reader): string {
  if (isKnownCode(list, code)) return labelOf(list, code, lang);
  return `${renderWords(code)} (${wordLabel("unknownCode", lang)})`;
}
