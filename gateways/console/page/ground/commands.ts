import { focusWished, wishFocus } from "./focus.ts";
import { go, place } from "./place.ts";
import { mayEnter, type Room, rooms } from "./rooms.ts";
import { may } from "./session.ts";
import type { WordId } from "./words.ts";

/** Something that a key does, and that can be chosen by its name. */
export interface Command {
  readonly id: string;
  readonly word: WordId;
  /** The key it has as long as the person gives it no other; empty: none. */
  readonly stroke: string;
  /** Whether it can be done here and now; always when left out. */
  readonly isThere?: () => boolean;
  readonly run: () => void;
}

function buttonOf(name: string): HTMLButtonElement | null {
  return document.querySelector<HTMLButtonElement>(`button[data-act="${name}"]`);
}

/** Presses a button of the screen, where it stands there. */
function press(id: string, word: WordId, stroke: string): Command {
  return { id, word, stroke, isThere: () => buttonOf(id) !== null, run: () => buttonOf(id)?.click() };
} // prettier-ignore

/** The keys that lead to rooms. */
const roomStrokes: Readonly<Record<string, string>> = {
  home: "KeyG KeyH",
  inbox: "KeyG KeyI",
  write: "KeyW",
  sent: "KeyG KeyS",
  drafts: "KeyG KeyD",
  approvals: "KeyG KeyA",
  help: "?",
};

/** Goes to a room, for those who may. */
function commandOf(room: Room): Command {
  const { path: id, word } = room;
  return { id, word, stroke: roomStrokes[id] ?? "", isThere: () => mayEnter(room), run: () => go(id) }; // prettier-ignore
}

function linesOf(): readonly HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("a.line")];
}

function step(by: 1 | -1): void {
  const lines = linesOf();
  const at = lines.findIndex((line) => line === document.activeElement);
  const next = at < 0 && by < 0 ? lines.length - 1 : at + by;
  lines[Math.min(Math.max(next, 0), lines.length - 1)]?.focus();
}

/** Chooses the line that has the focus; with Shift all from the one chosen before. */
function choose(isRange: boolean): void {
  const box = document.activeElement?.closest("li")?.querySelector('input[type="checkbox"]');
  box?.dispatchEvent(new MouseEvent("click", { shiftKey: isRange, bubbles: true, cancelable: true }));
} // prettier-ignore

function search(): void {
  wishFocus('input[type="search"]');
  if (place.value.path[0] === "inbox") focusWished();
  else go("inbox");
}

/** The messages of the list one came from, so that the next is one key away. */
let listed: readonly string[] = [];

/** Says which messages the list on the screen has, in its order. */
export function noteListed(ids: readonly string[]): void {
  listed = ids;
}

function nextListed(): string | undefined {
  const [where, id = ""] = place.value.path;
  return where === "message" && listed.includes(id) ? listed[listed.indexOf(id) + 1] : undefined;
}

function goOn(): void {
  const next = nextListed();
  go(next === undefined ? "inbox" : `message/${next}`);
}

const hasLines = (): boolean => linesOf().length > 0;

/** Everything that has a key or can be chosen by name. */
export const commands: readonly Command[] = [
  { id: "next", word: "keyboard.next", stroke: "KeyJ", isThere: hasLines, run: () => step(1) },
  { id: "previous", word: "keyboard.previous", stroke: "KeyK", isThere: hasLines, run: () => step(-1) },
  { id: "choose", word: "keyboard.choose", stroke: "KeyX", isThere: hasLines, run: () => choose(false) },
  { id: "chooseTo", word: "keyboard.chooseTo", stroke: "Shift+KeyX", isThere: hasLines, run: () => choose(true) },
  { id: "goOn", word: "keyboard.goOn", stroke: "KeyE", isThere: () => place.value.path[0] === "message", run: goOn },
  press("claim", "claim.take", "KeyC"),
  press("acknowledge", "answer.acknowledge", "KeyA"),
  press("hit", "answer.hit", "KeyH"),
  press("noHit", "answer.noHit", "KeyN"),
  press("partial", "answer.partial", "KeyP"),
  press("refuse", "answer.refuse", "KeyF"),
  press("clarify", "answer.clarify", "KeyQ"),
  press("redirect", "answer.redirect", "KeyT"),
  press("remind", "answer.remind", ""),
  press("prolong", "answer.prolong", ""),
  press("correct", "answer.correct", ""),
  press("withdraw", "answer.withdraw", ""),
  press("original", "read.original", "KeyO"),
  press("print", "read.print", ""),
  press("undo", "act.undo", "KeyU"),
  { id: "search", word: "act.search", stroke: "/", isThere: () => may("GET", "/v1/messages"), run: search },
  ...rooms.map(commandOf),
]; // prettier-ignore
