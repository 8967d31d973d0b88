import { type MessageType, typeOptions } from "../../schemas/index.ts";
import { exampleInstant, shiftInstants } from "../../schemas/examples/index.ts";
import { example } from "../kit/submissions.ts";
import { alert, request } from "../kit/gateway-office.ts";
import { findExample, makeFullest } from "./whole-messages.ts";

/** A moment every certificate and message of the fuzzed region is good at: 2026-06-01T00:00:00Z. */
export const fuzzNow = 1_780_272_000_000;

/** A submission as an officer hands it in. */
export interface MadeSubmission {
  readonly type: string;
  readonly crimes: readonly string[];
  readonly recs?: readonly string[];
  readonly recipients?: readonly string[];
  readonly inReplyTo?: string;
  readonly inner?: unknown;
  readonly body: unknown;
}

const recipients = ["gh/fiu"];
const inReplyTo = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b";
const names = ["lagos-alert", "red-flag", "maritime", "fiu-request", "fiu-reply"] as const;

/** The types that a region is filled with: open and sealed, to feeds and to one agency, questions and answers. */
const fullTypes: readonly MessageType[] = [
  "alert.incident",
  "bulletin.red_flag",
  "maritime.incident",
  "fiu.request",
  "fiu.reply",
];

/** A submission whose body has as many fields as may stand together. */
function makeFull(type: MessageType): readonly MadeSubmission[] {
  const found = findExample(type);
  if (found === undefined) return [];
  const { inner: said, body } = makeFullest(found);
  // what a message answers stands beside the inner header of a submission
  const { inReplyTo: _answered, threadId: _thread, supersedes: _older, ...inner } = said;
  const isFeed = typeOptions(type)?.scope === "FEED";
  const moved = shiftInstants({ inner, body }, fuzzNow - exampleInstant) as { body: unknown };
  return [
    { type, crimes: ["drugs"], ...(isFeed ? { recs: ["ecowas"] } : { recipients }), ...moved },
  ];
}

/** Good submissions of every type: those that newcomers are given, and one with every field. */
export function makeSubmissions(): readonly MadeSubmission[] {
  const given = names.map((name) => example(name) as unknown as MadeSubmission);
  const answering = (one: MadeSubmission): MadeSubmission =>
    one.type === "fiu.reply" ? { ...one, recipients, inReplyTo } : one;
  return [...given, alert, request, ...fullTypes.flatMap(makeFull)].map(answering);
}
