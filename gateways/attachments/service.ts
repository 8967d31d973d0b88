import { type Bytes, Fault, toFault } from "../../schemas/ground/index.ts";
import type { HubWay, MessageSummary, Office } from "../exchange/index.ts";
import type { FileRow, StoredMessage } from "../store/index.ts";
import { endingOf } from "./check-file.ts";
import type { ClearFile } from "./clear-file.ts";
import { restOf, secondsFor } from "./estimate.ts";
import { makeFetcher } from "./fetch.ts";
import { type CarriedFiles, makeCarriedFiles } from "./carried.ts";
import { cleanName } from "./file-name.ts";
import { makeGiver } from "./give.ts";
import { mendFiles } from "./mend.ts";
import { findMessage, findNamed, knownFile, type Named, namedBy, rankOf, useOf } from "./named.ts";
import { makeOutfit, type Outfit, type Sender } from "./outfit.ts";
import type { AttachmentParts } from "./parts.ts";
import { clearStray, makePlaces, openFile } from "./places.ts";
import { type AttachmentPolicy, usualAttachmentPolicy } from "./policy.ts";
import { makeUploads, type Uploads } from "./uploads.ts";

/** How a file of a message stands here. */
export interface FileView {
  readonly digest: Bytes;
  readonly role: string;
  readonly mediaType: string;
  readonly size: number;
  /**
   * REFERENCE: spoken of, and not carried. Of ours WAITING (its message goes first), SENDING, SENT. Of others' THERE (to be
   * fetched), FETCHING, HERE, REFUSED.
   */
  readonly state: "REFERENCE" | "WAITING" | "SENDING" | "SENT" | "THERE" | "FETCHING" | "HERE" | "REFUSED";
  /** Bytes that have come, or gone. */
  readonly done: number;
  /** For the rest, at the speed that was seen last. */
  readonly seconds?: number | undefined;
  /** Why it was refused. */
  readonly code?: string | undefined;
} // prettier-ignore

/** A file as it is handed out. */
export interface OpenedFile {
  readonly file: ClearFile;
  readonly mediaType: string;
  readonly digest: Bytes;
  /** Safe to offer as a file's name. */
  readonly name: string;
}

/** Files beside messages: handed in, sent, fetched and handed out. */
export interface AttachmentService {
  readonly uploads: Uploads;
  /** Files as a carry file holds them. */
  readonly carried: CarriedFiles;
  outfit(sender: Sender): Outfit;
  /** The files of a message, in the order it names them. @throws {Fault} NOT_FOUND, ID_INVALID */
  list(message: string): readonly FileView[];
  /** Has a file fetched. @throws {Fault} NOT_FOUND, ID_INVALID, ATTACHMENT_NOT_HERE of one that is not carried */
  fetch(message: string, digest: Bytes): Promise<FileView>;
  /** Stops the fetching of a file; what came of it is kept, and it may be asked for again. @throws {Fault} NOT_FOUND, ID_INVALID */
  leave(message: string, digest: Bytes): Promise<FileView>;
  /** A file that is here. @throws {Fault} NOT_FOUND, ID_INVALID, ATTACHMENT_NOT_HERE, and why it was refused */
  open(message: string, digest: Bytes): OpenedFile;
  /** Ends what runs by itself; what was promised is on the disk. */
  stop(): Promise<void>;
}

/** What the service of one gateway is made of. */
export interface AttachmentOptions {
  readonly office: Office;
  /** The gateway's own folder. */
  readonly dir: string;
  readonly way: () => HubWay;
  readonly watch: (listener: (message: MessageSummary) => void) => () => void;
  /** What the operator chose; the usual when left out. */
  readonly policy?: AttachmentPolicy | undefined;
}

const tickMs = 1_000;
const expireTicks = 600;
/** How long the end waits for what is under way. */
const stopMs = 3_000;
/** Looked at when the gateway starts, for files of messages that came while it did not run. */
const lookBack = 200;

class RunningService implements AttachmentService {
  readonly uploads: Uploads;
  readonly carried: CarriedFiles;
  readonly #parts: AttachmentParts;
  readonly #automaticBytes: number;
  readonly #giver;
  readonly #fetcher;
  readonly #stops: (() => void)[];
  #works: Promise<unknown> | undefined;
  #isStopped = false;
  #ticks = 0;

  constructor({ office, dir, way, watch, policy = usualAttachmentPolicy }: AttachmentOptions) {
    const isStopped = (): boolean => this.#isStopped;
    this.#parts = { office, places: makePlaces(dir), way, isStopped, busy: new Set() };
    this.#automaticBytes = policy.automaticBytes;
    clearStray(dir, office.store);
    const mended = this.#safely(() => mendFiles(this.#parts));
    this.#works = mended.finally(() => (this.#works = undefined));
    this.uploads = makeUploads(this.#parts, mended);
    this.carried = makeCarriedFiles(this.#parts, (message, named) => this.#want(message, named, "KNOWN"));
    this.#giver = makeGiver(this.#parts);
    this.#fetcher = makeFetcher(this.#parts);
    this.#lookBack();
    const timer = office.clock.every(tickMs, () => this.#tick());
    this.#stops = [
      () => timer.stop(),
      watch((message) => {
        const { id, box, state } = message;
        if (box === "in" && state === "VERIFIED") this.#note(findMessage(office, id));
        this.#giver.note(message);
      }),
    ];
  }

  outfit(sender: Sender): Outfit {
    return makeOutfit(this.#parts, sender);
  }

  list(id: string): readonly FileView[] {
    const message = findMessage(this.#parts.office, id);
    return namedBy(message).map((named) => this.#show(message, named));
  }

  async fetch(id: string, digest: Bytes): Promise<FileView> {
    const message = findMessage(this.#parts.office, id);
    const named = findNamed(message, digest);
    if (named.carried === undefined) throw onlyNamed();
    this.#checkThere(message, digest);
    await this.#want(message, named, "WANTED");
    this.#start();
    return this.#show(message, named);
  }

  async leave(id: string, digest: Bytes): Promise<FileView> {
    const { store } = this.#parts.office;
    const message = findMessage(this.#parts.office, id);
    const named = findNamed(message, digest);
    const ref = named.carried?.ref;
    await store.write(() => {
      const row = ref === undefined ? undefined : store.attachments.file(ref);
      if (row?.state === "WANTED") store.attachments.putFile({ ...row, state: "KNOWN" });
    });
    return this.#show(message, named);
  }

  open(id: string, digest: Bytes): OpenedFile {
    const message = findMessage(this.#parts.office, id);
    const named = findNamed(message, digest);
    if (named.carried === undefined) throw onlyNamed();
    this.#checkThere(message, digest);
    const row = this.#parts.office.store.attachments.file(named.carried.ref);
    if (row?.state !== "HERE") throw notHere(row);
    const { role, mediaType } = named;
    const own = `${role.toLowerCase()}-${Buffer.from(digest).toString("hex").slice(0, 8)}`;
    const name = row.name === "" ? cleanName(own, endingOf(mediaType)) : row.name;
    return { file: openFile(this.#parts.places, row), mediaType, digest, name };
  }

  /** What its sender took back of a message that stays is fetched and handed out no more. */
  #checkThere({ id }: StoredMessage, digest: Bytes): void {
    if (this.#parts.office.store.erasures.isFileGone(id, digest)) throw takenBack();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const stop of this.#stops) stop();
    // a chunk that is under way on a slow line is not waited for: it is asked about again
    await Promise.race([this.#works, this.#parts.office.clock.sleep(stopMs)]);
  }

  #lookBack(): void {
    const { store } = this.#parts.office;
    const recent = store.messages.list({ box: "in", state: "VERIFIED", limit: lookBack });
    for (const { id } of recent) {
      const message = store.messages.find(id);
      if (message !== undefined) this.#note(message);
    }
  }

  /** Notes the files of a message that came, and asks for the small ones. */
  #note(message: StoredMessage): void {
    const { log, store } = this.#parts.office;
    for (const named of namedBy(message)) {
      if (named.carried === undefined) continue;
      // one that was refused, or that somebody stopped, is not asked for again with every start
      const isFresh = store.attachments.file(named.carried.ref) === undefined;
      const state = isFresh && named.size <= this.#automaticBytes ? "WANTED" : "KNOWN";
      this.#want(message, named, state).catch((error: unknown) => {
        log.error("a file is not noted", { code: toFault(error, "INTERNAL").code });
      });
    }
  }

  async #want(message: StoredMessage, named: Named, state: "WANTED" | "KNOWN"): Promise<void> {
    const { office } = this.#parts;
    const { attachments } = office.store;
    const fresh = knownFile(named, office.clock.now());
    if (fresh === undefined || office.store.erasures.isFileGone(message.id, named.digest)) return;
    const before = attachments.file(fresh.ref);
    const isUsed = attachments.uses(fresh.ref).some((use) => Buffer.from(use.message).equals(message.id));
    const isNew = before === undefined || (state === "WANTED" && before.state !== "HERE");
    if (!isNew && isUsed) return;
    await office.store.write(() => {
      if (isNew) attachments.putFile({ ...(before ?? fresh), state, nextAt: 0, tries: 0 });
      if (!isUsed) attachments.putUse(useOf(fresh.ref, message, { rank: rankOf(named) }));
    });
  }

  #show(message: StoredMessage, named: Named): FileView {
    const { digest, role, mediaType, size, carried } = named;
    const shown = { digest, role, mediaType, size };
    if (carried === undefined) return { ...shown, state: "REFERENCE", done: 0 };
    const isGone = this.#parts.office.store.erasures.isFileGone(message.id, digest);
    if (isGone) return { ...shown, state: "REFUSED", done: 0, code: "ATTACHMENT_TAKEN_BACK" };
    const row = this.#parts.office.store.attachments.file(carried.ref);
    return { ...shown, ...(message.box === "out" ? this.#showOut(message, carried.ref, size) : this.#showIn(row, size)) };
  }

  #showIn(row: FileRow | undefined, size: number): Pick<FileView, "state" | "done" | "seconds" | "code"> {
    if (row === undefined || row.state === "KNOWN") return this.#rest("THERE", { size, done: 0 });
    if (row.state === "HERE") return { state: "HERE", done: size };
    if (row.state !== "WANTED") return { state: "REFUSED", done: 0, code: row.state };
    const done = Math.min(size, this.#fetcher.progress(row.ref));
    return this.#rest("FETCHING", { size, done });
  }

  #showOut(message: StoredMessage, ref: Bytes, size: number): Pick<FileView, "state" | "done" | "seconds" | "code"> {
    const use = this.#parts.office.store.attachments
      .uses(ref)
      .find((one) => Buffer.from(one.message).equals(message.id));
    if (use?.storedAt !== undefined) return { state: "SENT", done: size };
    const { state: code = "HERE" } = this.#parts.office.store.attachments.file(ref) ?? {};
    // the disk lost it before the hub had it
    if (code !== "HERE" && code !== "WANTED") return { state: "REFUSED", done: 0, code };
    const { done = 0, of = 1 } = this.#giver.progress(ref) ?? {};
    if (message.state === "QUEUED") return this.#rest("WAITING", { size, done: 0 });
    return this.#rest("SENDING", { size, done: Math.floor((size * done) / of) });
  }

  #rest<State extends FileView["state"]>(
    state: State,
    { size, done }: { size: number; done: number },
  ): { state: State; done: number; seconds?: number } {
    const { sentPerSecond, receivedPerSecond } = this.#parts.way();
    const isIn = state === "THERE" || state === "FETCHING";
    const seconds = secondsFor(restOf(size, done), isIn ? receivedPerSecond : sentPerSecond);
    return { state, done, ...(seconds === undefined ? {} : { seconds }) };
  }

  #tick(): void {
    this.#ticks += 1;
    if (this.#ticks % expireTicks === 1) void this.#safely(() => this.uploads.expire());
    this.#start();
  }

  /** One round at a time, both ways at once: what is fetched does not wait for what is sent. */
  #start(): void {
    if (this.#works !== undefined || this.#isStopped) return;
    const works = [this.#giver, this.#fetcher].map((one) => this.#safely(() => one.work()));
    this.#works = Promise.all(works).finally(() => (this.#works = undefined));
  }

  async #safely(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (this.#isStopped) return;
      const { code } = toFault(error, "INTERNAL");
      this.#parts.office.log.error("files are not looked after", { code });
    }
  }
} // prettier-ignore

function onlyNamed(): Fault {
  return new Fault("ATTACHMENT_NOT_HERE", "the message only speaks of this file; ask its sender for it");
} // prettier-ignore

function takenBack(): Fault {
  return new Fault("ATTACHMENT_TAKEN_BACK", "its sender took this file back; the message stays, ask the sender for what you need");
} // prettier-ignore

function notHere(row: FileRow | undefined): Fault {
  const isComing = row === undefined || row.state === "KNOWN" || row.state === "WANTED";
  if (isComing) return new Fault("ATTACHMENT_NOT_HERE", "ask for it to be fetched, and see how far it has come");
  if (row.state === "BLOB_MISSING") return new Fault("ATTACHMENT_NOT_HERE", "the hub holds it no more, and its message has ended; ask its sender to send it again");
  return new Fault("ATTACHMENT_UNSAFE", `the file came and was refused (${row.state}); ask its sender for another`);
} // prettier-ignore

/** Starts the work with files of one gateway. */
export function startAttachments(options: AttachmentOptions): AttachmentService {
  return new RunningService(options);
}
