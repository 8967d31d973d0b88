import { now } from "./clock.ts";

/** Who has touched nothing for so long counts as away: what the page asks then, it asks by itself. */
const presentMs = 60_000;
let touchedAt = now();

/** Whether a person is at the page. */
export function isPresent(): boolean {
  return now() - touchedAt < presentMs;
}

/** Notes from now on when somebody is at the page, and says so who comes back after a while. */
export function followPresence(cameBack: () => void): void {
  const note = (): void => {
    const wasAway = !isPresent();
    touchedAt = now();
    if (wasAway) cameBack();
  };
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "focus"]) {
    addEventListener(kind, note, { passive: true, capture: true });
  }
}
