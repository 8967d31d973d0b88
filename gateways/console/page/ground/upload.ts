import { type ReadonlySignal, signal } from "@preact/signals";

import type { components } from "../../../client/api-types.ts";
import { renderBase64url } from "./base64.ts";
import { Refusal } from "./problem.ts";

/** How an upload stands at the gateway. */
export type Upload = components["schemas"]["Upload"];
type Wish = components["schemas"]["UploadWish"];

/** What a message says of a file that is at the gateway. */
export type Attached = NonNullable<Upload["attachment"]>;

/** What takes the bytes of files. */
export interface Carrier {
  begin(wish: Wish): Promise<Upload>;
  find(id: string): Promise<Upload>;
  put(id: string, offset: number, bytes: Blob): Promise<Upload>;
  /** Waits for the next try, after nothing was reached. */
  pause(): Promise<void>;
  now(): number;
}

/** Where a file is on its way to the gateway. `waiting`: nothing is reached, and it is tried again. */
export type UploadState = "reading" | "sending" | "waiting" | "done" | "failed";

/** A file that goes to the gateway piece by piece; a cut loses at most one piece. */
export interface UploadJob {
  readonly name: string;
  readonly size: number;
  readonly state: ReadonlySignal<UploadState>;
  /** Bytes that are safe at the gateway. */
  readonly done: ReadonlySignal<number>;
  /** Why it failed. */
  readonly error: ReadonlySignal<unknown>;
  /** What the message says of it, once it is there; and the upload it came by. */
  readonly result: ReadonlySignal<(Attached & { readonly upload: string }) | undefined>;
  stop(): void;
}

const pieces = { first: 64 * 1024, most: 4 * 1024 * 1024, least: 16 * 1024 } as const;
const quickMs = 1_000;
const slowMs = 5_000;

const endings: Readonly<Record<string, string>> = {
  jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", webp: "image/webp", tif: "image/tiff", tiff: "image/tiff",
  pdf: "application/pdf", txt: "text/plain", csv: "text/csv", xml: "application/xml",
}; // prettier-ignore

/** The type that a file is said to be: by its ending, for systems name some as they like; the gateway proves it. */
export function typeOfFile({ name, type }: Pick<File, "name" | "type">): string {
  const ending = /\.([a-z]{3,4})$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  const said = endings[ending] ?? type;
  return said === "" ? "application/octet-stream" : said;
}

/** The size of the next piece: larger where the last one was quick, smaller where it took long. */
export function nextPiece(size: number, tookMs: number): number {
  if (tookMs < quickMs) return Math.min(size * 2, pieces.most);
  return tookMs > slowMs ? Math.max(size / 2, pieces.least) : size;
}

async function digestOf(file: Blob): Promise<string> {
  return renderBase64url(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
}

/** Whether a no of the gateway only says that it stands elsewhere than was thought. */
function isOutOfStep(error: unknown): boolean {
  return error instanceof Refusal && error.message === "UPLOAD_OFFSET_WRONG";
}

/** Whether nobody answered: a line that is cut, or a gateway that is being started anew. */
function isSilence(error: unknown): boolean {
  // that is how a browser says that no answer came
  if (error instanceof TypeError) return true;
  return error instanceof Refusal && (error.problem === undefined || error.problem.retry === "later");
} // prettier-ignore

class RunningUpload implements UploadJob {
  readonly name: string;
  readonly size: number;
  readonly state = signal<UploadState>("reading");
  readonly done = signal(0);
  readonly error = signal<unknown>(undefined);
  readonly result = signal<(Attached & { readonly upload: string }) | undefined>(undefined);
  readonly #file: File;
  readonly #carrier: Carrier;
  #isStopped = false;

  constructor(file: File, carrier: Carrier) {
    this.name = file.name;
    this.size = file.size;
    this.#file = file;
    this.#carrier = carrier;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async run(): Promise<void> {
    try {
      const sha256 = await digestOf(this.#file);
      const { name, size } = this;
      const wish = { name, size, mediaType: typeOfFile(this.#file), sha256, resume: true };
      await this.#carry(await this.#reach(async () => await this.#carrier.begin(wish)));
    } catch (error) {
      this.error.value = error;
      this.state.value = "failed";
    }
  }

  /** Does it as soon as somebody answers; goes on asking until then. */
  async #reach<T>(act: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        if (this.#isStopped || !isSilence(error)) throw error;
        this.state.value = "waiting";
        await this.#carrier.pause();
      }
    }
  }

  async #carry(begun: Upload): Promise<void> {
    let upload = begun;
    let piece: number = pieces.first;
    while (upload.state === "RECEIVING" && !this.#isStopped) {
      this.state.value = "sending";
      this.done.value = upload.offset;
      const { id, offset } = upload;
      const from = this.#carrier.now();
      try {
        upload = await this.#carrier.put(id, offset, this.#file.slice(offset, offset + piece));
        piece = nextPiece(piece, this.#carrier.now() - from);
      } catch (error) {
        if (!isSilence(error) && !isOutOfStep(error)) throw error;
        piece = pieces.least;
        if (!isOutOfStep(error)) await this.#wait();
        // it goes on from what is safe there, not from what was sent
        upload = await this.#reach(async () => await this.#carrier.find(id));
      }
    }
    this.#end(upload);
  }

  async #wait(): Promise<void> {
    this.state.value = "waiting";
    await this.#carrier.pause();
  }

  #end({ id, attachment, refusal, offset }: Upload): void {
    this.done.value = offset;
    if (attachment !== undefined) {
      this.result.value = { ...attachment, upload: id };
      this.state.value = "done";
      return;
    }
    this.error.value = refusal;
    this.state.value = "failed";
  }
}

/** Begins to bring a file to the gateway; of the same bytes that were begun before, only what is missing. */
export function startUpload(file: File, carrier: Carrier): UploadJob {
  const job = new RunningUpload(file, carrier);
  void job.run();
  return job;
}
