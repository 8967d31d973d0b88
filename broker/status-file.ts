import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { replaceFile } from "../schemas/disk/index.ts";
import {
  type Clock,
  type EpochMs,
  Fault,
  type Log,
  toFault,
  tryShape,
  utf8,
} from "../schemas/ground/index.ts";
import type { BrokerStatus } from "./options.ts";

const statusFile = "status.json";
const everyMs = 5_000;
const maxChars = 1024 * 1024;

const count = z.number().min(0);
const code = z.string().max(60);
/** What of a broker's status is shown to people; the file has all of it. */
const shape = z.looseObject({
  at: count,
  ready: z.boolean(),
  /** What this broker is called, where it waits for its turn while another one of the hub works. */
  standby: z.string().max(64).optional(),
  epoch: count,
  registerExpiresAt: count,
  accepted: count,
  refused: count,
  heldBack: count,
  underWay: count,
  stopped: z.looseObject({ since: count, reason: code }).optional(),
  log: z
    .looseObject({
      size: count,
      checkpointAt: count.optional(),
      room: z.looseObject({ bytes: count, maxBytes: count, daysLeft: count.optional() }).optional(),
      stopped: code.optional(),
      waiting: code.optional(),
    })
    .optional(),
  witnesses: z
    .looseObject({
      size: count.optional(),
      at: count.optional(),
      missingSince: count.optional(),
      missing: z.array(z.string().max(255)).max(64),
      isDisputed: z.boolean(),
    })
    .optional(),
});

/** How a broker stands that waits for its turn. */
export type StandbyStatus = Pick<BrokerStatus, "ready" | "epoch" | "registerExpiresAt" | "accepted" | "refused" | "heldBack" | "underWay"> & {
  readonly standby: string;
}; // prettier-ignore

/** How a broker stood when it last said so, and when that was. */
export type ToldStatus = Readonly<z.infer<typeof shape>>;

/** Writes down again and again how a broker stands, for `atumpan hub status` and what watches the machine. */
export function keepStatusFile({ dir, clock, log }: { readonly dir: string; readonly clock: Clock; readonly log: Log }, status: () => BrokerStatus | StandbyStatus): { stop(): void } {
  const file = join(dir, statusFile);
  const write = (): void => {
    try {
      const text = `${JSON.stringify({ at: clock.now(), ...status() })}\n`;
      replaceFile(file, utf8(text), { mode: 0o600, sync: "nothing" });
    } catch (error) {
      log.warn("the status was not written", { code: toFault(error, "STORE_WRITE_FAILED").code });
    }
  };
  write();
  const timer = clock.every(everyMs, write);
  return {
    stop: () => {
      timer.stop();
      rmSync(file, { force: true });
    },
  };
} // prettier-ignore

/**
 * Reads what a broker said of itself.
 *
 * @throws {Fault} INTEGRITY_STORE for what no broker writes
 */
export function parseToldStatus(text: string): ToldStatus {
  try {
    const read = tryShape(shape, text.length > maxChars ? undefined : JSON.parse(text));
    if (read.success) return read.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Fault("INTEGRITY_STORE", `${statusFile}: not what a broker writes; remove it`);
}

/**
 * How the broker of this folder stood when it last said so; undefined when none runs.
 *
 * @throws {Fault} INTEGRITY_STORE for a file that no broker wrote
 */
export function findToldStatus(dir: string): ToldStatus | undefined {
  const file = join(dir, statusFile);
  return existsSync(file) ? parseToldStatus(readFileSync(file, "utf8")) : undefined;
}

/** Whether it is so old that the broker that wrote it cannot be running. */
export function isOldStatus({ at }: Pick<ToldStatus, "at">, now: EpochMs): boolean {
  return now - at > 6 * everyMs;
}
