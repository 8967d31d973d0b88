import { resolve } from "node:path";

import {
  askPins,
  type Authority,
  type CeremonyDesk,
  findIssuingNames,
  findTokenPlaces,
  type Journal,
  journalFile,
  loadOnlineAuthority,
  startJournal,
} from "../../certs/authority/index.ts";

/** Everything `atumpan authority` may touch. */
export interface AuthorityWorld extends Pick<CeremonyDesk, "ask" | "askPin" | "clock" | "chance"> {
  /** Arguments after `authority`. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** An authority's folder as who works online opens it. */
export interface OnlineDesk {
  readonly folder: string;
  readonly authority: Authority;
  readonly journal: Journal;
}

/**
 * Opens an authority's folder for online work, does `work`, and closes its journal. The root's key is not
 * looked at. PINs of tokens that name no file of theirs are asked for.
 *
 * @throws {Fault} what opening and `work` throw
 */
export async function workOnline<T>(
  world: AuthorityWorld,
  named: string,
  work: (desk: OnlineDesk) => Promise<T>,
): Promise<T> {
  const folder = resolve(world.cwd, named);
  const places = findTokenPlaces(folder, findIssuingNames(folder));
  const authority = loadOnlineAuthority(folder, await askPins(world, places));
  const journal = startJournal(journalFile(folder));
  try {
    return await work({ folder, authority, journal });
  } finally {
    journal.stop();
  }
}

/** Writes a result: its JSON when that is asked for, else words for people. */
export function writeResult(
  { out }: Pick<AuthorityWorld, "out">,
  { json, result, words }: { json: boolean | undefined; result: unknown; words: readonly string[] },
): void {
  if (json === true) out(`${JSON.stringify(result, undefined, 2)}\n`);
  else for (const line of words) out(`${line}\n`);
}
