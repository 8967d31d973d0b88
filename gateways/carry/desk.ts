import { join } from "node:path";

import { type Bytes, Fault, makeUuid, renderUuid, toFault } from "../../schemas/ground/index.ts";
import type { Office } from "../exchange/index.ts";
import type { CarriedFiles } from "./files.ts";
import { carryLimits } from "./limits.ts";
import { clearSpool, readSpooled, removeSpooled, spool } from "./spool.ts";
import { type Checked, checkFile, type Taken, takeFile, type TakeParts } from "./take-file.ts";
import { writeFile, type Writing } from "./write-file.ts";

/** How far the reading of a file has come. */
export type CarryProgress =
  | { readonly state: "RUNNING"; readonly done: number; readonly of: number }
  | { readonly state: "CHECKED"; readonly result: Checked }
  | { readonly state: "TAKEN"; readonly result: Taken }
  /** Nothing of it was taken, or as much as was proved before something failed; the same file may be brought again. */
  | { readonly state: "REFUSED"; readonly fault: Fault };

/** What people do with carry files at one gateway. */
export interface CarryDesk {
  /** Begins a file for one reader. @throws {Fault} as `writeFile` */
  write(to: string, filesUpTo?: number): Promise<Writing>;
  /**
   * Takes a file in, or only looks whether it is good. Resolves when all of it is here; the rest goes on by itself.
   *
   * @returns under which name it is asked after
   * @throws {Fault} QUOTA_EXCEEDED while another is read, REQUEST_TOO_LARGE, STORE_WRITE_FAILED
   */
  begin(file: AsyncIterable<Bytes>, what: "CHECK" | "TAKE"): Promise<string>;
  /** Of one of the last files; of others, and after a new start, nothing is known. */
  progress(id: string): CarryProgress | undefined;
  /** Ends between two batches what is under way. */
  stop(): Promise<void>;
}

/** What a desk is made of. */
export interface CarryDeskOptions {
  readonly office: Office;
  readonly parts: TakeParts & {
    /** The register in force, to bring along. */
    registerBytes(): Bytes;
  };
  /** Files beside messages; without them none is written or taken. */
  readonly files?: CarriedFiles | undefined;
  /** The gateway's own folder; what comes in lies in `carry` there for as long as it is read. */
  readonly dir: string;
}

/** Files whose end is still told. */
const remembered = 32;

class Desk implements CarryDesk {
  readonly #options: CarryDeskOptions;
  readonly #folder: string;
  readonly #jobs = new Map<string, CarryProgress>();
  #isBusy = false;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: CarryDeskOptions) {
    this.#options = options;
    this.#folder = join(options.dir, "carry");
    clearSpool(this.#folder);
  }

  async write(to: string, filesUpTo?: number): Promise<Writing> {
    const { office, parts, files } = this.#options;
    return await writeFile(office, { to, register: parts.registerBytes(), filesUpTo }, files);
  }

  progress(id: string): CarryProgress | undefined {
    return this.#jobs.get(id);
  }

  async begin(file: AsyncIterable<Bytes>, what: "CHECK" | "TAKE"): Promise<string> {
    if (this.#isBusy || this.#isStopped) {
      throw new Fault("QUOTA_EXCEEDED", "one carry file is read at a time; wait for the one before");
    }
    this.#isBusy = true;
    try {
      const { office } = this.#options;
      const place = { dir: this.#folder, chance: office.chance, maxBytes: carryLimits.fileBytes };
      const path = await spool(file, place);
      const id = renderUuid(makeUuid(office.clock.now(), office.chance));
      this.#tell(id, { state: "RUNNING", done: 0, of: 0 });
      // it tells of its failures itself
      this.#running = this.#run(id, path, what);
      return id;
    } catch (error) {
      this.#isBusy = false;
      throw error;
    }
  } // prettier-ignore

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  #tell(id: string, progress: CarryProgress): void {
    this.#jobs.set(id, progress);
    const [oldest] = this.#jobs.keys();
    if (this.#jobs.size > remembered && oldest !== undefined) this.#jobs.delete(oldest);
  }

  async #run(id: string, path: string, what: "CHECK" | "TAKE"): Promise<void> {
    const { log } = this.#options.office;
    try {
      const end = what === "CHECK" ? await this.#check(path) : await this.#take(id, path);
      this.#tell(id, end);
      log.info(what === "CHECK" ? "a carry file was looked at" : "a carry file was taken in", { agency: end.result.writer, count: end.result.publications });
    } catch (error) {
      const fault = toFault(error, "INTERNAL");
      log.warn("a carry file was refused", { code: fault.code });
      this.#tell(id, { state: "REFUSED", fault });
    } finally {
      removeSpooled(path);
      this.#isBusy = false;
    }
  } // prettier-ignore

  async #check(path: string): Promise<Extract<CarryProgress, { state: "CHECKED" }>> {
    const { office, parts } = this.#options;
    return { state: "CHECKED", result: await checkFile(office, parts, readSpooled(path)) };
  }

  async #take(id: string, path: string): Promise<Extract<CarryProgress, { state: "TAKEN" }>> {
    const { office, parts, files } = this.#options;
    const result = await takeFile(
      office,
      { ...parts, files },
      {
        open: () => readSpooled(path),
        onProgress: (done, of) => this.#tell(id, { state: "RUNNING", done, of }),
        isStopped: () => this.#isStopped,
      },
    );
    return { state: "TAKEN", result };
  }
}

/** Builds the desk of one gateway's carry files; clears away what an earlier end left. */
export function makeCarryDesk(options: CarryDeskOptions): CarryDesk {
  return new Desk(options);
}
