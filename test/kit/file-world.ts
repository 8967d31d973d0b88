import { existsSync, globSync } from "node:fs";
import { join } from "node:path";

import {
  type AttachmentPolicy,
  type AttachmentService,
  startAttachments,
  type UploadView,
} from "../../gateways/attachments/index.ts";
import { makeTakePublications, type MessageSummary } from "../../gateways/exchange/index.ts";
import { submitBy } from "../../gateways/exchange/submit.ts";
import type { BlobPiece, BlobRun, HubBlobs } from "../../gateways/link/index.ts";
import {
  type Bytes,
  Fault,
  type FaultCode,
  parseUuid,
  renderBase64url,
  renderHex,
  renderUuid,
  sha256,
} from "../../schemas/ground/index.ts";
import { alert, handedOf, handKeys, type MadeOffice } from "./gateway-office.ts";

/** Chunks as a hub keeps them, in memory; counts what it is asked. */
export interface MemoryHub extends HubBlobs {
  readonly held: Map<string, Bytes>;
  /** Names of chunks as they were put, and pieces that were given, in order. */
  readonly puts: string[];
  readonly gets: string[];
  /** Digests that were asked about. */
  asked: number;
  /** Every call ends with this while it is there. */
  refusal: FaultCode | undefined;
}

/** Builds an empty hub. */
export function makeMemoryHub(): MemoryHub {
  const check = async (): Promise<void> => {
    await Promise.resolve();
    if (hub.refusal !== undefined) throw new Fault(hub.refusal, "as the test says");
  };
  const hub: MemoryHub = {
    held: new Map(),
    puts: [],
    gets: [],
    asked: 0,
    refusal: undefined,
    putBlob: async (bytes) => {
      await check();
      const digest = sha256(bytes);
      hub.puts.push(renderHex(digest));
      hub.held.set(renderHex(digest), Uint8Array.from(bytes));
      return digest;
    },
    missingBlobs: async (digests) => {
      await check();
      hub.asked += digests.length;
      return digests.filter((digest) => !hub.held.has(renderHex(digest)));
    },
    getBlob: async ({ digest, offset, maxBytes }: BlobRun): Promise<BlobPiece> => {
      await check();
      const bytes = hub.held.get(renderHex(digest));
      if (bytes === undefined) throw new Fault("BLOB_MISSING", "not there");
      hub.gets.push(`${renderHex(digest)} ${offset}`);
      return { size: bytes.length, bytes: bytes.subarray(offset, offset + maxBytes) };
    },
  };
  return hub;
}

/** One office's files, with a link that tests turn on and off. */
export interface FileDesk {
  readonly office: MadeOffice;
  readonly service: AttachmentService;
  /** The link as the service sees it. */
  readonly way: { isUp: boolean; since: number; sentPerSecond?: number };
  /** Tells the service of what was taken in. */
  readonly tell: (message: MessageSummary) => void;
  /** Some seconds pass, and what runs by itself has had time to begin. */
  tick(seconds?: number): Promise<void>;
  /** Seconds pass until something is so, each once what runs by itself has had much time. */
  reach(what: string, isSo: () => boolean): Promise<void>;
  /** Files of the folder, from it on. */
  files(): readonly string[];
}

/** Turns for which the disk has to be at rest; and after so many it never will be. */
const turnsOfRest = 25;
const mostTurns = 20_000;

/** Whether this process waits for the disk. */
function isAtDisk(): boolean {
  return process.getActiveResourcesInfo().some((one) => one.startsWith("FSReq"));
}

/** Lets everything that waits for the disk and the store go on, until nothing did for a while: however slow the disk is. */
export async function settle(): Promise<void> {
  for (let [turn, rest] = [0, 0]; rest < turnsOfRest && turn < mostTurns; turn += 1) {
    await new Promise((resolve) => void setTimeout(resolve, 1));
    rest = isAtDisk() ? 0 : rest + 1;
  }
}

/** The one that runs at each office. */
const running = new WeakMap<MadeOffice, AttachmentService>();

/** Starts the files of an office, in place of those that ran before on the same folder. */
export async function openFiles(
  office: MadeOffice,
  blobs: HubBlobs | undefined,
  policy?: AttachmentPolicy,
): Promise<FileDesk> {
  await running.get(office)?.stop();
  const listeners = new Set<(message: MessageSummary) => void>();
  const way: FileDesk["way"] = { isUp: blobs !== undefined, since: 1 };
  const service = startAttachments({
    office: { ...office, blobs },
    dir: office.dir,
    way: () => way,
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    policy,
  });
  running.set(office, service);
  await settle();
  return {
    office,
    service,
    way,
    tell: (message) => {
      for (const listener of listeners) listener(message);
    },
    tick: async (seconds = 1) => {
      for (let second = 0; second < seconds; second += 1) {
        office.clock.move(1_000);
        await settle();
      }
    },
    reach: async (what, isSo) => {
      for (let second = 0; second < 200; second += 1) {
        for (let turn = 0; turn < 50; turn += 1) {
          if (isSo()) return;
          if (turn === 10) office.clock.move(1_000);
          await new Promise((resolve) => void setTimeout(resolve, 1));
        }
      }
      throw new Error(`never: ${what}`);
    },
    files: () =>
      existsSync(join(office.dir, "attachments"))
        ? globSync("attachments/*/*", { cwd: office.dir }).toSorted()
        : [],
  };
}

/** Some bytes as they come over a line. */
export async function* inRuns(bytes: Bytes, size = 7_001): AsyncGenerator<Bytes> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Hands a file in, whole. */
export async function handIn(
  { service }: FileDesk,
  bytes: Bytes,
  who = "owner",
): Promise<UploadView> {
  const { id } = await service.uploads.begin(who, { size: bytes.length, mediaType: "text/plain" });
  return await service.uploads.append(who, id, { offset: 0, source: inRuns(bytes) });
}

/** An alert that names files, sent by an office; its id. */
export async function sendWith(
  { office, service }: FileDesk,
  files: readonly Bytes[],
  key = "k",
): Promise<string> {
  const outfit = service.outfit({ who: "owner", mayRead: () => true });
  const attachments = files.map((bytes) => ({
    role: "REPORT",
    digest: renderBase64url(sha256(bytes)),
    mediaType: "text/plain",
    size: bytes.length,
  }));
  const submission = { ...alert, body: { ...alert.body, attachments } };
  const ways = { key, fill: outfit.fill, also: (id: string) => outfit.bind(id) };
  const { id } = await submitBy(office, submission, ways);
  const { seq } = office.store.messages.find(parseUuid(id))!;
  // as if the hub had taken it: files follow their message
  const { messages, outbox } = office.store;
  await office.store.write(() => {
    messages.setState(seq, "ACCEPTED");
    for (const publication of outbox.waiting(100)) outbox.accept(publication, { stream: "FEED", instance: "one", sequence: publication });
  }); // prettier-ignore
  return id;
}

/** Takes a message of one office in at another, as the hub would hand it over. */
export async function handOver(from: FileDesk, to: FileDesk, id: string): Promise<void> {
  const { seq } = from.office.store.messages.find(parseUuid(id))!;
  await handKeys(from.office);
  const ways = { refreshRegister: () => Promise.resolve(false), held: () => undefined };
  await makeTakePublications(to.office, ways)(handedOf(from.office, seq));
  to.tell({ id, box: "in", state: "VERIFIED" } as MessageSummary);
  await settle();
}

/** How a file of a message stands. */
export function standOf({ service }: FileDesk, id: string, at = 0): string {
  const { state, code } = service.list(id)[at]!;
  return code === undefined ? state : `${state} ${code}`;
}

/** The bytes of a file that is here. */
export async function readAll({ service }: FileDesk, id: string, bytes: Bytes): Promise<Bytes> {
  const { file } = service.open(id, sha256(bytes));
  return await file.read(0, file.size);
}

/** What the store knows of files and uploads, in words that can be compared. */
export function knownOf({ office: { store } }: FileDesk): unknown {
  const files = store.attachments.refs().map((ref) => {
    const { state, tries, nextAt } = store.attachments.file(ref)!;
    const uses = store.attachments.uses(ref).map(({ message, nextAt: at, storedAt }) => ({ message: renderUuid(message), at, storedAt })); // prettier-ignore
    return { ref: renderHex(ref), state, tries, nextAt, uses };
  });
  const uploads = store.attachments.uploads().map(({ id, offset, state }) => ({ id, offset, state })); // prettier-ignore
  return { files, uploads };
}
