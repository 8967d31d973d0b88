import type { Violation } from "../ground/index.ts";

/** What a submission says in its own place, and not in its inner header. */
const movedMembers = [
  "type", "typeVersion", "crimes", "recipients", "threadId", "inReplyTo", "supersedes",
  "urgency", "action", "languages", "validFrom", "expiresAt",
] as const; // prettier-ignore

/** Whether a member of the inner header stands beside it in a submission. */
export function isMoved(name: string): boolean {
  return movedMembers.some((moved) => moved === name);
}

/** What the inner header of a submission says that is said beside it. */
export function findMoved(inner: unknown): readonly Violation[] {
  const given = typeof inner === "object" && inner !== null ? Object.keys(inner) : [];
  return movedMembers
    .filter((name) => given.includes(name))
    .map((name) => ({
      path: `/inner/${name}`,
      code: "SCHEMA_FIELD_UNKNOWN",
      message: `${name} is said beside inner, not in it; move it`,
    }));
}

/** The inner header without what is said beside it. */
export function withoutMoved(inner: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(inner).filter(([name]) => !isMoved(name)));
}
