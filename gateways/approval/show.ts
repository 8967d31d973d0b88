import { isFault, renderHex, type Violation } from "../../schemas/ground/index.ts";
import {
  digestOfJson,
  type Office,
  type ShownDraft,
  type ShownPreview,
  showPreview,
} from "../exchange/index.ts";
import type { StoredRelease } from "../store/index.ts";

/** What the files of its maker do with a submission. */
export interface ReleaseFiles {
  /** Puts in their keys. @throws {Fault} PRECONDITION_FAILED where they are not those that were handed in */
  fill(submission: unknown): unknown;
  /** Inside the write that keeps the message. */
  bind(message: string): void;
}

/** A release as a person looks at it: exactly what would be sent now. */
export interface ShownRelease {
  readonly release: StoredRelease;
  /** Of what is shown: whoever releases says that he saw this. Absent of what cannot be sent. */
  readonly version?: string;
  readonly preview?: ShownPreview;
  /** Why it could not be sent now. */
  readonly problems: readonly Violation[];
}

/**
 * What of an inner header is of the moment it is made. The thread of two editions is named by an id that is made when they
 * are sent; an end that nobody named counts from then, and one that somebody named stands in the submission.
 */
const ofTheMoment: ReadonlySet<string> = new Set(["follows", "threadId", "expiresAt"]);

/** What of a message is told to its readers. Times of the moment, and what it follows, are not among it. */
function toldBy({ message }: ShownDraft): object {
  const { type, handling, urgency, status, crimes, recs, recipients, audience, body } = message;
  const said = typeof message.inner === "object" && message.inner !== null ? message.inner : {};
  const inner = Object.entries(said).filter(([name]) => !ofTheMoment.has(name));
  const what = { type, handling, urgency, status, crimes, recs, recipients, body };
  return { ...what, audience: audience.toSorted(), inner: Object.fromEntries(inner) };
}

/** What a version stands for: who would read it, and what; both editions where there are two. */
function versionOf({ id, state, content }: StoredRelease, preview: ShownPreview): string {
  const { regional } = preview;
  const editions = [preview, ...(regional === undefined ? [] : [regional])].map(toldBy);
  return `"${renderHex(digestOfJson({ id, state, content, editions })).slice(0, 32)}"`;
}

/** The submission of a release; it is what was handed in, in one spelling. */
export function submissionOf({ content }: StoredRelease): unknown {
  return JSON.parse(content);
}

/** Shows a release as it would be sent now. Of one whose content is gone only how it ended. */
export async function showRelease(
  office: Office,
  release: StoredRelease,
  files: ReleaseFiles | undefined,
): Promise<ShownRelease> {
  if (release.content === "") return { release, problems: [] };
  try {
    const submission = submissionOf(release);
    const found = await showPreview(office, files?.fill(submission) ?? submission);
    // it has no id before it is sent
    const preview = { ...found, message: { ...found.message, id: release.id } };
    return { release, preview, version: versionOf(release, preview), problems: [] };
  } catch (error) {
    if (!isFault(error)) throw error;
    const { code, detail, violations } = error;
    const whole: Violation = { path: "", code, message: detail };
    return { release, problems: violations.length > 0 ? violations : [whole] };
  }
}
