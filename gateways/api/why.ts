import {
  type Basis,
  type Decision,
  explainDecision,
  type Question,
  type Reader,
} from "../../certs/trust/index.ts";
import { type Language, renderInstant, renderJson } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { parseAudienceQuery, parseDecisionQuery } from "./read-why.ts";

/** A decision with what was asked, and by which register it was answered when. */
export interface AnsweredQuestion {
  readonly question: Question;
  readonly decision: Decision;
  readonly epoch: number;
  readonly at: EpochMs;
  readonly lang: Language;
}

/** What a yes rests on, as codes, in the order in which `explainDecision` says it. */
function codesOf({ agreement, release, nomination }: Basis): readonly string[] {
  const right = agreement === undefined ? "MANDATE" : "AGREEMENT";
  if (nomination.action !== "READ") return [right, "NOMINATION"];
  return [right, "NOMINATION", release === undefined ? "SAME_AUTHORITY" : "RELEASE"];
}

/** The lines of the register themselves: who wants to know until when it holds finds it there. */
function renderBasis({ mandate, agreement, nomination, release }: Basis): object {
  return {
    ...(mandate === undefined ? {} : { mandate: renderJson("Mandate", mandate) }),
    ...(agreement === undefined ? {} : { agreement: renderJson("Agreement", agreement) }),
    nomination: renderJson("Mandate", nomination),
    ...(release === undefined ? {} : { release: renderJson("ReleaseRule", release) }),
  };
}

/** Yes or no; each reason as its code and as a sentence of the language. */
function renderReasons(decision: Decision, lang: Language): object {
  const said = explainDecision(decision, lang);
  const codes = decision.allow ? codesOf(decision.basis) : decision.reasons;
  const reasons = codes.map((code, at) => ({ code, says: said[at] ?? code }));
  return { allow: decision.allow, reasons };
}

/** A decision in JSON: what was asked, the answer, and every reason as a code and as a sentence. */
export function renderDecision({ question, decision, epoch, at, lang }: AnsweredQuestion): object {
  return {
    question,
    ...renderReasons(decision, lang),
    ...(decision.allow ? { basis: renderBasis(decision.basis) } : {}),
    epoch,
    at: renderInstant(at),
    lang,
  };
}

/** Why an agency may, or may not, read or publish something: the function that decides, asked aloud. */
export function getDecision({ exchange, clock }: Desk, { url }: Call): Response {
  const { question, lang } = parseDecisionQuery(url.searchParams);
  const decision = exchange.decision(question);
  const { registerEpoch: epoch } = exchange.status();
  return renderAnswer(renderDecision({ question, decision, epoch, at: clock.now(), lang }));
}

function isWanted(who: "readers" | "others" | undefined, { decision }: Reader): boolean {
  return who === undefined || decision.allow === (who === "readers");
}

/** Who would read a message, who would not, and why; a page at a time, by the names of agencies. */
export function getAudience({ exchange, clock }: Desk, { url }: Call): Response {
  const { header, lang, who, cursor = "", limit } = parseAudienceQuery(url.searchParams);
  const all = exchange.readers(header);
  const readers = all.filter(({ decision }) => decision.allow).length;
  const found = all
    .filter((one) => one.agency > cursor && isWanted(who, one))
    .toSorted((a, b) => (a.agency < b.agency ? -1 : 1));
  const page = found.slice(0, limit);
  const items = page.map(({ agency, decision }) => ({ agency, ...renderReasons(decision, lang) }));
  const next = found.length > limit ? (page.at(-1)?.agency ?? null) : null;
  const { registerEpoch: epoch } = exchange.status();
  const counted = { readers, others: all.length - readers };
  return renderAnswer({ ...counted, items, next, epoch, at: renderInstant(clock.now()), lang });
}
