import { type ReadonlySignal, signal } from "@preact/signals";

/** A newer shell that was fetched and waits. */
const waiting = signal<ServiceWorker | undefined>(undefined);

/** Whether a newer shell lies ready. */
export const newShell: ReadonlySignal<ServiceWorker | undefined> = waiting;

/** Lets the newer shell take over, and shows it. */
export function takeShell(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  waiting.value?.postMessage("take over");
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

function note(registration: ServiceWorkerRegistration): void {
  const { installing } = registration;
  installing?.addEventListener("statechange", () => {
    const isUpdate = navigator.serviceWorker.controller !== null;
    if (installing.state === "installed" && isUpdate) waiting.value = installing;
  });
}

async function keepShell(): Promise<void> {
  const registration = await navigator.serviceWorker.register(trusted(), { updateViaCache: "none" });
  if (registration.waiting !== null) waiting.value = registration.waiting;
  registration.addEventListener("updatefound", () => note(registration));
} // prettier-ignore

/** Keeps the shell in this browser, so that it opens without a line; a newer one waits until it is asked for. */
export function followShell(): void {
  if (!("serviceWorker" in navigator)) return;
  // without it the console works as long as the gateway is reached
  keepShell().catch(() => undefined);
}
