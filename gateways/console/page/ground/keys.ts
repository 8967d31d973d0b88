import { type ReadonlySignal, signal } from "@preact/signals";

import { after, type Timer } from "./clock.ts";
import { type Command, commands } from "./commands.ts";
import { findStroke, type Keymap, readKeymap, withStroke } from "./keymap.ts";
import { strokeOf } from "./strokes.ts";

const fieldNames = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/** Whether somebody types there: then a key is a letter. A box that is only ticked is no such place. */
function isField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && target.type === "checkbox") return false;
  return target instanceof HTMLElement && (fieldNames.has(target.tagName) || target.isContentEditable);
} // prettier-ignore

const switchKeptAs = "atumpan-keys";
const mapKeptAs = "atumpan-keymap";
/** The list of commands is asked for with a key that is held: it is no single key. */
const listStroke = "Ctrl+KeyK";

/** Whether single keys act; who uses speech or has unsteady hands turns them off. @see WCAG 2.2 §2.1.4 */
export function areKeysOn(): boolean {
  return localStorage.getItem(switchKeptAs) !== "off";
}

/** Turns single keys on or off. */
export function turnKeys(isOn: boolean): void {
  localStorage.setItem(switchKeptAs, isOn ? "on" : "off");
}

const usual: Keymap = new Map([
  ...commands.map(({ id, stroke }) => [id, stroke] as const),
  ["commands", listStroke],
]);
const map = signal<Keymap>(readKeymap(usual, localStorage.getItem(mapKeptAs)));

/** Which command has which key, as the person would have it; kept in this browser. */
export const keymap: ReadonlySignal<Keymap> = map;

/** Gives a command another key, or none; undefined gives all their usual ones back. */
export function changeKey(change: { readonly id: string; readonly stroke: string } | undefined): void {
  map.value = change === undefined ? usual : withStroke(map.value, change.id, change.stroke);
  localStorage.setItem(mapKeptAs, JSON.stringify(Object.fromEntries(map.value)));
} // prettier-ignore

const listShown = signal(false);

/** Whether the list of commands is open. */
export const isListShown: ReadonlySignal<boolean> & { value: boolean } = listShown;

/** So long a key waits for the one after it. */
const betweenMs = 1_500;
let begun = "";
let waiting: Timer | undefined;

function begin(typed: string): void {
  waiting?.stop();
  begun = typed;
  waiting = after(betweenMs, () => (begun = ""));
}

function run(id: string): void {
  if (id === "commands") {
    listShown.value = true;
    return;
  }
  const command = commands.find((one) => one.id === id);
  if (command?.isThere?.() ?? true) command?.run();
}

/** Whether a key was meant for the console. */
function take(stroke: string): boolean {
  const typed = begun === "" ? stroke : `${begun} ${stroke}`;
  begun = "";
  const { id, isBegun } = findStroke(map.value, typed);
  if (isBegun) begin(typed);
  if (id !== undefined) run(id);
  return id !== undefined || isBegun;
}

/** The commands that can be given here and now. */
export function listCommands(): readonly Command[] {
  return commands.filter(({ isThere }) => isThere?.() ?? true);
}

/** Follows the keyboard from now on. Inside a dialog keys are the dialog's. */
export function followKeys(): void {
  addEventListener("keydown", (event) => {
    const stroke = strokeOf(event);
    const isHeld = stroke.startsWith("Ctrl+");
    if (stroke === "" || event.repeat || event.defaultPrevented) return;
    if (!isHeld && (isField(event.target) || !areKeysOn())) return;
    if (document.querySelector("dialog[open]") === null && take(stroke)) event.preventDefault();
  });
}
