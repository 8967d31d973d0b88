import { followLog, isAtFault, type LogMirror } from "../../certs/auditor/index.ts";
import { type Desk, exitCodes } from "../../gateways/cli/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { openFolderMirror, openFolderSource } from "./folder-mirror.ts";
import { chooseTrust, type TrustOptions } from "./trust.ts";
import { renderFindings } from "./words.ts";

/** Keeps nothing: what is checked is read, and compared with what it says of itself. */
function makeNoMirror(): LogMirror {
  return {
    held: undefined,
    read: () => {
      throw new Fault("LOG_TILE_INVALID", "nothing is kept here");
    },
    write: () => undefined,
    save: () => undefined,
    accuse: () => undefined,
  };
}

/**
 * Reads a mirror, or a hub's own folder, from the first entry to the last.
 *
 * @returns 8 when something is wrong with it
 * @throws {Fault} USAGE_INVALID, REGISTER_*, INTEGRITY_STORE when the mirror's state is damaged
 */
export async function runCheck(desk: Desk, dir: string, options: TrustOptions): Promise<number> {
  const { cwd, clock } = desk.world;
  const { keys } = chooseTrust(cwd, options, clock.now());
  // a state that does not fit itself is told here
  openFolderMirror(dir);
  const source = openFolderSource(dir);
  const { size, findings } = await followLog({ source, mirror: makeNoMirror(), keys, now: clock.now() });
  const wrong = findings.length === 0 ? "all of it is as it should be" : renderFindings(findings);
  desk.result({ size, findings }, `${size} entries were read and proved\n${wrong}`);
  return findings.some(isAtFault) ? exitCodes.verificationFailed : exitCodes.ok;
} // prettier-ignore
