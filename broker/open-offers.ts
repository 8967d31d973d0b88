import type { Bytes } from "../schemas/ground/index.ts";
import { makeRegisterOffers } from "./register-offers.ts";
import type { HeldRegister } from "./register-source.ts";
import type { Hub } from "./running.ts";

/** Lets agencies bring this hub newer registers; says from whom each came. */
export function openOffers(hub: Pick<Hub, "options" | "log" | "source"> & { readonly current: HeldRegister }, bring: (held: HeldRegister) => void): (origin: string, piece: Bytes) => Bytes {
  const { options, log, source } = hub;
  const offers = makeRegisterOffers({
    clock: options.clock,
    log,
    version: () => hub.current.view.trusted.timestamp.version,
    weigh: (bytes) => source.weigh(bytes),
    onNewer: (held, origin) => {
      log.info("a newer register was brought", { agency: origin, epoch: held.view.epoch });
      bring(held);
    },
  });
  return (origin, piece) => offers.take(origin, piece);
} // prettier-ignore
