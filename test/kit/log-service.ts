import { type LogService, startLogService } from "../../broker/serve/index.ts";
import { silentLog, systemClock } from "../../schemas/ground/index.ts";

/** Serves a folder as a hub serves its log to its own machine. */
export async function serveFolder(dir: string): Promise<LogService> {
  return await startLogService({
    dir, cosignedFile: `${dir}-cosigned`, port: 0, clock: systemClock, log: silentLog,
    pair: () => ({ certificateFile: "", keyFile: "" }),
    register: () => { throw new Error("nobody asks for it on this machine"); },
  }); // prettier-ignore
}
