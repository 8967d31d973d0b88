import {
  faultSentence,
  languages,
  limits,
  type MessageType,
  messageTypes,
  parseJsonText,
  typeOptions,
} from "../../../schemas/index.ts";
import {
  checkSubmission,
  explainViolations,
  type OfflineCheck,
  renderExplanation,
} from "../../../schemas/explain/index.ts";
import { exampleInstant, exampleOf } from "../../../schemas/examples/index.ts";
import { Fault, isFault } from "../../../schemas/ground/index.ts";
import { certain, hold } from "../promises.ts";
import { holdSilent } from "../silence.ts";
import { jsonTarget, type Target } from "../target.ts";
import { checkWholeJson } from "../whole-messages.ts";

const oneLine = /^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+$/u;

type Members = Readonly<Record<string, unknown>>;

/** An example as an officer hands it in: what it answers stands beside its inner header. */
function makeSubmission(type: MessageType): Members {
  const { originator: _signs, inner: said, ...rest } = exampleOf(type);
  const { inReplyTo, threadId, supersedes, ...inner } = said;
  const recs = typeOptions(type)?.scope === "FEED" ? ["ecowas"] : undefined;
  const beside = Object.entries({ recs, inReplyTo, threadId, supersedes });
  return {
    ...rest,
    ...Object.fromEntries(beside.filter(([, value]) => value !== undefined)),
    inner,
  };
}

function check(json: unknown, originator: string): OfflineCheck {
  return certain("checking a submission", () =>
    checkSubmission(json, { now: exampleInstant, originator }),
  );
}

/** What was found as one fault, so that its words can be looked at like any other's. */
function refuseFound({ violations }: OfflineCheck): void {
  const [{ code, message } = { code: "INTERNAL" as const, message: "" }] = violations;
  if (violations.length > 0) throw new Fault(code, message, { violations });
}

/** Every violation is explained in every language, in one line without anything that moves a cursor. */
function holdExplained({ type, violations }: OfflineCheck): void {
  const explained = certain("explaining", () => explainViolations(violations, type));
  hold(explained.length === violations.length, "a violation is not explained");
  for (const one of explained) {
    for (const lang of languages) {
      const line = certain("writing an explanation", () => renderExplanation(one, lang));
      hold(oneLine.test(line), "an explanation is more than one plain line");
      hold(one.sentence[lang] === faultSentence(one.code, lang), "a code has two sentences");
    }
  }
}

/** The code that the checks of content refuse the same message with, put together as a gateway does. */
function codeOfWhole(said: Members, originator: string): string | undefined {
  const { type, handling = "H0", body } = said as { type: MessageType; handling?: string; body: Members };
  const { urgency = typeOptions(type)?.urgency ?? "" } = said as { urgency?: string };
  const { inReplyTo, threadId, supersedes, recipients } = said;
  const inner = { ...Object(said["inner"]), inReplyTo, threadId, supersedes, recipients } as Members;
  try {
    checkWholeJson({ type, originator, handling, urgency, inner, body });
    return undefined;
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
} // prettier-ignore

function tryOne(text: string): void {
  const json = parseJsonText(text, limits.maxRequestBytes);
  const said = Object(json) as Members;
  const type = messageTypes.find((one) => one === said["type"]);
  const originator = type === undefined ? "" : exampleOf(type).originator;
  const found = check(json, originator);
  holdExplained(found);
  if (found.violations.length > 0) {
    holdSilent(json, (value) => refuseFound(check(value, originator)));
    refuseFound(found);
  }
  // who may send it is not known: less may be refused, never more
  hold(check(json, "").violations.length === 0, "what one sender may send is refused to all");
  // it says itself how long it lives, which the other check is not told
  if (said["expiresAt"] !== undefined) return;
  hold(codeOfWhole(said, originator) === undefined, "what is passed here is refused by a gateway");
}

/** The check that needs no gateway, of everything that is wrong with a message at once. */
export function makeExplainTargets(): readonly Target[] {
  return [jsonTarget("schemas/checkSubmission", messageTypes.map(makeSubmission), tryOne)];
}
