import { limits } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { newestFirst, type OwnLink, type OwnSealing } from "../../certs/renewal/index.ts";

/** Dials in vain after which the next certificate is tried. */
const dialsEach = 3;

/** What is shown at a dial: should the hub refuse the newest again and again, the others that hold come in turn. */
export function chooseShown(links: readonly OwnLink[], failed: number): OwnLink | undefined {
  return links[Math.floor(failed / dialsEach) % links.length];
}

/** Every key that something may still be sealed to, the newest first: as long as a message may live after its end. */
export function chooseSealing(own: readonly OwnSealing[], now: EpochMs): readonly OwnSealing[] {
  return own
    .filter(({ certificate }) => certificate.notAfter + limits.maxLifetimeMs > now)
    .toSorted(newestFirst);
}
