import { join } from "node:path";

import { issueCrl, issuersOf, issuingName, saveList } from "../../certs/authority/index.ts";
import { type Trial, writeTrial } from "./trial.ts";
import { workOnline, writeResult, type AuthorityWorld, type OnlineDesk } from "./world.ts";
import { type Common, parseNumber, renderDay } from "./words.ts";

/** What is to be done with what changed. */
export const publishNext =
  "Next: publish the state's part of the register, so that everyone learns it.";

/** A list that was made, and where it was written. */
export interface SavedList {
  readonly file: string;
  readonly number: number;
  readonly until: number;
  readonly revoked: number;
}

/**
 * Makes the next list of every issuing CA whose key is at hand; each list's file bears the name of its CA. By a journal
 * that only tries none is written.
 *
 * @throws {Fault} USAGE_INVALID, KEY_UNUSABLE, KEY_TOKEN_AWAY, STORE_WRITE_FAILED
 */
export async function saveLists(
  { folder, authority, journal }: OnlineDesk,
  { now, days }: { now: number; days?: number | undefined },
): Promise<readonly SavedList[]> {
  const issuers = issuersOf(authority);
  const saved: SavedList[] = [];
  for (const [at, issuer] of issuers.entries()) {
    if (issuer.key === undefined || issuer.certificate.notAfter < now) continue;
    const crl = await issueCrl({ authority, journal, issuer, now, days });
    const file = join(folder, `${issuingName(issuers.length - at)}.crl`);
    if (!journal.isTried) saveList(file, crl);
    saved.push({
      file,
      number: Number(`0x${crl.crlNumber}`),
      until: crl.nextUpdate,
      revoked: crl.revoked.size,
    });
  }
  return saved;
}

/** Lists for people, one a line. */
export function renderLists(lists: readonly SavedList[]): readonly string[] {
  return lists.map(
    ({ file, number, until, revoked }) =>
      `${file}: list ${number}, ${revoked} revoked, good until ${renderDay(until)}`,
  );
}

/** The same for lists that would be written. */
export function renderTriedLists(
  { say }: Pick<AuthorityWorld, "say">,
  lists: readonly SavedList[],
): readonly string[] {
  if (lists.length === 0) return [say("dry.lists.none")];
  const lines = lists.map(({ file, number, until, revoked: count }) =>
    say("dry.lists.line", { file, number, count, until: renderDay(until) }),
  );
  return [say("dry.lists.these"), ...lines.map((line) => `  ${line}`)];
}

/** `atumpan authority crl`: the next lists, though nothing changed. */
export async function runCrl(
  world: AuthorityWorld,
  options: Common & Trial & { readonly days?: string; readonly hours?: string },
): Promise<void> {
  const hours = parseNumber(options.hours, "--hours");
  const days = hours === undefined ? parseNumber(options.days, "--days") : hours / 24;
  await workOnline(world, options, async (desk) => {
    const lists = await saveLists(desk, { now: world.clock.now(), days });
    const told = { json: options.json, result: { lists } };
    if (options.dryRun === true)
      return writeTrial(world, { ...told, words: renderTriedLists(world, lists) });
    const words = [...renderLists(lists), publishNext];
    return writeResult(world, { json: options.json, result: { lists }, words });
  });
}
