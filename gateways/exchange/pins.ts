import {
  type Bytes,
  bytesKey,
  type Clock,
  type EpochMs,
  Fault,
  isFault,
  type Log,
  renderHex,
  sameBytes,
  toFault,
} from "../../schemas/ground/index.ts";
import {
  judgeSealingKey,
  type PinnedKey,
  type RegisteredCertificate,
  type RegisterView,
  type SealingKeyQuestion,
} from "../../certs/trust/index.ts";
import { parseCertificate } from "../../certs/shape/index.ts";
import { type OpeningKey, type SealingBelief, sealingKid } from "../crypto/index.ts";
import type { PinState, Store } from "../store/index.ts";
import type { SealingKeyEntry, SealingKeyTrial, SealingKeyWord } from "./exchange.ts";

/** What pins are made of. */
export interface PinDeskOptions {
  /** Whose gateway this is. */
  readonly agency: string;
  /** Our own keys, as they are now: nobody need vouch to us for a key that we hold. */
  readonly keys: () => readonly OpeningKey[];
  readonly store: Pick<Store, "sealingPins" | "write">;
  /** The register in force now. */
  readonly register: () => RegisterView;
  readonly clock: Clock;
  readonly log: Log;
}

/** How many listed keys are shown. */
export interface PinCounts {
  /** Changed and vouched for: sealed to; for information, until somebody confirms or fourteen days have passed. */
  readonly changed: number;
  /** Changed and vouched for by nobody: not sealed to until somebody confirms. These need a person. */
  readonly unconfirmed: number;
}

/** Which sealing keys this gateway believes, and what people said of them. */
export interface PinDesk {
  /** What may be sealed to under a register. Keys in it that are new to us are judged and written down first. */
  under(register: RegisterView): SealingBelief;
  counts(): PinCounts;
  /**
   * Every key met, or only those that changed and are to be seen; by agency, then the order they were met in. A key of
   * our own agency is to be seen only when nobody vouches for it and its private half is not here: another's key in
   * our name.
   */
  list(isAll: boolean): readonly SealingKeyEntry[];
  /**
   * Writes down what a person says of a key. It counts once it is on the disk.
   *
   * @throws {Fault} NOT_FOUND when no such key of this agency was met, STORE_WRITE_FAILED
   */
  decide(word: SealingKeyWord): Promise<SealingKeyEntry>;
  /** The key as it stands, and as it would by such a word; writes nothing. @throws {Fault} NOT_FOUND */
  try(word: SealingKeyWord): SealingKeyTrial;
}

interface Pin {
  readonly agency: string;
  readonly thumbprint: Bytes;
  readonly since: EpochMs;
  readonly state: PinState;
  readonly at: EpochMs;
  readonly by?: string | undefined;
}

type Pins = ReadonlyMap<string, Pin>;

const believed: readonly PinState[] = ["FIRST", "ENDORSED", "CONFIRMED"];
const stateOfVerdict = { first: "FIRST", endorsed: "ENDORSED", unendorsed: "UNENDORSED" } as const;
/** How long a change that was vouched for is shown to whoever does not confirm it. */
const shownMs = 14 * 86_400_000;

function sealingCertificates(
  register: RegisterView,
  agency: string,
): readonly RegisteredCertificate[] {
  return (register.agency(agency)?.certificates ?? []).filter(({ kind }) => kind === "SEALING");
}

/** The oldest first: what was met first vouches for what came after. One that cannot be read is passed over. */
function inOrder(certificates: readonly RegisteredCertificate[]): readonly RegisteredCertificate[] {
  const only = certificates.length === 1;
  const dated = certificates.flatMap((one) => {
    try {
      return [{ one, from: only ? 0 : parseCertificate(one.certificate).notBefore }];
    } catch (error) {
      if (isFault(error)) return [];
      throw error;
    }
  });
  return dated.toSorted((a, b) => a.from - b.from).map(({ one }) => one);
}

class Desk implements PinDesk {
  readonly #options: PinDeskOptions;
  /** By agency, then by thumbprint. */
  readonly #pins = new Map<string, Map<string, Pin>>();
  #judged: string | undefined;

  constructor(options: PinDeskOptions) {
    this.#options = options;
    for (const word of options.store.sealingPins.all()) this.#put(word);
  }

  under(register: RegisterView): SealingBelief {
    this.#judgeOnce(register);
    return (agency, thumbprint) => {
      const pin = this.#pins.get(agency)?.get(bytesKey(thumbprint));
      return pin !== undefined && this.#isBelieved(pin);
    };
  }

  counts(): PinCounts {
    const shown = this.list(false);
    const changed = shown.filter(({ state }) => state === "ENDORSED").length;
    return { changed, unconfirmed: shown.length - changed };
  }

  list(isAll: boolean): readonly SealingKeyEntry[] {
    const register = this.#options.register();
    this.#judgeOnce(register);
    return [...this.#pins.values()]
      .flatMap((own) => [...own.values()])
      .filter((pin) => isAll || this.#isShown(pin))
      .map((pin) => this.#entryOf(pin, register))
      .filter(({ isListed }) => isAll || isListed)
      .toSorted((a, b) => (a.agency < b.agency ? -1 : Number(a.agency > b.agency)));
  }

  /** A key of our own that lies here. A person who refused it is heard all the same. */
  #isOurs({ agency, thumbprint, state }: Pin): boolean {
    const { agency: own, keys } = this.#options;
    if (agency !== own || state === "REFUSED") return false;
    const name = sealingKid(thumbprint);
    return keys().some(({ kid }) => kid === name);
  }

  #isBelieved(pin: Pin): boolean {
    return believed.includes(pin.state) || this.#isOurs(pin);
  }

  /** Whether a change is to be seen: for as long as a person is needed, or for some days for information. */
  #isShown(pin: Pin): boolean {
    if (pin.state === "UNENDORSED") return !this.#isOurs(pin);
    const { agency, clock } = this.#options;
    return pin.state === "ENDORSED" && pin.agency !== agency && clock.now() < pin.at + shownMs;
  }

  try({ agency, fingerprint, state, by }: SealingKeyWord): SealingKeyTrial {
    const { clock, register } = this.#options;
    const pin = this.#met(agency, fingerprint);
    const after = { ...pin, state, by, at: clock.now() };
    return { before: this.#entryOf(pin, register()), after: this.#entryOf(after, register()) };
  }

  async decide({ agency, fingerprint, state, by }: SealingKeyWord): Promise<SealingKeyEntry> {
    const { store, clock, log, register } = this.#options;
    const pin = this.#met(agency, fingerprint);
    const word = { agency, thumbprint: pin.thumbprint, state, at: clock.now(), by };
    await store.write(() => store.sealingPins.add(word));
    const put = this.#put(word);
    log.info(state === "CONFIRMED" ? "sealing key confirmed" : "sealing key refused", {
      agency,
      fingerprint,
    });
    // what waited for this key's word is judged again
    this.#judged = undefined;
    this.#judgeOnce(register());
    return this.#entryOf(put, register());
  }

  #met(agency: string, fingerprint: string): Pin {
    this.#judgeOnce(this.#options.register());
    const all = [...this.#pinsOf(agency).values()];
    const pin = all.find(({ thumbprint }) => renderHex(thumbprint) === fingerprint);
    if (pin !== undefined) return pin;
    throw new Fault("NOT_FOUND", "this gateway met no sealing key of that agency and fingerprint");
  }

  #pinsOf(agency: string): Pins {
    return this.#pins.get(agency) ?? new Map<string, Pin>();
  }

  #put(word: Omit<Pin, "since">): Pin {
    const own = this.#pins.get(word.agency) ?? new Map<string, Pin>();
    const key = bytesKey(word.thumbprint);
    const pin = { ...word, since: own.get(key)?.since ?? word.at };
    own.set(key, pin);
    this.#pins.set(word.agency, own);
    return pin;
  }

  #entryOf(pin: Pin, register: RegisterView): SealingKeyEntry {
    const { agency, thumbprint, since, state, at, by } = pin;
    const key = bytesKey(thumbprint);
    const isListed = sealingCertificates(register, agency).some(
      (one) => bytesKey(one.thumbprint) === key,
    );
    const shown = { agency, fingerprint: renderHex(thumbprint), state, since, at, isListed };
    return { ...shown, isBelieved: this.#isBelieved(pin), ...(by === undefined ? {} : { by }) };
  }

  /** Once for each register: what was judged stands, but for what nobody vouched for yet. */
  #judgeOnce(register: RegisterView): void {
    if (this.#judged === register.key) return;
    this.#judged = register.key;
    const words = register.agencies.flatMap(({ agency }) => this.#judgeAgency(register, agency));
    if (words.length === 0) return;
    this.#tell(words);
    void this.#keep(words);
  }

  #judgeAgency(register: RegisterView, agency: string): readonly Pin[] {
    const isOpen = ({ thumbprint }: RegisteredCertificate): boolean => {
      const state = this.#pinsOf(agency).get(bytesKey(thumbprint))?.state;
      return state === undefined || state === "UNENDORSED";
    };
    const candidates = sealingCertificates(register, agency).filter(isOpen);
    // all that stands there when the agency is met is taken as registered
    const isMet = this.#pinsOf(agency).size > 0;
    return inOrder(candidates).flatMap((one) => {
      const pinned = isMet ? this.#pinnedBeside(agency, one.thumbprint) : [];
      return this.#judge({ register, pinned, candidate: { ...one, agency } }) ?? [];
    });
  }

  #pinnedBeside(agency: string, thumbprint: Bytes): readonly PinnedKey[] {
    return [...this.#pinsOf(agency).values()]
      .filter((pin) => !sameBytes(pin.thumbprint, thumbprint))
      .map((pin) => ({ thumbprint: pin.thumbprint, isBelieved: this.#isBelieved(pin) }));
  }

  #judge(question: Omit<SealingKeyQuestion, "at">): Pin | undefined {
    const { agency, thumbprint } = question.candidate;
    const at = this.#options.clock.now();
    const state = stateOfVerdict[judgeSealingKey({ ...question, at })];
    if (this.#pinsOf(agency).get(bytesKey(thumbprint))?.state === state) return undefined;
    return this.#put({ agency, thumbprint, state, at });
  }

  #tell(words: readonly Pin[]): void {
    const { log } = this.#options;
    for (const { agency, state, thumbprint } of words.filter((one) => this.#isShown(one))) {
      const fields = { agency, fingerprint: renderHex(thumbprint) };
      if (state === "ENDORSED") log.warn("sealing key changed", fields);
      else log.error("sealing key not believed", { ...fields, code: "SEAL_KEY_UNCONFIRMED" });
    }
    const met = words.filter(({ state }) => state === "FIRST").length;
    if (met > 0) log.info("sealing keys met for the first time", { count: met });
  }

  /** Nobody waits for this write. What could not be kept is forgotten, and judged again when it is next asked for. */
  async #keep(words: readonly Pin[]): Promise<void> {
    const { store, log } = this.#options;
    try {
      await store.write(() => {
        for (const word of words) store.sealingPins.add(word);
      });
    } catch (error) {
      for (const { agency, thumbprint } of words) {
        this.#pins.get(agency)?.delete(bytesKey(thumbprint));
      }
      for (const word of store.sealingPins.all()) this.#put(word);
      this.#judged = undefined;
      log.error("sealing keys not kept", { code: toFault(error, "INTERNAL").code });
    }
  }
}

/** Builds the desk of pinned sealing keys. What was said of a key survives a restart. */
export function makePinDesk(options: PinDeskOptions): PinDesk {
  return new Desk(options);
}
