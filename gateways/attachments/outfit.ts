import {
  type Bytes,
  isFault,
  parseBase64url,
  parseUuid,
  renderBase64url,
  renderUuid,
} from "../../schemas/ground/index.ts";
import { listAttachments, mapAttachments } from "../exchange/index.ts";
import type { FileRow } from "../store/index.ts";
import { restOf, secondsFor, travelBytes } from "./estimate.ts";
import { rankOf, useOf } from "./named.ts";
import type { AttachmentParts } from "./parts.ts";

/** What one file of a message will cost, before it is sent. */
export interface FileEstimate {
  /** As the message has it: base64url. */
  readonly digest: string;
  readonly size: number;
  /** Whether it travels, or is only spoken of because it is not here. */
  readonly carried: boolean;
  /** Bytes on their way; 0 of what does not travel. */
  readonly bytes: number;
  /** At the speed that was seen last; absent while none was. */
  readonly seconds?: number | undefined;
}

/** What one caller's files do with one message of his. */
export interface Outfit {
  /**
   * Puts into each attachment of a submission that names a file here the key, the manifest, the true size and type. Files of
   * others stay mere references: nobody is given a key by naming a digest. Anything that is no submission stays as it is.
   */
  readonly fill: (submission: unknown) => unknown;
  /** Inside the write that keeps the message: what was filled goes with it. */
  bind(message: string): void;
  /** What the files of a submission cost at the speed of the link. */
  estimate(submission: unknown): readonly FileEstimate[];
}

/** Who hands a message in, as far as files are concerned. */
export interface Sender {
  readonly who: string;
  /** Whether he may read a message; then its files are his to pass on. */
  readonly mayRead: (message: string) => boolean;
}

interface Submitted {
  readonly type: string;
  readonly body: unknown;
}

function readSubmission(value: unknown): Submitted | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  const type = members.get("type");
  return typeof type === "string" ? { type, body: members.get("body") } : undefined;
}

function parseDigest(value: unknown): Bytes | undefined {
  if (typeof value !== "string" || value.length !== 43) return undefined;
  try {
    return parseBase64url(value);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** The file that this sender may send under a digest; his own before those he was sent. */
function findFile({ office }: AttachmentParts, { who, mayRead }: Sender, said: unknown): FileRow | undefined {
  const digest = parseDigest(said);
  if (digest === undefined) return undefined;
  const { attachments } = office.store;
  const here = attachments.byDigest(digest).filter(({ state }) => state === "HERE");
  const own = here.find((one) => one.who === who);
  return own ?? here.find(({ ref }) => attachments.uses(ref).some(({ message }) => mayRead(renderUuid(message))));
} // prettier-ignore

function bindAll(
  { office }: AttachmentParts,
  files: ReadonlyMap<string, FileRow>,
  id: string,
): void {
  const message = { id: parseUuid(id), box: "out" } as const;
  for (const row of files.values()) {
    // the chunks follow the message: whoever reads it knows what comes
    const use = useOf(row.ref, message, { rank: rankOf(row), nextAt: office.clock.now() });
    office.store.attachments.putUse(use);
  }
}

function estimateOne(parts: AttachmentParts, size: number): Pick<FileEstimate, "bytes" | "seconds"> {
  const bytes = travelBytes(restOf(size, 0));
  const seconds = secondsFor(bytes, parts.way().sentPerSecond);
  return seconds === undefined ? { bytes } : { bytes, seconds };
} // prettier-ignore

/** Builds the files' part in one message of one sender. */
export function makeOutfit(parts: AttachmentParts, sender: Sender): Outfit {
  const files = new Map<string, FileRow>();
  return {
    fill: (submission) => {
      const read = readSubmission(submission);
      if (read === undefined || typeof submission !== "object") return submission;
      const body = mapAttachments(read.type, read.body, (one) => {
        const row = findFile(parts, sender, one["digest"]);
        if (row === undefined) return one;
        files.set(renderBase64url(row.ref), row);
        const [key, manifest] = [renderBase64url(row.key), renderBase64url(row.manifest)];
        return { ...one, mediaType: row.mediaType, size: row.size, key, manifest };
      });
      return { ...submission, body };
    },
    bind: (message) => bindAll(parts, files, message),
    estimate: (submission) => {
      const read = readSubmission(submission);
      if (read === undefined) return [];
      return listAttachments(read.type, read.body).flatMap(
        ({ digest, size }): readonly FileEstimate[] => {
          if (typeof digest !== "string") return [];
          const row = findFile(parts, sender, digest);
          if (row !== undefined) {
            return [{ digest, size: row.size, carried: true, ...estimateOne(parts, row.size) }];
          }
          return typeof size === "number" ? [{ digest, size, carried: false, bytes: 0 }] : [];
        },
      );
    },
  };
}
