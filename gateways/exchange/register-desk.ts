import { statSync } from "node:fs";

import { type Clock, type Log, toFault } from "../../schemas/ground/index.ts";
import type { Anchors, RegisterView } from "../../certs/trust/index.ts";
import {
  fetchRegister,
  type HeldRegister,
  type HubConnection,
  loadRegister,
  saveRegister,
} from "../link/index.ts";

/** What a register desk is made of. */
export interface RegisterDeskOptions {
  /** The register's file. */
  readonly path: string;
  readonly anchors: Anchors;
  readonly held: HeldRegister;
  readonly connection: () => HubConnection | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after a newer register came into force. */
  readonly onChange: () => void;
}

/** The register in force, and how newer ones come. */
export interface RegisterDesk {
  view(): RegisterView;
  /** Asks the hub for a newer register, at most every few seconds; says whether one came into force. */
  refresh(): Promise<boolean>;
  /** Somebody judges by this epoch. */
  saw(epoch: number): void;
  /** Takes a newer register that was put into the file by hand. */
  checkFile(): void;
}

const refreshEveryMs = 5_000;

class Desk implements RegisterDesk {
  readonly #options: RegisterDeskOptions;
  #held: HeldRegister;
  #modifiedAt: number;
  #askedAt = -refreshEveryMs;
  #asking: Promise<boolean> | undefined;

  constructor(options: RegisterDeskOptions) {
    this.#options = options;
    this.#held = options.held;
    this.#modifiedAt = this.#fileTime();
  }

  view(): RegisterView {
    return this.#held.view;
  }

  async refresh(): Promise<boolean> {
    if (this.#asking !== undefined) return await this.#asking;
    const { clock } = this.#options;
    if (clock.elapsed() - this.#askedAt < refreshEveryMs) return false;
    this.#askedAt = clock.elapsed();
    this.#asking = this.#fetch();
    try {
      return await this.#asking;
    } finally {
      this.#asking = undefined;
    }
  }

  saw(epoch: number): void {
    // `refresh` handles its failures itself
    if (epoch > this.view().epoch) void this.refresh();
  }

  checkFile(): void {
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
    // one epoch has one content: two of one number were refused as forked
    if (next.view.epoch === this.#held.view.epoch) return false;
    this.#held = next;
    const { log, onChange } = this.#options;
    log.info("register in force", { epoch: next.view.epoch });
    onChange();
    return true;
  }

  async #fetch(): Promise<boolean> {
    const { connection, anchors, path, log } = this.#options;
    const link = connection();
    if (link === undefined || !link.isUp) return false;
    try {
      const next = await fetchRegister(link, anchors, this.#held);
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

/** Builds the desk that holds the register in force. It only ever moves forward. */
export function makeRegisterDesk(options: RegisterDeskOptions): RegisterDesk {
  return new Desk(options);
}
