import { type Language, wordLabel } from "../../schemas/index.ts";
import type { Basis, Decision } from "./question.ts";

/** Words of the register set apart from the direction of the line (UAX #9). */
function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

function explainRight({ agreement }: Basis, lang: Language): string {
  if (agreement === undefined) return wordLabel("allowed.MANDATE", lang);
  const ref = isolated(agreement.agreementRef);
  // a function, so that signs such as $& in the name of an agreement stay what they are
  return wordLabel("allowed.AGREEMENT", lang).replace("{ref}", () => ref);
}

function explainRelease({ nomination, release }: Basis, lang: Language): readonly string[] {
  if (nomination.action !== "READ") return [];
  return [wordLabel(release === undefined ? "allowed.SAME_AUTHORITY" : "allowed.RELEASE", lang)];
}

/**
 * A decision in sentences of one language: of a yes all that it rests on, of a no all that is missing, in the order
 * of asking. Names nobody but an agreement, by the reference that its parties gave it.
 */
export function explainDecision(decision: Decision, lang: Language): readonly string[] {
  if (!decision.allow) return decision.reasons.map((reason) => wordLabel(`denied.${reason}`, lang));
  const { basis } = decision;
  return [
    explainRight(basis, lang),
    wordLabel("allowed.NOMINATION", lang),
    ...explainRelease(basis, lang),
  ];
}
