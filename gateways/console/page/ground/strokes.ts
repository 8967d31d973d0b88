/** What of a keyboard's event says which key it was. */
export interface Pressed {
  readonly code: string;
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * A key as it is written down: letters by where they lie, so that other layouts and scripts have them too; signs by what they
 * are. Empty for what is no key of its own, and for what belongs to the browser or the system.
 */
export function strokeOf({ code, key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  if (altKey || (ctrlKey && metaKey)) return "";
  const isHeld = ctrlKey || metaKey;
  const isLetter = /^Key[A-Z]$/.test(code);
  if (!isLetter) return !isHeld && /^[!-/:-@[-`{-~]$/.test(key) ? key : "";
  return `${isHeld ? "Ctrl+" : ""}${shiftKey ? "Shift+" : ""}${code}`;
}

/** Whether a way of writing keys down is one: one key, or two one after the other. */
export function isStroke(text: string): boolean {
  return text.split(" ").length <= 2 && text.split(" ").every((one) => /^(?:(?:Ctrl\+)?(?:Shift\+)?Key[A-Z]|[!-/:-@[-`{-~])$/.test(one));
} // prettier-ignore

/** As people read it: `g i`, `Shift+x`, `Ctrl+K`. */
export function renderStroke(stroke: string): string {
  return stroke
    .split(" ")
    .map((one) => one.replace(/Key([A-Z])$/, (_, letter: string) => (one.startsWith("Ctrl") ? letter : letter.toLowerCase())))
    .join(" ");
} // prettier-ignore
