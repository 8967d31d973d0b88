import { type Octets, refuse } from "./bytes.ts";
import { openCourtCase } from "./case.ts";
import { messageCourt } from "./checks.ts";
import { readEvidence, readTrust } from "./file.ts";
import { hash, toHex } from "./join.ts";
import { logCourt } from "./log-checks.ts";
import { type CourtVerdict, judgeOne, unknown, yes } from "./verdict.ts";

/** Every answer by the name of its question, and the digest of the file. */
export interface CourtReport {
  readonly digest: string;
  readonly verdicts: Readonly<Record<string, CourtVerdict>>;
}

/** What is judged: the file, the roots that are believed, if any, and when. */
export interface CourtQuestion {
  readonly file: Octets;
  readonly roots?: Octets | undefined;
  readonly now: number;
}

/** Judges an evidence file. Roots that cannot be read refuse everything; else nothing is thrown. */
export async function judgeEvidence({ file, roots, now }: CourtQuestion): Promise<CourtReport> {
  const trust = roots === undefined ? undefined : readTrust(roots);
  const digest = toHex(await hash(file));
  const checks = { ...messageCourt, ...logCourt };
  const names = Object.keys(checks);
  const form = await judgeOne(async () => {
    readEvidence(file);
    return await Promise.resolve(yes());
  });
  if (form.says === "NO") {
    const unread = names.map((name): [string, CourtVerdict] => [name, unknown("UNREADABLE")]);
    return { digest, verdicts: { form, ...Object.fromEntries(unread) } };
  }
  const one = openCourtCase(readEvidence(file), trust, now);
  const verdicts: Record<string, CourtVerdict> = { form };
  for (const name of names) {
    const check = checks[name] ?? (() => refuse("EVIDENCE_INVALID"));
    verdicts[name] = await judgeOne(() => check(one));
  }
  return { digest, verdicts };
}
