import { faultSentence, type Language, renderInstant } from "../../schemas/index.ts";
import type { EvidenceReport } from "./check.ts";
import { dimensions } from "./names.ts";
import type { Verdict } from "./verdict.ts";
import { answerWords, dimensionWords, eachAlone, reasonWords } from "./words.ts";

function renderWhy(verdict: Verdict, lang: Language): string {
  if (verdict.says === "NO") return ` — ${faultSentence(verdict.code, lang)} (${verdict.code})`;
  if (verdict.reason === undefined) return "";
  const { detail } = verdict;
  return ` — ${reasonWords[verdict.reason][lang]}${detail === undefined ? "" : `: ${detail}`}`;
}

/** A report as people read it: one line for each question, in their language. */
export function renderReport({ dimensions: found, about, digest }: EvidenceReport, lang: Language): string {
  const head = [
    eachAlone[lang],
    `SHA-256 ${digest}`,
    ...(about === undefined ? [] : [`${about.id}  ${about.channel}  ${about.originator ?? "-"}`]),
    ...(about?.at === undefined ? [] : [`${renderInstant(about.at)}  #${about.index ?? "-"}  ${about.epoch} ${about.registerDigest}`]),
  ];
  const lines = dimensions.map((name) => {
    const verdict = found[name];
    return `${answerWords[verdict.says][lang]}  ${dimensionWords[name][lang]}${renderWhy(verdict, lang)}`;
  });
  return [...head, "", ...lines, ""].join("\n");
} // prettier-ignore
