import type { Desk } from "./desk.ts";

/** One line that is redrawn on a screen; nothing where nobody watches. */
export function drawLine({ world, common }: Desk, text: string): void {
  if (world.isWatched && common.quiet !== true) world.err(`\r\u001b[K${text}`);
}

/** Bytes, as a person says them. */
export function renderSize(bytes: number): string {
  if (bytes >= 1_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${Math.ceil(bytes / 1000)} kB`;
}

/** How long something takes, as a person says it. */
export function renderSeconds(seconds: number): string {
  if (seconds < 120) return `≈ ${seconds} s`;
  if (seconds < 7_200) return `≈ ${Math.ceil(seconds / 60)} min`;
  return `≈ ${(seconds / 3600).toFixed(1)} h`;
}
