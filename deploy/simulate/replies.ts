import { z } from "zod";

import { renderInstant } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import type { Draw } from "./draw.ts";
import { tryShape } from "../../schemas/ground/index.ts";

/** A message of ours, as it is handed to a gateway. */
export type Submission = Readonly<Record<string, unknown>> & { readonly type: string };

/** A request that came. */
export interface Asked {
  readonly id: string;
  readonly type: string;
  readonly originator: string;
  readonly crimes: readonly string[];
  readonly handling: string;
  readonly body: unknown;
}

/** Who answers, when and how. */
export interface Answering {
  readonly agency: string;
  readonly now: EpochMs;
  readonly isRefusing: boolean;
  readonly draw: Draw;
}

const dayMs = 86_400_000;

interface Person {
  readonly full: string;
  readonly family: string;
  readonly given: readonly string[];
}

/** Persons that nobody is. */
const persons: readonly [Person, ...Person[]] = [
  { full: "Exemple Koffi", family: "Koffi", given: ["Exemple"] },
  { full: "Adjoa Example", family: "Example", given: ["Adjoa"] },
  { full: "Modou Exercice", family: "Exercice", given: ["Modou"] },
];

const items = z.looseObject({ askedItems: z.array(z.looseObject({ item: z.string() })) });
const questions = z.looseObject({ questions: z.array(z.string()) });
const subjects = z.looseObject({
  querySubjects: z.array(z.looseObject({ ref: z.string(), kind: z.string() })),
  recordKinds: z.array(z.string()),
});

function words(text: string): { readonly text: string; readonly lang: "en" } {
  return { text: `Exercise. ${text}`, lang: "en" };
}

/** A reply by name, marked as an exercise whatever the request was: nothing a simulation says is meant. */
function replyTo(asked: Asked, type: string, body: object): Submission {
  const { id, originator, crimes, handling } = asked;
  const inner = { caseRef: caseNumber(asked) };
  return {
    type,
    recipients: [originator],
    crimes,
    handling,
    status: "EXERCISE",
    inReplyTo: id,
    inner,
    body,
  };
}

function caseNumber({ id }: Asked): string {
  return `EX-SIM-${id.slice(-8)}`;
}

/** That a request came, and until when it is answered; undefined for what is not acknowledged. */
export function makeAcknowledgement(asked: Asked, { agency, now }: Answering): Submission | undefined {
  if (asked.type !== "request.information") return undefined;
  return replyTo(asked, "request.acknowledge", {
    receivedAt: renderInstant(now),
    handledBy: agency,
    localRef: caseNumber(asked),
    expectedBy: renderInstant(now + dayMs),
  });
} // prettier-ignore

function makeFinal(asked: Asked, { draw }: Answering): Submission | undefined {
  const found = tryShape(items, asked.body);
  if (!found.success) return undefined;
  const codes = [...new Set(found.data.askedItems.map(({ item }) => item))];
  const answers = codes.map((item) => {
    const outcome = draw(["HIT", "HIT", "NO_HIT", "PARTIAL"], `${asked.id} ${item}`);
    const isFound = outcome !== "NO_HIT";
    return { item, outcome, ...(isFound ? { text: words("Held, as the record says.") } : {}), sources: ["POLICE_REGISTER"] };
  });
  const outcomes = new Set(answers.map(({ outcome }) => outcome));
  const isHit = outcomes.size === 1 && outcomes.has("HIT");
  const isNone = outcomes.size === 1 && outcomes.has("NO_HIT");
  const person = draw(persons, `${asked.id} person`);
  const reply = replyTo(asked, "reply.final", {
    outcome: isHit ? "HIT" : isNone ? "NO_HIT" : "PARTIAL",
    itemCodes: codes,
    itemAnswers: answers,
    ...(isNone ? {} : { persons: [{ ref: "p1", roles: ["SUSPECT"], sex: "UNKNOWN", names: [{ ...person, kind: "LEGAL" }] }] }),
    remarks: words("Every person named here is invented."),
  });
  const evaluation = { scheme: "EUROPOL_4X4", sourceGrade: "EUROPOL_B", informationGrade: "EUROPOL_2" };
  return { ...reply, inner: { caseRef: caseNumber(asked), evaluation } };
} // prettier-ignore

function makeRefusal(asked: Asked, { draw }: Answering): Submission {
  const ground = draw(["ONGOING_INVESTIGATION", "NOT_HELD"], `${asked.id} ground`);
  const body = { refusals: [ground], explanation: words("This country refuses every request today."), partialPossible: false };
  return replyTo(asked, "reply.refuse", body);
} // prettier-ignore

function makeFinancial(asked: Asked, { isRefusing, draw, now }: Answering): Submission | undefined {
  const found = tryShape(questions, asked.body);
  if (!found.success) return undefined;
  const answers = found.data.questions.map((question) => {
    if (isRefusing) return { question, outcome: "REFUSED", text: words("Refused today.") };
    const outcome = draw(["HIT", "NO_HIT", "PARTIAL"], `${asked.id} ${question}`);
    return { question, outcome, ...(outcome === "NO_HIT" ? {} : { text: words("One record is held.") }) };
  });
  const consent = isRefusing
    ? { decision: "REFUSED", refusalGround: "IMPAIRS_INVESTIGATION", explanation: words("Refused today.") }
    : { decision: "GRANTED", recipients: [asked.originator], purposes: ["INVESTIGATION"], expiresAt: renderInstant(now + 180 * dayMs) };
  const reply = replyTo(asked, "fiu.reply", { answers, sources: ["STR_DB"], consent });
  return { ...reply, inner: { caseRef: caseNumber(asked), purposes: ["AML_CFT_ANALYSIS"] } };
} // prettier-ignore

function makeResult(asked: Asked, { isRefusing, draw, now }: Answering): Submission | undefined {
  const found = tryShape(subjects, asked.body);
  if (!found.success) return undefined;
  const { querySubjects, recordKinds } = found.data;
  const [recordKind = "WANTED"] = recordKinds;
  const queryAnswers = querySubjects.map(({ ref }) => {
    const isHit = !isRefusing && draw([true, false], `${asked.id} ${ref}`);
    const hits = [{ hitRef: `EX-${ref}`, recordKind, matchBasis: "EXACT_ID", scorePercent: 97 }];
    return isHit ? { ref, answer: "HIT", hits } : { ref, answer: "NO_HIT" };
  });
  return replyTo(asked, "query.result", { queryAnswers, recordKinds, searchedAt: renderInstant(now), automatic: true });
} // prettier-ignore

/** The answer to a request, drawn by the seed; undefined for what asks for none. */
export function makeReply(asked: Asked, how: Answering): Submission | undefined {
  switch (asked.type) {
    case "request.information":
      return how.isRefusing ? makeRefusal(asked, how) : makeFinal(asked, how);
    case "fiu.request":
      return makeFinancial(asked, how);
    case "query.check":
      return makeResult(asked, how);
    default:
      return undefined;
  }
}
