import { go, place } from "./place.ts";

const fieldNames = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/** Whether somebody types there: then a key is a letter. */
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (fieldNames.has(target.tagName) || target.isContentEditable);
} // prettier-ignore

const keptAs = "atumpan-keys";

/** Whether single keys act; who uses speech or has unsteady hands turns them off. @see WCAG 2.2 §2.1.4 */
export function areKeysOn(): boolean {
  return localStorage.getItem(keptAs) !== "off";
}

/** Turns single keys on or off. */
export function turnKeys(isOn: boolean): void {
  localStorage.setItem(keptAs, isOn ? "on" : "off");
}

/** Keys that press a button of the screen; by where they lie, so that other layouts and scripts have them too. */
const acts: Readonly<Record<string, string>> = {
  KeyA: "acknowledge",
  KeyC: "claim",
  KeyH: "hit",
  KeyN: "noHit",
  KeyF: "refuse",
  KeyQ: "clarify",
  KeyO: "original",
};

const rooms: Readonly<Record<string, string>> = {
  KeyH: "home",
  KeyI: "inbox",
  KeyS: "sent",
  KeyD: "drafts",
};

function step(by: 1 | -1): void {
  const lines = [...document.querySelectorAll<HTMLAnchorElement>("a.line")];
  const at = lines.findIndex((line) => line === document.activeElement);
  const next = at < 0 && by < 0 ? lines.length - 1 : at + by;
  lines[Math.min(Math.max(next, 0), lines.length - 1)]?.focus();
}

function press(name: string): void {
  document.querySelector<HTMLButtonElement>(`button[data-act="${name}"]`)?.click();
}

let isLed = false;

/** A key after `g` leads to a room. */
function lead(code: string): boolean {
  const room = isLed ? rooms[code] : undefined;
  isLed = code === "KeyG" && !isLed;
  if (room !== undefined) go(room);
  return room !== undefined || isLed;
}

function take({ code, key }: KeyboardEvent): boolean {
  if (lead(code)) return true;
  if (code === "KeyJ") step(1);
  else if (code === "KeyK") step(-1);
  else if (code === "KeyW") go("write");
  else if (key === "?") go("help");
  else if (key === "/") {
    if (place.value.path[0] !== "inbox") go("inbox");
    document.querySelector<HTMLInputElement>('input[type="search"]')?.focus();
  } else {
    const name = acts[code];
    if (name !== undefined) press(name);
    return name !== undefined;
  }
  return true;
}

/** Follows the keyboard from now on. */
export function followKeys(): void {
  addEventListener("keydown", (event) => {
    const isHeld = event.ctrlKey || event.metaKey || event.altKey;
    if (isHeld || event.repeat || isField(event.target) || !areKeysOn()) return;
    if (take(event)) event.preventDefault();
  });
}
