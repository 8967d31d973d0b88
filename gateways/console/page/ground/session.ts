import { computed, type ReadonlySignal, signal } from "@preact/signals";

import type { paths } from "../../../client/api-types.ts";
import { api, had, readFor } from "./api.ts";
import { askPasskey, makePasskey } from "./passkey.ts";
import { Refusal } from "./problem.ts";

/** Who works here, and what she may do. */
export type Session =
  paths["/v1/session"]["get"]["responses"]["200"]["content"]["application/json"];

/** Nobody knows yet, nobody is signed in, or she is. */
const state = signal<Session | "unknown" | "nobody">("unknown");

/** Who is signed in. */
export const session: ReadonlySignal<Session | undefined> = computed(() =>
  typeof state.value === "string" ? undefined : state.value,
);
/** Whether it is known that nobody is. */
export const isNobody: ReadonlySignal<boolean> = computed(() => state.value === "nobody");

const keptPurpose = "atumpan-purpose";

/** What she reads for when nothing was set for her; kept in this browser, and shown where it can be changed. */
export const purpose: ReadonlySignal<string> = computed(
  () => session.value?.purpose ?? chosenPurpose.value,
);
const chosenPurpose = signal(localStorage.getItem(keptPurpose) ?? "INVESTIGATION");

/** Reads for something else from now on. */
export function choosePurpose(code: string): void {
  localStorage.setItem(keptPurpose, code);
  chosenPurpose.value = code;
  readFor(code);
}

/** Asks who is signed in. What the gateway cannot say now leaves it as it was. */
export async function askSession(): Promise<void> {
  try {
    const { data } = await api.GET("/v1/session");
    const found = had(data);
    readFor(found.purpose ?? chosenPurpose.value);
    state.value = found;
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) state.value = "nobody";
    else if (state.value === "unknown") throw error;
  }
}

/** The gateway said that the session is over; what is being written stays on the screen's own draft. */
export function loseSession(): void {
  state.value = "nobody";
}

/** Whether a person may ask for a path of the description, by the gateway's own word. */
export function may(method: string, path: string): boolean {
  // there the pieces are written {id}, here :id
  const route = path.replaceAll(/\{(\w+)\}/g, ":$1");
  return session.value?.may.some((one) => one.method === method && one.path === route) ?? false;
}

/** Signs in by passkey; false when the person would not. */
export async function signIn(): Promise<boolean> {
  const { data } = await api.POST("/v1/session:begin");
  const { ceremony, options } = had(data);
  const answer = await askPasskey(options);
  if (answer === undefined) return false;
  await api.POST("/v1/session", { body: { ceremony, answer } });
  await askSession();
  return true;
}

/** Goes to the agency's identity provider, which sends the browser back signed in; with a one-time code the account is linked first. */
export async function goToProvider(code?: string): Promise<void> {
  const body = code === undefined ? {} : { code };
  location.assign(had((await api.POST("/v1/oidc:begin", { body })).data).url);
}

/** Makes a passkey with the one-time code of an administrator, and is signed in by it. */
export async function enrol(code: string): Promise<boolean> {
  const { data } = await api.POST("/v1/enrolment:begin", { body: { code } });
  const { ceremony, options } = had(data);
  const answer = await makePasskey(options);
  if (answer === undefined) return false;
  await api.POST("/v1/enrolment", { body: { code, ceremony, answer } });
  await askSession();
  return true;
}

/** Proves again that it is she; false when she would not. */
async function prove(): Promise<boolean> {
  const { data } = await api.POST("/v1/session:prove-begin");
  const { ceremony, options } = had(data);
  const answer = await askPasskey(options);
  if (answer === undefined) return false;
  await api.POST("/v1/session:prove", { body: { ceremony, answer } });
  return true;
}

/** Does what may want a fresh proof: where the gateway asks for one she gives it, and it is done then. */
export async function proving<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Refusal) || error.message !== "STEP_UP_NEEDED") throw error;
    if (!(await prove())) throw error;
    return await act();
  }
}

/** Signs out. */
export async function signOut(): Promise<void> {
  const { data } = await api.DELETE("/v1/session");
  state.value = "nobody";
  const leave = data?.leaveUrl;
  if (typeof leave === "string") location.assign(leave);
}
