import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";

import {
  type Chance,
  type Clock,
  type FaultCode,
  isFault,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import type { Callers } from "../people/index.ts";
import { type FindPeople, makeDropDoor } from "./caller.ts";
import type { DropChoice } from "./choice.ts";
import { codeOf, openFolders } from "./disk.ts";
import { makeRest, type Rest } from "./rest.ts";
import { listFirst, makeScan, type Scan } from "./scan.ts";
import type { Ask } from "./send.ts";
import { nameInWork, type Taken, Taking } from "./take.ts";
import { type Peek, WritingOut } from "./write-out.ts";

/** What a drop is opened with. */
export interface DropOptions {
  readonly choice: DropChoice;
  /** The drop's folder, absolute. */
  readonly dir: string;
  /** The gateway's own folder. */
  readonly ownDir: string;
  readonly people: FindPeople;
  readonly peek: Peek;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** How a drop stands; counted since the gateway was started. */
export interface DropState {
  readonly dir: string;
  readonly as: string;
  /** Files that lie in `work/`, at most a thousand counted. */
  readonly working: number;
  readonly sent: number;
  readonly partly: number;
  readonly rejected: number;
  readonly written: number;
  readonly withheld: number;
  /** What keeps files waiting, or the folder from being used. */
  readonly code?: FaultCode | undefined;
  /** What keeps `out/` from being written; absent when nothing does. */
  readonly outCode?: FaultCode | undefined;
}

/** A folder that another system works with. */
export interface Drop {
  /** The callers of the API, and the drop beside them. */
  callers(inner: Callers | undefined): Callers;
  /** Begins; `serve` is the API. */
  start(serve: (request: Request) => Response | Promise<Response>): void;
  state(): DropState;
  /** Ends after the step under way; what is in `work/` is gone on with at the next start. */
  stop(): Promise<void>;
}

/** After what keeps everything waiting, and not one file. */
const laterMs = 10_000;
const leastMs = 300;
const waitSeconds = 25;
/** So many files may wait in `work/` before no more are taken in. */
const maxWaiting = 200;

/** Refusals that every other file would meet too. */
function isForAll(code: FaultCode): boolean {
  return /^(?:STORE_|GATEWAY_|TOO_MANY_TRIES|NOT_AUTHENTICATED|ROLE_MISSING)/.test(code);
}

function diskCode(error: unknown): FaultCode {
  if (isFault(error)) return error.code;
  if (["ENOSPC", "EDQUOT"].includes(codeOf(error))) return "STORE_FULL";
  return codeOf(error) === "" ? "INTERNAL" : "IMPORT_FILE_UNREADABLE";
}

function unavailable(): Response {
  return Response.json({ code: "GATEWAY_UNREACHABLE", retry: "later" }, { status: 503 });
}

function textOf(raw: string): string {
  return Buffer.from(raw, "latin1").toString("utf8");
}

class OpenDrop implements Drop {
  readonly #options: DropOptions;
  readonly #door: ReturnType<typeof makeDropDoor>;
  readonly #ending = new AbortController();
  readonly #rest: Rest;
  readonly #later = new Map<string, number>();
  readonly #counts = { sent: 0, partly: 0, rejected: 0, written: 0, withheld: 0 };
  #serve: ((request: Request) => Response | Promise<Response>) | undefined;
  #working = 0;
  #code: FaultCode | undefined;
  #outCode: FaultCode | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: DropOptions) {
    this.#options = options;
    this.#door = makeDropDoor(options.choice.as, options.people);
    this.#rest = makeRest(options.clock);
  }

  callers(inner: Callers | undefined): Callers {
    return this.#door.beside(inner);
  }

  start(serve: (request: Request) => Response | Promise<Response>): void {
    this.#serve = serve;
    this.#running = Promise.all([this.#takeIn(), this.#writeOut()]);
  }

  state(): DropState {
    const { dir, choice } = this.#options;
    const codes = { code: this.#code, outCode: this.#outCode };
    return { dir, as: choice.as, working: this.#working, ...this.#counts, ...codes };
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    this.#rest.end();
    await this.#running;
  }

  get #isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  /** What cannot be asked now is answered as a gateway that does not answer: whoever asks waits. */
  readonly #ask: Ask = async (path, init = {}) => {
    const { signal } = this.#ending;
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
    const onEnd = (): void => end(undefined);
    signal.addEventListener("abort", onEnd);
    try {
      if (this.#serve === undefined || this.#isEnding) return unavailable();
      const request = this.#door.own(new Request(`http://localhost${path}`, init));
      // an answer that is waited for long does not keep the gateway from ending
      return (await Promise.race([this.#serve(request), ended])) ?? unavailable();
    } catch {
      return unavailable();
    } finally {
      signal.removeEventListener("abort", onEnd);
    }
  };

  #openScan(): () => Promise<Scan> {
    const { choice, dir, clock } = this.#options;
    const { settleSeconds = 2, marker = false } = choice;
    const folder = join(dir, "in");
    return makeScan({ folder, clock, settleMs: settleSeconds * 1000, needsMark: marker });
  }

  /** A share may tell nothing of what is put into it, or vanish: the slow look finds all of it. */
  #watch(): FSWatcher | undefined {
    try {
      const watcher = watch(join(this.#options.dir, "in"), { persistent: false }, () => this.#rest.wake());
      watcher.on("error", () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  async #takeIn(): Promise<void> {
    const { choice, dir, log } = this.#options;
    const { settleSeconds = 2, pollSeconds = 15 } = choice;
    const taking = new Taking({ ...this.#options, ask: this.#ask });
    const scan = this.#openScan();
    let watcher: FSWatcher | undefined;
    while (!this.#isEnding) {
      let isMoving = false;
      try {
        await openFolders(dir);
        watcher ??= this.#watch();
        isMoving = await this.#pass(taking, scan);
      } catch (error) {
        // the folder itself: it may be a share that comes back, so it is looked at again
        watcher?.close();
        watcher = undefined;
        this.#code = diskCode(error);
        log.error("drop folder cannot be used", { code: this.#code });
      }
      const ms = 1000 * (isMoving ? Math.min(settleSeconds, pollSeconds) : pollSeconds);
      // a file that grows wakes us with each of its pieces
      await this.#rest.sleep(ms, isMoving ? ms : leastMs);
    }
    watcher?.close();
  }

  /** First what was begun, then what is new; whether something lies there that does not count yet. */
  async #pass(taking: Taking, scan: () => Promise<Scan>): Promise<boolean> {
    if (!(await this.#goOn(taking)) || this.#later.size >= maxWaiting) return false;
    const { found, isMoving } = await scan();
    for (const one of found) {
      if (this.#isEnding) return false;
      const name = await taking.fetch(one);
      if (name !== undefined && !(await this.#settle(taking, name))) return false;
    }
    // there may be more than one look holds
    return isMoving || found.length > 0;
  }

  /** What lies in `work/`, as a power cut or a refusal for later left it; whether it is worth taking in more. */
  async #goOn(taking: Taking): Promise<boolean> {
    const { dir, clock } = this.#options;
    const held = await listFirst(join(dir, "work"), (raw) => (nameInWork(textOf(raw)) === undefined ? undefined : raw));
    const begun = held.map(textOf);
    for (const name of this.#later.keys()) if (!begun.includes(name)) this.#later.delete(name);
    if (this.#later.size === 0) this.#code = undefined;
    this.#working = begun.length;
    for (const name of begun) {
      if ((this.#later.get(name) ?? 0) > clock.elapsed()) continue;
      if (!(await this.#settle(taking, name))) return false;
    }
    return true;
  }

  /** Whether the next file is worth trying. */
  async #settle(taking: Taking, name: string): Promise<boolean> {
    if (this.#isEnding) return false;
    const taken: Taken = await taking.settle(name);
    if (typeof taken === "object") {
      this.#code = taken.waits;
      this.#later.set(name, this.#options.clock.elapsed() + laterMs);
      return !isForAll(taken.waits);
    }
    this.#later.delete(name);
    if (taken !== "GONE") this.#counts[({ SENT: "sent", PARTLY: "partly", REJECTED: "rejected" } as const)[taken]] += 1;
    return true;
  }

  async #writeOut(): Promise<void> {
    const { choice, log, clock } = this.#options;
    const { out, purpose } = choice;
    if (out === undefined) return;
    const writing = new WritingOut({ ...this.#options, choice: out, purpose, ask: this.#ask });
    while (!this.#isEnding) {
      try {
        await openFolders(this.#options.dir);
        const { written, withheld } = await writing.round(waitSeconds);
        this.#counts.written += written;
        this.#counts.withheld += withheld;
        if (this.#outCode !== "CURSOR_GONE") this.#outCode = undefined;
      } catch (error) {
        if (this.#isEnding) return;
        this.#outCode = isFault(error) ? toFault(error, "INTERNAL").code : diskCode(error);
        log.error("out/ is not written", { code: this.#outCode });
        if (isFault(error, "CURSOR_GONE")) await writing.skip().catch(() => undefined);
        const pause = makeRest(clock);
        const end = (): void => pause.end();
        this.#ending.signal.addEventListener("abort", end, { once: true });
        await pause.sleep(laterMs, laterMs);
        this.#ending.signal.removeEventListener("abort", end);
      }
    }
  }
} // prettier-ignore

/** Opens a drop. Nothing is looked at before it is started. */
export function openDrop(options: DropOptions): Drop {
  return new OpenDrop(options);
}
