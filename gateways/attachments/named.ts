import { bodyCodecs, decodeParts, isKnownType, joinParts } from "../../schemas/index.ts";
import { type Bytes, Fault, parseUuid, sameBytes } from "../../schemas/ground/index.ts";
import { listAttachments, type Office } from "../exchange/index.ts";
import type { FileRow, StoredMessage, UseRow } from "../store/index.ts";
import { refOf } from "./places.ts";

/** A file as a message names it. */
export interface Named {
  readonly digest: Bytes;
  readonly role: string;
  readonly mediaType: string;
  readonly size: number;
  /** How it is fetched and opened; absent of what is only spoken of. */
  readonly carried?: Pick<FileRow, "ref" | "key" | "manifest"> | undefined;
}

function isBytes(value: unknown): value is Bytes {
  return value instanceof Uint8Array;
}

function namedOf(one: Readonly<Record<string, unknown>>): Named | undefined {
  const { digest, role, mediaType, size, key, manifest } = one;
  if (!isBytes(digest) || typeof role !== "string") return undefined;
  if (typeof mediaType !== "string" || typeof size !== "number") return undefined;
  const said = { digest, role, mediaType, size };
  if (!isBytes(key) || !isBytes(manifest)) return said;
  return { ...said, carried: { key, manifest, ref: refOf({ ...said, key, manifest }) } };
}

/** The files that a proved message names; none of what lies in quarantine. */
export function namedBy({ type, parts }: Pick<StoredMessage, "type" | "parts">): readonly Named[] {
  if (parts === undefined || !isKnownType(type)) return [];
  const { body } = joinParts(decodeParts(parts).parts);
  return listAttachments(type, bodyCodecs[type].decode(body)).flatMap((one) => namedOf(one) ?? []);
}

/** A message here. @throws {Fault} NOT_FOUND, ID_INVALID */
export function findMessage({ store }: Pick<Office, "store">, id: string): StoredMessage {
  const message = store.messages.find(parseUuid(id));
  if (message !== undefined) return message;
  throw new Fault("NOT_FOUND", "no message here has this id");
}

/** A file that a message names, by its digest. @throws {Fault} NOT_FOUND */
export function findNamed(message: StoredMessage, digest: Bytes): Named {
  const found = namedBy(message).find((one) => sameBytes(one.digest, digest));
  if (found !== undefined) return found;
  throw new Fault("NOT_FOUND", "this message names no file of this digest");
}

/** What goes first is small: a sketch comes before the scan, and a little picture before its large one. */
export function rankOf({ size }: Pick<Named, "size">): number {
  return Math.ceil(size / 1024);
}

/** The row of a file that another sent, known and not asked for. */
export function knownFile(named: Named, now: number): FileRow | undefined {
  const { carried, digest, size, mediaType } = named;
  if (carried === undefined) return undefined;
  const own = { who: "", name: "", state: "KNOWN", nextAt: 0, tries: 0, madeAt: now };
  return { ...own, ...carried, digest, size, mediaType };
}

/** That a message names a file, before anything was done about it. */
export function useOf(
  ref: Bytes,
  message: Pick<StoredMessage, "id" | "box">,
  more: Pick<UseRow, "rank" | "nextAt">,
): UseRow {
  return { ref, message: message.id, box: message.box, ...more };
}
