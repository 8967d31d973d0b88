import type { Office } from "./office.ts";

/** The series of an outbox: of a new one higher than that of any outbox this agency had before. Runs inside a write. */
export function seriesOf({ store, clock }: Pick<Office, "store" | "clock">): number {
  const held = store.settings.get("series");
  if (held !== undefined) return Number(held);
  const series = Math.floor(clock.now() / 1000);
  store.settings.set("series", String(series));
  return series;
}
