import { type MessageType, scopeOf } from "../../schemas/index.ts";
import { type Bytes, parseUuid } from "../../schemas/ground/index.ts";
import type { ShapedSubmission } from "../../schemas/submission/index.ts";
import type { Problems } from "./problems.ts";

/** What a submission says it belongs to, answers and replaces. */
export interface References {
  readonly threadId?: Bytes | undefined;
  readonly inReplyTo?: Bytes | undefined;
  readonly supersedes?: Bytes | undefined;
}

/** The thread of the messages that a body says it is about, where all who read it may know it; `recipients` are none for a feed. */
export type ThreadOf = (said: {
  readonly type: MessageType;
  readonly body: object;
  readonly recipients: readonly string[];
}) => Bytes | undefined;

/** Where a thread is looked for that the submission does not name. */
interface Naming {
  /** Undefined when it could not be read. */
  readonly body: object | undefined;
  readonly threadOf: ThreadOf | undefined;
}

/** The references of a submission. One that names no thread and answers nothing belongs to the thread of what its body is about. */
export function readReferences(
  shaped: ShapedSubmission,
  { body, threadOf }: Naming,
  problems: Problems,
): References {
  const read = (name: "threadId" | "inReplyTo" | "supersedes"): Bytes | undefined => {
    const value = shaped[name];
    return value === undefined ? undefined : problems.attempt(`/${name}`, () => parseUuid(value));
  };
  const said = { threadId: read("threadId"), inReplyTo: read("inReplyTo"), supersedes: read("supersedes") };
  if (body === undefined || shaped.threadId !== undefined || shaped.inReplyTo !== undefined) return said;
  const { type } = shaped;
  const recipients = scopeOf(type, shaped.recipients) === "FEED" ? [] : (shaped.recipients ?? []);
  return { ...said, threadId: threadOf?.({ type, body, recipients }) };
} // prettier-ignore
