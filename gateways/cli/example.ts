import { isKnownType, type MessageType, messageTypes, typeOptions } from "../../schemas/index.ts";
import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { type Clock, Fault } from "../../schemas/ground/index.ts";
import type { Submission } from "../exchange/index.ts";

function parseType(type: string): MessageType {
  if (isKnownType(type)) return type;
  throw new Fault("SCHEMA_UNKNOWN_TYPE", `the types are ${messageTypes.join(", ")}`);
}

/** What a submission says on its own, beside `inner`. */
const ownMembers = ["inReplyTo", "threadId", "supersedes"] as const;

function isOwn([name]: [string, unknown]): boolean {
  return ownMembers.some((member) => member === name);
}

/** An example's inner header, parted as a submission says it. */
function partInner(inner: Readonly<Record<string, unknown>>): {
  readonly own: Readonly<Record<string, unknown>>;
  readonly rest: Readonly<Record<string, unknown>>;
} {
  const members = Object.entries(inner);
  return {
    own: Object.fromEntries(members.filter(isOwn)),
    rest: Object.fromEntries(members.filter((member) => !isOwn(member))),
  };
}

/** Numbers of what must be open here for a message to name it: no example knows one. */
const ofOpenMatters: Partial<Record<MessageType, string>> = {
  "target.warning": "operationId",
  "seizure.report": "operationId",
};

/** An example's body, without what it names of a world that is not the writer's. */
function bodyOf(type: MessageType, body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const left = ofOpenMatters[type];
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== left));
} // prettier-ignore

/**
 * A message of this type to be filled in: the type's example with its moments moved to now, an EXERCISE until
 * the writer says otherwise. It passes every check of its schema when the agency of the example sends it; for
 * another, rules over whose a record is may ask for a change.
 *
 * @throws {Fault} SCHEMA_UNKNOWN_TYPE
 */
export function makeExample(type: string, clock: Clock): Submission {
  const known = parseType(type);
  const options = typeOptions(known);
  const { crimes, handling, urgency, inner, body, recipients = ["gh/fiu"] } = exampleOf(known);
  const now = Math.floor(clock.now() / 60_000) * 60_000;
  const by = now - exampleInstant;
  const { own, rest } = partInner(inner);
  return {
    type: known,
    ...(options?.scope === "DIRECT" ? { recipients } : { recs: ["ecowas"] }),
    crimes,
    handling,
    urgency: urgency ?? options?.urgency ?? "ROUTINE",
    status: "EXERCISE",
    languages: ["en"],
    ...own,
    inner: shiftInstants(rest, by),
    body: shiftInstants(bodyOf(known, body), by),
  };
}
