import { type ReadonlySignal, signal } from "@preact/signals";

/** A text that is being written on this screen. */
export interface Writing {
  /** Brings it to the gateway now; rejects where that cannot be done. */
  save(): Promise<void>;
  /** Whether something of it is not at the gateway. */
  isDirty(): boolean;
}

const open = new Set<Writing>();
const isOpen = signal(false);

/** Whether something is being written in this window: then nothing reloads it. */
export const isWriting: ReadonlySignal<boolean> = isOpen;

/** Every window of this browser that writes holds this lock together with all others that do. */
const lockName = "atumpan-writing";

/** Holds the lock as long as the promise lasts; browsers without locks know of their own window alone. */
function holdLock(until: Promise<void>): void {
  if (!("locks" in navigator)) return;
  navigator.locks.request(lockName, { mode: "shared" }, async () => await until).catch(() => undefined);
} // prettier-ignore

/** Says that something is being written, until what it gives is called. */
export function holdWriting(writing: Writing): () => void {
  const ends: (() => void)[] = [];
  open.add(writing);
  isOpen.value = true;
  holdLock(new Promise<void>((resolve) => void ends.push(resolve)));
  return () => {
    open.delete(writing);
    isOpen.value = open.size > 0;
    for (const end of ends) end();
  };
}

/** Brings to the gateway what was typed in this window, as far as that can be done now. */
export async function saveWriting(): Promise<void> {
  const dirty = [...open].filter((one) => one.isDirty());
  await Promise.allSettled(dirty.map(async (one) => await one.save()));
}

/** Whether something is being written in this window or another of this browser. */
export async function isWritingAnywhere(): Promise<boolean> {
  if (isOpen.value || !("locks" in navigator)) return isOpen.value;
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockName);
}
