import { makeSigningRing } from "../certs/keys/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { makeFourEyes } from "./approval/index.ts";
import { leftBefore, makeDepartures, makePinDesk, type Office } from "./exchange/index.ts";
import type { GatewayOptions } from "./gateway-options.ts";
import type { HubBlobs } from "./link/index.ts";
import { makeOpeningKeys } from "./opening-keys.ts";
import type { Renewal } from "./renewal/index.ts";
import type { Store } from "./store/index.ts";

/** What of a running gateway its office stands on; all of it may change while it runs. */
export interface OfficeGround {
  readonly store: Store;
  readonly renewal: Renewal | undefined;
  readonly register: () => RegisterView;
  readonly blobs: () => HubBlobs | undefined;
  readonly changed: Office["changed"];
  readonly proofs: Office["proofs"];
}

/** Builds what everything a gateway does works with. */
export function makeOffice(options: GatewayOptions, ground: OfficeGround): Office {
  const { agency, signer, moreSigners = [], sealing, clock, chance, log } = options;
  const { store, renewal, register, blobs, changed, proofs } = ground;
  const keys = makeOpeningKeys(sealing, renewal);
  const ring = { signers: [signer, ...moreSigners] as const, register, clock };
  return {
    agency,
    store,
    signer: renewal?.signer ?? makeSigningRing(ring),
    get keys() {
      return keys();
    },
    register,
    pins: makePinDesk({ agency, keys, store, register, clock, log }),
    keysInMaking: new Map(),
    clock,
    chance,
    log,
    translation: options.translation,
    tellOpened: options.tellOpened,
    ceiling: options.ceiling,
    fourEyes: makeFourEyes(options.fourEyes, store),
    departures: makeDepartures(store.outbox, leftBefore(store)),
    get blobs() {
      return blobs();
    },
    changed,
    proofs,
  };
}
