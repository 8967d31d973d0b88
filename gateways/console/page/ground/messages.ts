import type { components, paths } from "../../../client/api-types.ts";
import { api, had } from "./api.ts";
import { zone } from "./moments.ts";
import { language } from "./words.ts";

/** A line of a list. */
export type Summary = components["schemas"]["MessageSummary"];
/** A message as it stands here. */
export type Message = components["schemas"]["Message"];
/** How threads are asked of. */
type ListQuery = NonNullable<paths["/v1/messages"]["get"]["parameters"]["query"]>;
/** A page of a list. */
export type Page = paths["/v1/messages"]["get"]["responses"]["200"]["content"]["application/json"];

/** What a line shows, and no more: a list is asked for over thin lines. */
const fields =
  "id,type,crimes,originator,handling,urgency,status,createdAt,dueAt,state,code,wordsWait";

/** A page of a box. */
export async function listMessages(query: ListQuery): Promise<Page> {
  return had((await api.GET("/v1/messages", { params: { query: { ...query, fields } } })).data);
}

/** What was said in a thread, by others and by us, newest first. */
export async function listThread(id: string): Promise<Page> {
  return had((await api.GET("/v1/threads/{id}", { params: { path: { id } } })).data);
}

/** Messages in which words are found. */
export async function searchMessages(q: string, box?: "in" | "out"): Promise<Page> {
  const body = box === undefined ? { q } : { q, box };
  return had((await api.POST("/v1/messages:search", { body })).data);
}

/** One message with its ladder and proofs. */
export async function getMessage(id: string): Promise<Message> {
  const { data } = await api.GET("/v1/messages/{id}", {
    params: { path: { id } },
    headers: { accept: "application/json" },
  });
  return had(data);
}

/** The content of a message as the gateway renders it for a reader of a language, by this PC's clock. */
export async function getRendered(id: string, lang: string = language.value): Promise<string> {
  const { data } = await api.GET("/v1/messages/{id}", {
    params: { path: { id } },
    headers: { accept: `text/html;lang=${lang};zone=${zone}` },
    parseAs: "text",
  });
  return had<string>(data);
}
