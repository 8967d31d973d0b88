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
  tryJournal,
} from "../../certs/authority/index.ts";
import { exitCodes, type Desk, type Say, sayOf, type Start } from "../../gateways/cli/index.ts";
import { Fault } from "../../schemas/ground/index.ts";

/** Everything a command of an office may touch. */
export interface AuthorityWorld extends Pick<CeremonyDesk, "ask" | "askPin" | "clock" | "chance"> {
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** What is only tried is told in the language that was asked for. */
  readonly say: Say;
}

/** What runs when its command was read. */
export type OfficeStart = (run: (world: AuthorityWorld) => unknown) => void;

function worldOf({ world, common }: Desk): AuthorityWorld {
  const { cwd, out, err, clock, chance } = world;
  const put = async (question: string, isSecret: boolean): Promise<string> => {
    if (common.input !== false && world.ask !== undefined) return await world.ask(question, isSecret);
    throw new Fault("USAGE_INVALID", `nobody is asked here, as with --no-input: ${question}`);
  };
  const ask = (question: string): Promise<string> => put(question, false);
  const askPin = (token: string): Promise<string> => put(`PIN of token ${token}`, true);
  return { cwd, out, err, ask, askPin, clock, chance, say: sayOf({ common }) };
} // prettier-ignore

/** Starts what an office does as the command line starts everything else. */
export function makeOfficeStart(common: () => Desk["common"], start: Start): OfficeStart {
  return (run) => {
    start(common(), async (desk) => {
      await run(worldOf(desk));
      return exitCodes.ok;
    });
  };
}

/** An authority's folder as who works online opens it. */
export interface OnlineDesk {
  readonly folder: string;
  readonly authority: Authority;
  readonly journal: Journal;
}

/** Which folder is worked on, and whether that is only tried. */
export interface Place {
  readonly folder: string;
  readonly dryRun?: true | undefined;
}

/**
 * Opens an authority's folder for online work, does `work`, and closes its journal. The root's key is not
 * looked at. PINs of tokens that name no file of theirs are asked for. Where it is only tried, the journal is read and
 * stays as it lies, and no CA's key signs.
 *
 * @throws {Fault} what opening and `work` throw
 */
export async function workOnline<T>(
  world: AuthorityWorld,
  { folder: named, dryRun }: Place,
  work: (desk: OnlineDesk) => Promise<T>,
): Promise<T> {
  const folder = resolve(world.cwd, named);
  const places = findTokenPlaces(folder, findIssuingNames(folder));
  const authority = loadOnlineAuthority(folder, await askPins(world, places));
  const file = journalFile(folder);
  const journal = dryRun === true ? tryJournal(file) : startJournal(file);
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
  if (json === true) out(`${JSON.stringify(result)}\n`);
  else for (const line of words) out(`${line}\n`);
}
