import { Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import { openStoreKey } from "./key-desk.ts";
import type { Proof } from "./protector.ts";
import { removeLeftovers } from "./rekey.ts";
import { hasStoreKeys, loadStoreKeys, saveStoreKeys } from "./store-keys.ts";
import type { SuspendedMark } from "./store-keys-shape.ts";
import { makeTries } from "./tries.ts";
import { makeVaultLines, type VaultLines } from "./vault-lines.ts";
import type { LockReason, Vault, VaultOptions, VaultState } from "./vault-options.ts";
import { beginWipe, checkNotWiped, type WipeReason, wipeStore } from "./wipe.ts";

const lookEveryMs = 1_000;
const said = { OPEN: "store open", LOCKED: "store locked", WIPED: "store wiped" } as const;
/** Somebody else mends these while we run: a register, a token that is not plugged in, a stick with a key. */
const mended: ReadonlySet<string> = new Set([
  "MANDATE_SUSPENDED",
  "CERT_REVOKED",
  "KEY_TOKEN_AWAY",
  "KEY_UNUSABLE",
]);

class StoreVault<T> implements Vault<T> {
  readonly token: Vault<T>["token"];
  readonly #options: VaultOptions<T>;
  readonly #tries: ReturnType<typeof makeTries>;
  readonly #lines: VaultLines<T>;
  readonly #timer: { stop(): void };
  #held: T | undefined;
  #state: VaultState;
  #workedAt = { now: 0, elapsed: 0 };
  /** Opened by the recovery code in spite of the register: it is not asked again until the store is locked. */
  #isOverridden = false;
  /** One act after another: nothing is opened while it is being closed. */
  #turn: Promise<unknown> = Promise.resolve();
  #isLooking = false;

  constructor(options: VaultOptions<T>) {
    const { clock, config } = options;
    this.#options = options;
    this.token = config?.token;
    this.#tries = makeTries(clock);
    this.#lines = makeVaultLines(options);
    const isEncrypted = config !== undefined;
    this.#state = { state: "LOCKED", isEncrypted, since: clock.now(), reason: "START" };
    this.#timer = clock.every(lookEveryMs, () => void this.#look());
  }

  state(): VaultState {
    return this.#state;
  }

  held(): T {
    if (this.#held !== undefined) return this.#held;
    if (this.#state.state === "WIPED") checkNotWiped(this.#options.dir);
    const way = "POST /v1/unlock, or atumpan store unlock, opens it";
    throw new Fault("STORE_LOCKED", `locked (${this.#state.reason ?? "START"}); ${way}`);
  }

  touch(): void {
    const { clock } = this.#options;
    this.#workedAt = { now: clock.now(), elapsed: clock.elapsed() };
  }

  unlock(proof?: Proof): Promise<void> {
    return this.#inTurn(() => this.#unlock(proof));
  }

  lock(who?: string): Promise<void> {
    return this.#inTurn(() => this.#lock("ASKED", who));
  }

  wipe(typed: string, who?: string): Promise<void> {
    if (typed === this.#options.agency) return this.#inTurn(() => this.#wipe("ASKED", who));
    const detail = "type the agency's name, as status shows it, to wipe its store";
    return Promise.reject(new Fault("REQUEST_INVALID", detail));
  }

  stop(): Promise<void> {
    this.#timer.stop();
    return this.#inTurn(() => this.#close());
  }

  async #inTurn(act: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(act);
    this.#turn = mine.catch(() => undefined);
    await mine;
  }

  #become(state: VaultState["state"], more: Pick<VaultState, "reason" | "suspended"> = {}): void {
    const { clock, log } = this.#options;
    const { isEncrypted } = this.#state;
    this.#state = { state, isEncrypted, since: clock.now(), ...more };
    const code = more.reason;
    log.info(said[state], code === undefined ? {} : { code });
  }

  async #close(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) await this.#options.close(held);
  }

  async #unlock(proof: Proof | undefined): Promise<void> {
    const { dir, config } = this.#options;
    checkNotWiped(dir);
    if (this.#held !== undefined) return;
    this.#tries.check();
    const isRecovery = proof?.kind === "recovery";
    if (config !== undefined && !isRecovery) await this.#checkStanding();
    const key = config === undefined ? undefined : await this.#openKey(proof ?? config.own);
    try {
      removeLeftovers(dir);
      this.#held = await this.#options.open(key);
    } finally {
      key?.fill(0);
    }
    this.#isOverridden = isRecovery;
    this.touch();
    if (config !== undefined) await this.#lines.opened(this.#held, proof ?? config.own);
    this.#become("OPEN");
  }

  async #openKey(proof: Proof | undefined): Promise<Buffer> {
    if (proof === undefined)
      throw new Fault("STORE_LOCKED", "send the passphrase, the token's PIN or the recovery code");
    try {
      const key = await openStoreKey(this.#options, proof);
      this.#tries.succeeded();
      return key;
    } catch (error) {
      const isPin = proof.kind === "token" && isFault(error, "KEY_UNUSABLE");
      if (isPin || isFault(error, "STORE_KEY_WRONG")) {
        this.#tries.failed();
        this.#lines.tried();
      }
      throw error;
    }
  }

  /** A register that is not newer than the one that suspended us lifts nothing: somebody may have laid an old one there. */
  async #checkStanding(): Promise<void> {
    const { dir } = this.#options;
    const keys = loadStoreKeys(dir);
    const before = keys.suspended;
    const { epoch, suspension } = await this.#options.standing(before !== undefined);
    if (suspension !== undefined) await this.#noteSuspension(suspension);
    const mark = suspension ?? (before !== undefined && epoch <= before.epoch ? before : undefined);
    if (mark !== undefined) {
      const way =
        "bring a newer register that lifts it (register.bin, registerUrls), or use the recovery code";
      throw new Fault(mark.code, `register ${mark.epoch} forbids to open this store; ${way}`);
    }
    if (before === undefined) return;
    const { suspended: _, ...rest } = keys;
    saveStoreKeys(dir, rest);
  }

  async #noteSuspension(suspended: SuspendedMark): Promise<void> {
    const { dir, config, log } = this.#options;
    log.warn("the register suspends this gateway", {
      code: suspended.code,
      epoch: suspended.epoch,
    });
    await this.#lines.suspended(this.#held, suspended);
    if (config?.onSuspension === "wipe") {
      await this.#wipe("SUSPENDED");
      checkNotWiped(dir);
    }
    const keys = loadStoreKeys(dir);
    if (keys.suspended?.epoch !== suspended.epoch)
      saveStoreKeys(dir, { ...keys, suspended: { ...suspended } });
    await this.#close();
    this.#become("LOCKED", { reason: "SUSPENDED", suspended });
  }

  async #lock(reason: LockReason, who?: string): Promise<void> {
    if (this.#state.state === "WIPED") checkNotWiped(this.#options.dir);
    if (!this.#state.isEncrypted)
      throw new Fault(
        "REQUEST_INVALID",
        "this store is not encrypted: atumpan store protectors init",
      );
    if (this.#held === undefined) return;
    this.#isOverridden = false;
    await this.#lines.locked(this.#held, reason, who);
    // from here on it is locked for everybody, however long the closing takes
    this.#become("LOCKED", { reason });
    await this.#close();
  }

  async #wipe(reason: WipeReason, who?: string): Promise<void> {
    const { dir, clock } = this.#options;
    checkNotWiped(dir);
    const recordEnd = await this.#lines.wiped(this.#held, reason, who);
    const order = { at: clock.now(), reason, who, recordEnd };
    beginWipe(dir, order);
    this.#become("WIPED");
    try {
      await this.#close();
    } finally {
      wipeStore(dir, order);
    }
  }

  #isIdle(): boolean {
    const { config, clock } = this.#options;
    const limit = config?.lockAfterMs;
    if (limit === undefined) return false;
    // a machine that slept counts its sleep; one whose clock was set back counts by the steady one
    const { now, elapsed } = this.#workedAt;
    return clock.now() - now >= limit || clock.elapsed() - elapsed >= limit;
  }

  /** A timer has no caller: what fails is written down, and tried again with the next look. */
  async #look(): Promise<void> {
    if (this.#isLooking || this.#held === undefined || this.#options.config === undefined) return;
    this.#isLooking = true;
    try {
      if (this.#isIdle()) await this.#inTurn(() => this.#lock("IDLE"));
      else if (!this.#isOverridden) await this.#inTurn(() => this.#lookAtStanding());
    } catch (error) {
      this.#options.log.error("the lock was not looked after", {
        code: toFault(error, "INTERNAL").code,
      });
    } finally {
      this.#isLooking = false;
    }
  }

  async #lookAtStanding(): Promise<void> {
    if (this.#held === undefined) return;
    const { suspension } = await this.#options.standing(false);
    if (suspension === undefined) return;
    try {
      await this.#noteSuspension(suspension);
    } catch (error) {
      if (!isFault(error, "STORE_WIPED")) throw error;
    }
  }
}

/**
 * Builds the vault of a gateway's store, and opens it if the operator chose a way that needs nobody. What cannot be
 * opened without somebody, or is suspended, stays locked and is no failure: the gateway runs and says so.
 *
 * While it is locked the link is down. Nothing is lost by that: what is for us stays in custody at the hub and with its
 * senders, and comes when the store is opened. The store's key is in our memory only while the store is being opened, and
 * erased there; then SQLite has it until the store is closed, and erases its own. What JavaScript cannot erase: texts
 * that were read or shown, passphrases as the HTTP server got them, and whatever the system swapped out.
 *
 * @throws {Fault} STORE_WIPED; CONFIG_INVALID, STORE_KEY_WRONG and what `open` throws, where it should have opened itself
 */
export async function openVault<T>(options: VaultOptions<T>): Promise<Vault<T>> {
  const { dir, config } = options;
  checkNotWiped(dir);
  if (config !== undefined && !hasStoreKeys(dir)) loadStoreKeys(dir);
  const vault = new StoreVault(options);
  try {
    if (config === undefined || config.own !== undefined) await vault.unlock();
  } catch (error) {
    const { code } = toFault(error, "INTERNAL");
    if (config !== undefined && mended.has(code)) {
      options.log.warn("the store could not open itself", { code });
      return vault;
    }
    await vault.stop();
    throw error;
  }
  return vault;
}
