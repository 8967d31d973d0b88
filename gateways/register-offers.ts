import { type Chance, type Clock, type Log, toFault } from "../schemas/ground/index.ts";
import { type HeldRegister, type HubConnection, offerRegister, scatterMs } from "./link/index.ts";

/** A hub to which the register may be brought. */
export interface OfferedHub {
  readonly hub: string;
  readonly isUp: boolean;
  /** Undefined where the hub is asked nothing about whom to trust. */
  readonly trusted: HubConnection | undefined;
}

/** What offers are made with. */
export interface OfferGround {
  readonly clock: Pick<Clock, "elapsed">;
  readonly chance: Chance;
  readonly log: Log;
  readonly held: () => HeldRegister;
}

/** Brings the register from hub to hub: what one has not heard of, another's gateway holds. */
export interface RegisterOffers {
  /** A hub said that it judges by this epoch. */
  saw(hub: string, epoch: number): void;
  /** Call about once a second, with all hubs of this gateway. */
  tick(hubs: readonly OfferedHub[]): void;
}

/** All gateways of two hubs see at once that one is behind: some seconds lie between them, and the first is enough. */
const soonMs = 10_000;
/** A newer timestamp bears no new epoch, so nobody says that it is missing: it is looked for. */
const lookMs = 600_000;

class Offers implements RegisterOffers {
  readonly #ground: OfferGround;
  readonly #due = new Map<string, number>();
  readonly #behind = new Map<string, number>();
  #isBusy = false;

  constructor(ground: OfferGround) {
    this.#ground = ground;
  }

  saw(hub: string, epoch: number): void {
    const { clock, chance, held } = this.#ground;
    const { epoch: ours } = held().view;
    // once for each register of ours
    if (epoch === 0 || epoch >= ours || this.#behind.get(hub) === ours) return;
    this.#behind.set(hub, ours);
    this.#due.set(hub, clock.elapsed() + scatterMs(soonMs, chance));
  }

  tick(hubs: readonly OfferedHub[]): void {
    // who is linked to one hub alone has the register of that hub
    if (this.#isBusy || hubs.length < 2) return;
    const { clock, chance } = this.#ground;
    for (const { hub } of hubs) {
      if (!this.#due.has(hub)) this.#due.set(hub, clock.elapsed() + scatterMs(lookMs, chance));
    }
    const next = hubs.find(({ hub, isUp, trusted }) => isUp && trusted !== undefined && (this.#due.get(hub) ?? 0) <= clock.elapsed());
    if (next?.trusted === undefined) return;
    this.#due.set(next.hub, clock.elapsed() + scatterMs(lookMs, chance));
    void this.#offer(next.hub, next.trusted);
  } // prettier-ignore

  async #offer(hub: string, connection: HubConnection): Promise<void> {
    const { log, held } = this.#ground;
    this.#isBusy = true;
    try {
      const end = await offerRegister(connection, held());
      if (end === "TAKEN") log.info("a newer register was brought to a hub", { hub, epoch: held().view.epoch });
      else if (end !== "NOT_BEHIND") log.warn("a hub does not take the register", { hub, code: end });
    } catch (error) {
      log.info("a hub takes no register", { hub, code: toFault(error, "HUB_UNREACHABLE").code });
    } finally {
      this.#isBusy = false;
    }
  } // prettier-ignore
}

/** Builds what brings the register to hubs that are behind. */
export function makeRegisterOffers(ground: OfferGround): RegisterOffers {
  return new Offers(ground);
}
