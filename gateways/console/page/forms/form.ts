import { api, had } from "../ground/api.ts";
import { listOf, membersOf, textOf } from "../ground/members.ts";
import { codesOf, type Language } from "../ground/words.ts";

const widgets = ["text", "words", "code", "codes", "date", "moment", "number", "yes-no", "digest", "group"] as const; // prettier-ignore

/** A code with its label. */
export type Code = readonly [code: string, label: string];

/** A field as the gateway describes it. */
export interface Field {
  readonly name: string;
  /** What it is called in the language of the form. */
  readonly says: string;
  readonly widget: (typeof widgets)[number];
  readonly isRequired: boolean;
  readonly list: string;
  readonly group: string;
  readonly unit: string;
  /** Whether it may be said several times, and how often at most. */
  readonly most: number | undefined;
  readonly characters: number | undefined;
}

/** How a type is written, in one language: its fields in their order, the groups and the codes they lead to. */
export interface Form {
  readonly lang: Language;
  readonly isFeed: boolean;
  readonly urgency: string;
  readonly fields: readonly Field[];
  /** What is told to readers beside the body. */
  readonly inner: readonly Field[];
  readonly groups: Readonly<Record<string, readonly Field[]>>;
  readonly lists: ReadonlyMap<string, readonly Code[]>;
}

/** Lists that the register makes: communities that are served, and agencies. */
export const served = "@served";
/** As `served`. */
export const agencies = "@agencies";

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** How the gateway writes that a text names an agency. */
const agencyPattern = String.raw`^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$`;

function readField(value: unknown): Field {
  const said = membersOf(value);
  // an agency is chosen among those there are
  const isAgency = said["pattern"] === agencyPattern;
  const most = listOf(said["items"])[1];
  const characters = said["characters"];
  return {
    name: textOf(said["name"]),
    says: capital(textOf(said["says"])),
    widget: isAgency ? "code" : (widgets.find((one) => one === said["widget"]) ?? "text"),
    isRequired: said["required"] === true,
    list: isAgency ? agencies : textOf(said["list"]),
    group: textOf(said["group"]),
    unit: textOf(said["unit"]),
    most: typeof most === "number" ? most : undefined,
    characters: typeof characters === "number" ? characters : undefined,
  };
}

function readCodes(value: unknown): readonly Code[] {
  return listOf(value).map((pair) => {
    const [code, label] = listOf(pair);
    return [textOf(code), textOf(label)];
  });
}

/** What a submission says beside its inner header. */
const moved: ReadonlySet<string> = new Set([
  "type", "typeVersion", "crimes", "recipients", "threadId", "inReplyTo", "supersedes",
  "urgency", "action", "languages", "validFrom", "expiresAt",
]); // prettier-ignore

/** How a type is written, with its words in a language. */
export async function getForm(type: string, lang: Language): Promise<Form> {
  const params = { path: { type }, query: { lang } };
  const said = membersOf(had((await api.GET("/v1/schemas/{type}/form", { params })).data));
  const groups = Object.entries(membersOf(said["groups"]));
  const lists = Object.entries(membersOf(said["lists"]));
  const inner = listOf(said["inner"]).map(readField);
  return {
    lang,
    isFeed: said["scope"] === "FEED",
    urgency: textOf(said["urgency"]),
    fields: listOf(said["fields"]).map(readField),
    inner: inner.filter(({ name }) => !moved.has(name)),
    groups: Object.fromEntries(groups.map(([name, all]) => [name, listOf(all).map(readField)])),
    lists: new Map(lists.map(([name, codes]) => [name, readCodes(codes)])),
  };
}

async function askDirectory(list: string): Promise<readonly Code[]> {
  const found = had((await api.GET("/v1/directory")).data);
  const names = list === served ? found.servedRecs : found.agencies.map(({ agency }) => agency);
  // oxlint-disable-next-line unicorn/no-array-sort -- toSorted is younger than the oldest browsers that come here
  return [...names].sort().map((name) => [name, name]);
}

/** The codes of a list: those that came with the form, those every screen has, or, of a long one, those the gateway tells now. */
export async function getCodes(list: string, form: Form, lang: Language): Promise<readonly Code[]> {
  const known = form.lists.get(list) ?? codesOf(list);
  if (known.length > 0) return known;
  if (list === served || list === agencies) return await askDirectory(list);
  const params = { path: { list }, query: { lang } };
  const { codes } = had((await api.GET("/v1/codelists/{list}", { params })).data);
  return codes.map(({ code, label }) => [code, label]);
}
