import {
  bodyCodecs,
  type MessageType,
  messageTypes,
  renderJson,
  typeOptions,
} from "../../schemas/index.ts";
import { example } from "../kit/submissions.ts";
import { alert, request } from "../kit/gateway-office.ts";
import { makeFullMessage } from "./full-message.ts";

/** A submission as an officer hands it in. */
export interface MadeSubmission {
  readonly type: string;
  readonly crimes: readonly string[];
  readonly recs?: readonly string[];
  readonly recipients?: readonly string[];
  readonly inReplyTo?: string;
  readonly body: unknown;
}

const recipients = ["gh/fiu"];
const inReplyTo = "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b";
const names = ["lagos-alert", "red-flag", "maritime", "fiu-request", "fiu-reply"] as const;

/** A subject of a request is one of three. */
function splitSubjects(value: Record<string, unknown>): Record<string, unknown> {
  const [first] = Array.isArray(value["subjects"]) ? (value["subjects"] as object[]) : [];
  if (first === undefined) return value;
  const { person, organisation, account } = first as Record<string, unknown>;
  return { ...value, subjects: [{ person }, { organisation }, { account }] };
}

/** A submission whose body has every field of its type. */
function makeFull(type: MessageType): MadeSubmission {
  const { message } = bodyCodecs[type];
  const body = renderJson(message, splitSubjects(makeFullMessage(message)));
  const isFeed = typeOptions(type)?.scope === "FEED";
  return { type, crimes: ["drugs"], ...(isFeed ? { recs: ["ecowas"] } : { recipients }), body };
}

/** Good submissions of every type: those that newcomers are given, and one with every field. */
export function makeSubmissions(): readonly MadeSubmission[] {
  const given = names.map((name) => example(name) as unknown as MadeSubmission);
  const answering = (one: MadeSubmission): MadeSubmission =>
    one.type === "fiu.reply" ? { ...one, recipients, inReplyTo } : one;
  return [...given, alert, request, ...messageTypes.map(makeFull)].map(answering);
}
