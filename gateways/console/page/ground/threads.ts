import type { paths } from "../../../client/api-types.ts";
import { api, had } from "./api.ts";

/** How a thread stands: its matters, what is awaited, and who may say what next. */
export type ThreadState =
  paths["/v1/threads/{id}/state"]["get"]["responses"]["200"]["content"]["application/json"];
/** One of its matters. */
export type Matter = ThreadState["matters"][number];

/** How the thread of a message stands. @throws {Refusal} as the gateway refuses */
export async function getThreadState(thread: string): Promise<ThreadState> {
  return had((await api.GET("/v1/threads/{id}/state", { params: { path: { id: thread } } })).data);
}
