/** Long enough for any title, short enough for every disk; in characters. */
const maxChars = 120;
/** Controls, marks of direction, and all else that is not seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const special = /[/\\:*?"<>|%]/g;
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const maxInput = 1_000;

/**
 * A name as it may be shown and offered: one line without anything that is not seen, that turns the direction, or that means
 * something to a disk; ends with the ending of its true type. It is never a path, and nothing is opened by it.
 */
export function cleanName(said: string, ending: string): string {
  const line = said.slice(0, maxInput).normalize("NFC").replaceAll(unseen, "");
  const plain = line
    .replaceAll(special, "_")
    .replaceAll(/\s+/g, " ")
    .replace(/^[. ]+/, "");
  const whole = plain.toLowerCase().endsWith(`.${ending}`)
    ? plain.slice(0, -ending.length - 1)
    : plain;
  const stem = Array.from(whole)
    .slice(0, maxChars - ending.length - 3)
    .join("");
  const bare = stem.endsWith(".") || stem.endsWith(" ") ? `${stem.trim()}_` : stem;
  const safe = bare === "" || device.test(`${bare}.`) ? `_${bare}` : bare;
  return `${safe}.${ending}`;
}
