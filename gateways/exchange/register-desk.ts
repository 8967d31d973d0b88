import { statSync } from "node:fs";

import {
  type Bytes,
  type Chance,
  type Clock,
  isFault,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import type { Anchors, RegisterView } from "../../certs/trust/index.ts";
import {
  fetchRegister,
  type HeldRegister,
  type HubConnection,
  loadRegister,
  makeHubSource,
  makeSource,
  type RegisterSource,
  saveRegister,
  scatterMs,
} from "../link/index.ts";

/** What a register desk is made of. */
export interface RegisterDeskOptions {
  /** The register's file. */
  readonly path: string;
  readonly anchors: Anchors;
  readonly held: HeldRegister;
  /** To each hub that is asked. */
  readonly connections: () => readonly HubConnection[];
  /** Other places where newer registers may lie. */
  readonly urls: readonly string[];
  readonly clock: Clock;
  /** Scatters what is asked now and then, so that gateways that started together do not go on together. */
  readonly chance?: Chance | undefined;
  readonly log: Log;
  /** Called after a newer register came into force. */
  readonly onChange: () => void;
}

/** The register in force, and how newer ones come. */
export interface RegisterDesk {
  view(): RegisterView;
  /** Asks the hubs for a newer register, at most every few seconds, and now and then the other places; says whether one came into force. */
  refresh(): Promise<boolean>;
  /** The register in force, as it is kept. */
  bytes(): Bytes;
  held(): HeldRegister;
  /** The newer of the register in force and the one in these files, where that is proved; nothing is kept. */
  weigh(files: ReadonlyMap<string, Bytes>): Promise<RegisterView>;
  /** Takes the register in files that somebody brought where it is newer and proved; says whether it came into force. */
  offer(files: ReadonlyMap<string, Bytes>): Promise<boolean>;
  /** Somebody judges by this epoch. */
  saw(epoch: number): void;
  /** Takes a newer register that was put into the file by hand, and asks for one when it is time. */
  checkFile(): void;
}

const refreshEveryMs = 5_000;
/** So often a newer register that somebody spoke of is asked for; whoever lies of one costs no more. */
const pursuits = 3;
/**
 * A newer timestamp says no new number, so nobody tells of it: it is asked for, so many times before the one that is held ends,
 * and as often as this while it has ended.
 */
const asksALife = 24;
const askEveryMs = 300_000;
const mostAskEveryMs = 3_600_000;
const placesEveryMs = 60_000;

class Desk implements RegisterDesk {
  readonly #options: RegisterDeskOptions;
  #held: HeldRegister;
  #modifiedAt: number;
  #askedAt = -refreshEveryMs;
  #placesAskedAt = -placesEveryMs;
  readonly #places: readonly RegisterSource[];
  #asking: Promise<boolean> | undefined;
  #isPursuing = false;
  #scatter = 1;

  constructor(options: RegisterDeskOptions) {
    this.#options = options;
    this.#held = options.held;
    this.#places = options.urls.map(makeSource);
    this.#modifiedAt = this.#fileTime();
  }

  view(): RegisterView {
    return this.#held.view;
  }

  bytes(): Bytes {
    return this.#held.bytes;
  }

  held(): HeldRegister {
    return this.#held;
  }

  async weigh(files: ReadonlyMap<string, Bytes>): Promise<RegisterView> {
    try {
      const next = await fetchRegister(makeFileSource(files), this.#options.anchors, this.#held);
      return next?.view ?? this.view();
    } catch (error) {
      // what is spoilt is passed over, as from any place
      if (isFault(error)) return this.view();
      throw error;
    }
  }

  async offer(files: ReadonlyMap<string, Bytes>): Promise<boolean> {
    // one at a time: what is fetched meanwhile was held against the register of before
    while (this.#asking !== undefined) await this.#asking;
    this.#asking = this.#take(makeFileSource(files));
    try {
      return await this.#asking;
    } finally {
      this.#asking = undefined;
    }
  }

  async refresh(): Promise<boolean> {
    if (this.#asking !== undefined) return await this.#asking;
    const { clock } = this.#options;
    if (clock.elapsed() - this.#askedAt < refreshEveryMs) return false;
    this.#askedAt = clock.elapsed();
    const { chance } = this.#options;
    if (chance !== undefined) this.#scatter = scatterMs(1, chance);
    this.#asking = this.#fetch();
    try {
      return await this.#asking;
    } finally {
      this.#asking = undefined;
    }
  }

  /** How long after it was asked for one it is asked for again. */
  #pace(): number {
    const leftMs = this.view().expiresAt - this.#options.clock.now();
    return this.#scatter * Math.min(mostAskEveryMs, Math.max(askEveryMs, leftMs / asksALife));
  }

  saw(epoch: number): void {
    if (epoch <= this.view().epoch || this.#isPursuing) return;
    void this.#pursue(epoch, pursuits);
  }

  /** What was asked for a moment ago is asked for again when it may be, and not only when somebody speaks again. */
  async #pursue(epoch: number, tries: number): Promise<void> {
    this.#isPursuing = true;
    // `refresh` handles its failures itself
    await this.refresh();
    this.#isPursuing = false;
    if (this.view().epoch >= epoch || tries <= 1) return;
    const { clock } = this.#options;
    const waitMs = Math.max(1, refreshEveryMs - (clock.elapsed() - this.#askedAt));
    this.#isPursuing = true;
    clock.after(waitMs, () => void this.#pursue(epoch, tries - 1));
  }

  checkFile(): void {
    // `refresh` handles its failures itself
    if (this.#options.clock.elapsed() - this.#askedAt >= this.#pace()) void this.refresh();
    const modifiedAt = this.#fileTime();
    if (modifiedAt === this.#modifiedAt) return;
    this.#modifiedAt = modifiedAt;
    const { path, anchors, log } = this.#options;
    try {
      const next = loadRegister(path, anchors, this.#held.view);
      this.#install(next);
    } catch (error) {
      log.error("the register's file was passed over", {
        code: toFault(error, "REGISTER_INVALID").code,
      });
    }
  }

  #fileTime(): number {
    return statSync(this.#options.path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  #install(next: HeldRegister): boolean {
    const { trusted, epoch, key } = this.#held.view;
    if (next.view.trusted.timestamp.version === trusted.timestamp.version) return false;
    this.#held = next;
    const { log, onChange } = this.#options;
    log.info("register in force", { epoch: next.view.epoch });
    for (const { authority, code } of next.view.trusted.flaws) {
      log.warn("a part of the register is spoilt", { subject: authority, code });
    }
    // a newer timestamp on the same snapshot only says that it still counts
    if (next.view.epoch !== epoch || next.view.key !== key) onChange();
    return true;
  }

  /** The hubs that are up, and when it is time the other places: the newest wins, wherever it lies. */
  #sources(): readonly RegisterSource[] {
    const { connections, clock } = this.#options;
    const hubs = connections().flatMap((link) => (link.isUp ? [makeHubSource(link)] : []));
    if (clock.elapsed() - this.#placesAskedAt < placesEveryMs) return hubs;
    this.#placesAskedAt = clock.elapsed();
    return [...hubs, ...this.#places];
  }

  async #fetch(): Promise<boolean> {
    let isNewer = false;
    for (const source of this.#sources()) isNewer = (await this.#take(source)) || isNewer;
    return isNewer;
  }

  async #take(source: RegisterSource): Promise<boolean> {
    const { anchors, path, log } = this.#options;
    try {
      const next = await fetchRegister(source, anchors, this.#held);
      if (next === undefined) return false;
      saveRegister(path, next.bytes);
      this.#modifiedAt = this.#fileTime();
      return this.#install(next);
    } catch (error) {
      log.warn("no newer register", { code: toFault(error, "HUB_UNREACHABLE").code });
      return false;
    }
  }
}

/** Files that lie in memory: somebody brought them. */
function makeFileSource(files: ReadonlyMap<string, Bytes>): RegisterSource {
  return { ask: ({ path }) => Promise.resolve(files.get(path)) };
}

/** Builds the desk that holds the register in force. It only ever moves forward. */
export function makeRegisterDesk(options: RegisterDeskOptions): RegisterDesk {
  return new Desk(options);
}
