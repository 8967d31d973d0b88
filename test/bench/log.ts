/**
 * `npm run bench -- --log`: what the hub's log costs: appending against a bare feed of the same server, how soon a message
 * stands under a signed checkpoint, proofs of a log of a million entries, verifying one, and the evidence file.
 */
import { type AppendFigures, measureAppends, type Speed } from "./log-appends.ts";
import { measureProofs, type ProofFigures } from "./log-proofs.ts";
import { measureVerifying, type VerifyFigures } from "./log-verify.ts";
import type { Spread } from "./percentile.ts";
import { watchOthers } from "./process-reading.ts";
import type { Cost } from "./rounds.ts";

/** All that was measured. */
export interface LogFigures {
  readonly appends: AppendFigures;
  readonly proofs: ProofFigures;
  readonly verifying: VerifyFigures;
  /** Cores that others kept busy, server and bench among them. */
  readonly busyCores: number;
}

const aims = { checkpointMs: 2_000, proofMs: 20, verifyMicros: 1_000, evidenceBytes: 12_000 } as const; // prettier-ignore

/** Measures all of it; takes some three minutes with a million leaves. */
export async function measureLog(
  { seconds, rounds, count = 1_000_000 }: { readonly seconds: number; readonly rounds: number; readonly count?: number | undefined },
  say: (text: string) => void,
): Promise<LogFigures> {
  const othersSince = watchOthers();
  const appends = await measureAppends({ seconds, rounds, say });
  const busyCores = othersSince(0);
  say(`a log of ${count} leaves is filled …`);
  const proofs = measureProofs(count, say);
  say("proofs are verified …");
  return { appends, proofs, verifying: await measureVerifying(), busyCores };
} // prettier-ignore

function mark(isOver: boolean): string {
  return isOver ? "  <" : "";
}

function renderSpread({ p50, p99, max }: Spread, digits: number): string {
  return [p50, p99, max].map((ms) => ms.toFixed(digits).padStart(8)).join(" ");
}

function renderSpeed({ perSecond, delays }: Speed): string {
  return `${perSecond.toFixed(0).padStart(7)} ${delays.p50.toFixed(1).padStart(7)} ${delays.p99.toFixed(1).padStart(7)}`;
}

function renderAppends({ leafBytes, messageBytes, appends, checkpoint }: AppendFigures): readonly string[] {
  const { perSecond, signed, published } = checkpoint;
  return [
    `appending, each write synced: leaves of ${leafBytes} bytes, messages of ${messageBytes}`,
    `${"".padEnd(32)} ${"under way".padStart(9)}   bare/s     p50     p99   ours/s     p50     p99  ratio`,
    ...appends.map(({ name, window, bare, ours, ratio }) =>
      `${name.padEnd(32)} ${String(window).padStart(9)}  ${renderSpeed(bare)}  ${renderSpeed(ours)}  ${ratio.toFixed(2).padStart(5)}`),
    `from stored to a checkpoint, at ${perSecond.toFixed(0)}/s, ms ${"p50      p99      max".padStart(24)}  (aim: at most ${aims.checkpointMs})`,
    `${"  signed".padEnd(42)} ${renderSpread(signed, 1)}${mark(signed.max > aims.checkpointMs)}`,
    `${"  read by anybody".padEnd(42)} ${renderSpread(published, 1)}${mark(published.max > aims.checkpointMs)}`,
  ];
} // prettier-ignore

function renderProofs({ leaves, fillSeconds, answers }: ProofFigures): readonly string[] {
  return [
    `proofs of a log of ${leaves} leaves (filled in ${fillSeconds.toFixed(0)} s), ms ${"p50      p99      max   processor".padStart(26)}  (aim: p99 under ${aims.proofMs})`,
    ...answers.map(({ name, delays, cpu }) => `  ${name.padEnd(40)} ${renderSpread(delays, 2)} ${cpu.toFixed(2).padStart(8)}${mark(delays.p99 >= aims.proofMs)}`),
  ];
} // prettier-ignore

function renderCost({ median, low, high }: Cost): string {
  return `${median.toFixed(0).padStart(8)} µs (${low.toFixed(0)}–${high.toFixed(0)})`;
}

function renderVerifying({ costs, proofBytes, evidenceBytes }: VerifyFigures): readonly string[] {
  const { signatures, whole, log, held } = costs;
  return [
    `verifying one proof of 2^20 leaves (aim: under ${aims.verifyMicros} µs)`,
    `  with the log's signature and 3 witnesses  ${renderCost(whole)}, ${(whole.median / signatures.median).toFixed(2)} × four signatures alone${mark(whole.median >= aims.verifyMicros)}`,
    `  with the log's signature                  ${renderCost(log)}`,
    `  under a checkpoint that was verified      ${renderCost(held)}`,
    `proof file ${proofBytes} bytes; evidence of an alert ${evidenceBytes} bytes (aim: under ${aims.evidenceBytes})${mark(evidenceBytes >= aims.evidenceBytes)}`,
  ];
} // prettier-ignore

/** The figures as people read them; `<` where an aim is missed. */
export function renderLog({ appends, proofs, verifying, busyCores }: LogFigures): string {
  return [
    ...renderAppends(appends),
    `cores that were busy meanwhile, server and bench among them: ${busyCores.toFixed(1)}`,
    "",
    ...renderProofs(proofs),
    "",
    ...renderVerifying(verifying),
    "",
  ].join("\n");
}
