import { type Chance, type Clock, type Log, toFault } from "../schemas/ground/index.ts";
import type { AuditRecord } from "./audit/index.ts";
import type { Office } from "./exchange/index.ts";
import { type InspectionDesk, makeInspectionDesk } from "./inspection/index.ts";

/** What inspections at one gateway are made of. */
export interface InspectionDeskParts {
  readonly office: Pick<Office, "agency" | "store" | "signer">;
  readonly audit: Pick<AuditRecord, "add">;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** Looks so often whether a sample can be drawn, or an inspection is over. */
const tickMs = 2_000;

/** Opens the desk, and what draws and ends by itself. */
export function openInspections({ office, audit, clock, chance, log }: InspectionDeskParts): { readonly desk: InspectionDesk; stop(): Promise<void> } {
  const { agency, store, signer } = office;
  const desk = makeInspectionDesk({ agency, store, signer, clock, chance, log, note: (line) => audit.add(line) });
  let running: Promise<void> | undefined;
  const tend = async (): Promise<void> => {
    try {
      await desk.tend();
    } catch (error) {
      log.error("inspections were not looked at", { code: toFault(error, "INTERNAL").code });
    }
  };
  const timer = clock.every(tickMs, () => {
    running ??= tend().finally(() => (running = undefined));
  });
  return {
    desk,
    stop: async () => {
      timer.stop();
      await running;
    },
  };
} // prettier-ignore
