import { type ReadonlySignal, signal } from "@preact/signals";

import { isWriting, isWritingAnywhere } from "./writing.ts";

/** A newer shell that was fetched: it waits, or another window took it already. */
const newer = signal<ServiceWorker | undefined>(undefined);

/** Whether a newer shell lies ready. */
export const newShell: ReadonlySignal<ServiceWorker | undefined> = newer;

/**
 * Lets the newer shell take over in all windows of this browser, and shows it; not while something is being written in any of
 * them. False where that is so.
 */
export async function takeShell(): Promise<boolean> {
  if (await isWritingAnywhere()) return false;
  if (newer.value?.state === "activated") location.reload();
  else newer.value?.postMessage("take over");
  return true;
}

interface ScriptPolicy {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy;
}
declare const trustedTypes: TrustedTypes | undefined;

const address = "/console/sw.js";

/** The address as browsers with Trusted Types take it; the policy knows this one address. */
function trusted(): string {
  if (typeof trustedTypes === "undefined") return address;
  return trustedTypes.createPolicy("sw", { createScriptURL: () => address }).createScriptURL(address);
} // prettier-ignore

/** Files of the version before are gone once a newer one took over: this window shows that too, unless something is written in it. */
function notice(worker: ServiceWorker): void {
  newer.value = worker;
  worker.addEventListener("statechange", () => {
    if (worker.state === "activated" && !isWriting.peek()) location.reload();
  });
}

function note({ installing, active }: ServiceWorkerRegistration): void {
  // the first of all is no newer one
  if (installing === null || active === null) return;
  const follow = (): void => {
    if (installing.state !== "installed") return;
    installing.removeEventListener("statechange", follow);
    notice(installing);
  };
  installing.addEventListener("statechange", follow);
}

async function keepShell(): Promise<void> {
  const registration = await navigator.serviceWorker.register(trusted(), { updateViaCache: "none" });
  if (registration.waiting !== null) notice(registration.waiting);
  registration.addEventListener("updatefound", () => note(registration));
} // prettier-ignore

async function update(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration("/console/");
  await registration?.update();
}

/** Asks the gateway whether there is a newer console; where nothing answers it is asked another time. */
export function askShell(): void {
  if ("serviceWorker" in navigator) update().catch(() => undefined);
}

/** Keeps the shell in this browser, so that it opens without a line; a newer one waits until it is asked for. */
export function followShell(): void {
  if (!("serviceWorker" in navigator)) return;
  // without it the console works as long as the gateway is reached
  keepShell().catch(() => undefined);
}
