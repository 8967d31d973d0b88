import { encodeRegisterOffered, parseRegisterOffer, type RegisterOffer } from "../schemas/index.ts";
import { type Bytes, type Clock, concatBytes, Fault, type Log, renderHex, sameBytes, sha256 } from "../schemas/ground/index.ts"; // prettier-ignore
import type { HeldRegister, RegisterNews } from "./register-source.ts";

/** What takes in registers that agencies bring. */
export interface RegisterOffers {
  /**
   * Takes one piece in; with the last of them the whole is proved. Says which version the hub holds, what it wants next, and why
   * it refused what it was given.
   *
   * @throws {Fault} CODEC_MALFORMED, SCHEMA_INVALID
   */
  take(origin: string, piece: Bytes): Bytes;
}

/** What offers are weighed with. */
export interface OfferOptions {
  readonly clock: Pick<Clock, "elapsed">;
  readonly log: Log;
  /** The timestamp's version of the register that the hub holds. */
  readonly version: () => number;
  readonly weigh: (bytes: Bytes) => RegisterNews;
  /** A newer one is proved, and to come in force. */
  readonly onNewer: (held: HeldRegister, origin: string) => void;
}

/** One that is being brought. */
interface Begun {
  readonly digest: Bytes;
  readonly size: number;
  readonly pieces: Bytes[];
  had: number;
  at: number;
}

/** A register of 3,000 agencies has five. */
const maxBytes = 16 * 1024 * 1024;
/** Brought at once, each by another agency. */
const maxBegun = 2;
const forgetMs = 60_000;
/** Whoever brought one that was refused is not listened to for so long: to prove one costs a quarter of a second. */
const quietMs = 600_000;

class Offers implements RegisterOffers {
  readonly #options: OfferOptions;
  readonly #begun = new Map<string, Begun>();
  readonly #quiet = new Map<string, number>();

  constructor(options: OfferOptions) {
    this.#options = options;
  }

  take(origin: string, bytes: Bytes): Bytes {
    const offer = parseRegisterOffer(bytes);
    const { version } = this.#options;
    try {
      const next = this.#add(origin, offer);
      return encodeRegisterOffered({ version: version(), next });
    } catch (error) {
      this.#begun.delete(origin);
      if (!(error instanceof Fault)) throw error;
      this.#options.log.info("a register that was brought is not taken", { agency: origin, code: error.code });
      return encodeRegisterOffered({ version: version(), code: error.code });
    }
  } // prettier-ignore

  /** The octet to go on from; undefined when the whole is there and good. */
  #add(origin: string, { version, digest, size, offset, piece }: RegisterOffer): number | undefined {
    const now = this.#options.clock.elapsed();
    if (version <= this.#options.version()) throw new Fault("REGISTER_ROLLBACK", "the hub holds one as new");
    if (size > maxBytes) throw new Fault("REGISTER_INVALID", `a register has at most ${maxBytes} bytes`);
    if ((this.#quiet.get(origin) ?? 0) > now) throw new Fault("QUOTA_EXCEEDED", "what this agency brought last was refused");
    const begun = this.#begin(origin, { digest, size }, now);
    if (offset !== begun.had || begun.had + piece.length > size) return begun.had;
    begun.pieces.push(piece);
    begun.had += piece.length;
    begun.at = now;
    if (begun.had < size) return begun.had;
    this.#begun.delete(origin);
    this.#prove(origin, begun);
    return undefined;
  } // prettier-ignore

  #begin(origin: string, { digest, size }: Pick<RegisterOffer, "digest" | "size">, now: number): Begun {
    for (const [agency, { at }] of this.#begun) if (at + forgetMs <= now) this.#begun.delete(agency);
    const held = this.#begun.get(origin);
    if (held !== undefined && sameBytes(held.digest, digest) && held.size === size) return held;
    const others = [...this.#begun.keys()].filter((agency) => agency !== origin);
    if (others.length >= maxBegun) throw new Fault("QUOTA_EXCEEDED", "others bring one at this moment");
    const fresh: Begun = { digest, size, pieces: [], had: 0, at: now };
    this.#begun.set(origin, fresh);
    return fresh;
  } // prettier-ignore

  #prove(origin: string, { digest, pieces }: Begun): void {
    const whole = concatBytes(...pieces);
    const news = this.#weigh(whole, digest);
    if (news.kind === "newer") return this.#options.onNewer(news.held, origin);
    this.#quiet.set(origin, this.#options.clock.elapsed() + quietMs);
    if (news.kind === "refused") throw news.fault;
    throw new Fault("REGISTER_ROLLBACK", "it is the one that the hub holds");
  }

  #weigh(whole: Bytes, digest: Bytes): RegisterNews {
    const found = sha256(whole);
    if (sameBytes(found, digest)) return this.#options.weigh(whole);
    return { kind: "refused", fault: new Fault("REGISTER_INVALID", `the pieces make ${renderHex(found)}`) };
  } // prettier-ignore
}

/** Builds what takes in registers that agencies bring: each is proved as the operator's own, and nothing is taken on anybody's word. */
export function makeRegisterOffers(options: OfferOptions): RegisterOffers {
  return new Offers(options);
}
