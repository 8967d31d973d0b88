/** An instant to the minute: `2026-03-09 14:05 UTC`. */
export function renderMinute(instant: string): string {
  return `${instant.slice(0, 16).replace("T", " ")} UTC`;
}
