import type { components, paths } from "../../../client/api-types.ts";
import { api, had } from "./api.ts";
import type { Page, Summary } from "./messages.ts";
import type { Place } from "./place.ts";

/** What an address asks of the inbox. */
export type Asked = Readonly<Record<string, string>>;
/** A list that is kept under a name. */
export type View = components["schemas"]["View"];

type ListQuery = NonNullable<paths["/v1/messages"]["get"]["parameters"]["query"]>;
type Kept = View["query"];

/** What a line shows, and no more: a list is asked for over thin lines. */
const fields =
  "id,type,crimes,originator,handling,urgency,status,createdAt,dueAt,state,code,wordsWait,claim,opened";

/** How the inbox is looked at; what is one's own or the team's is asked of who has what in hand. */
export const viewNames = ["due", "new", "mine", "team", "all", "flash"] as const;
/** One of them. */
export type ViewName = (typeof viewNames)[number];

const byView: Readonly<Record<ViewName, Kept>> = {
  due: { order: "due" },
  new: { opened: "NO" },
  mine: {},
  team: {},
  all: {},
  flash: { urgency: "FLASH" },
};

/** The view that an address names; by the terms where it names none. */
export function viewOf({ view }: Asked): ViewName {
  return viewNames.find((one) => one === view) ?? "due";
}

const filterNames = [
  "crime",
  "handling",
  "originator",
  "type",
  "country",
  "rec",
  "state",
  "since",
  "until",
] as const;

/** The parameters that a list is asked with for an address. */
export function queryOf(asked: Asked): Kept {
  const chosen = filterNames.flatMap((name) => (asked[name] === undefined || asked[name] === "" ? [] : [[name, asked[name]]]));
  const q = asked["q"]?.trim() ?? "";
  return { box: "in", ...byView[viewOf(asked)], ...Object.fromEntries(chosen), ...(q === "" ? {} : { q }) };
} // prettier-ignore

/** The address of a list that was kept. */
export function askedOf({ id, query }: Pick<View, "id" | "query">): Asked {
  const { order, opened, urgency, q, box: _, ...rest } = query;
  const view = order === "due" ? "due" : opened === "NO" ? "new" : urgency === "FLASH" ? "flash" : "all";
  const said = Object.entries({ ...rest, q }).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  return { view, ...Object.fromEntries(said), saved: id };
} // prettier-ignore

async function listInHand(isMine: boolean): Promise<Page> {
  const { items } = had((await api.GET("/v1/claims")).data);
  const lines: Summary[] = items.flatMap(({ mine, line }) =>
    line === undefined || (isMine && !mine) ? [] : [line],
  );
  return { items: lines, next: null };
}

/** The page that was asked for together with the session, until it is taken. */
let begun: { readonly key: string; readonly page: Promise<Page> } | undefined;

/** Whether somebody worked here when the console was open last. */
const keptAs = "atumpan-inbox";

/** Asks for the inbox before it is known who is signed in, where this browser showed it before: one turn less on a thin line. */
export function beginInbox({ path, query }: Place): void {
  if (path[0] !== "inbox" || query.has("q") || localStorage.getItem(keptAs) !== "shown") return;
  const asked = Object.fromEntries(query);
  const page = askPage(asked);
  begun = { key: JSON.stringify(asked), page };
  // whoever is signed in no more is told so by the session
  page.catch(() => (begun = undefined));
}

/** A page of the inbox. */
export async function listInbox(asked: Asked): Promise<Page> {
  const ready = begun?.key === JSON.stringify(asked) ? begun.page : undefined;
  begun = undefined;
  const page = await (ready ?? askPage(asked));
  localStorage.setItem(keptAs, "shown");
  return page;
}

async function askPage(asked: Asked): Promise<Page> {
  const view = viewOf(asked);
  if (view === "mine" || view === "team") return await listInHand(view === "mine");
  const { q, ...query } = queryOf(asked);
  const cursor = asked["cursor"] === undefined ? {} : { cursor: asked["cursor"] };
  if (q !== undefined) {
    return had((await api.POST("/v1/messages:search", { body: { ...query, ...cursor, q } })).data);
  }
  const whole: ListQuery = { ...query, ...cursor, fields };
  return had((await api.GET("/v1/messages", { params: { query: whole } })).data);
}
