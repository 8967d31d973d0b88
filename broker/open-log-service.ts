import { join } from "node:path";

import type { Log } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import type { BrokerOptions } from "./options.ts";
import type { Journal } from "./journal.ts";
import type { OwnKeys } from "./renewal/index.ts";
import { type LogService, startLogService } from "./serve/index.ts";

/** What the service of the log is made of. */
export interface LogServiceParts {
  readonly options: Pick<BrokerOptions, "dir" | "logService" | "clock">;
  readonly own: Pick<OwnKeys, "server">;
  readonly register: () => RegisterView;
  readonly journal: Pick<Journal, "write">;
  readonly log: Log;
}

/** Who reads is written down once in so long, however much he reads. */
const readerMs = 3_600_000;
const maxReaders = 2_000;

/** Writes down who reads the log. */
function makeReaderNotes({ journal, options: { clock } }: Pick<LogServiceParts, "journal" | "options">): (agency: string | undefined) => void {
  const noted = new Map<string, number>();
  return (agency) => {
    const reader = agency ?? "";
    const before = noted.get(reader);
    if (before !== undefined && clock.elapsed() - before < readerMs) return;
    if (noted.size >= maxReaders) noted.clear();
    noted.set(reader, clock.elapsed());
    journal.write("log read", agency === undefined ? {} : { agency });
  };
} // prettier-ignore

/**
 * Serves the hub's log where the operator says so; undefined where he does not.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export async function openLogService(parts: LogServiceParts): Promise<LogService | undefined> {
  const { options, own, register, log } = parts;
  const { dir, logService, clock } = options;
  const onReader = makeReaderNotes(parts);
  if (logService === undefined) return undefined;
  const files = { dir: join(dir, "log"), cosignedFile: join(dir, "log-cosigned") };
  return await startLogService({ ...logService, ...files, pair: () => own.server(), register, onReader, clock, log });
} // prettier-ignore
