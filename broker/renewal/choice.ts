import type { EpochMs } from "../../schemas/ground/index.ts";
import {
  type ChoicePlace,
  isNamed,
  isProven,
  newestFirst,
  type OwnServer,
} from "../../certs/renewal/index.ts";

/** By what it is chosen which certificate the hub's server shows. */
export type ServerPlace = Pick<ChoicePlace, "agency" | "register" | "now">;

/**
 * Of its life, for how long a new certificate is named before it is shown: fifteen days of ninety. Who was away for less
 * knows it. Who was away for longer could not have used what he holds: revocation lists are good for seven days.
 */
const namedShare = 6;
/** Of its life, what the one before is not trusted with: three days of ninety. */
const lastShare = 30;

function lifeOf({ certificate: { notBefore, notAfter } }: OwnServer): number {
  return notAfter - notBefore;
}

function isTime(shown: OwnServer, next: OwnServer, now: EpochMs): boolean {
  const age = now - next.certificate.notBefore;
  const left = shown.certificate.notAfter - now;
  return age >= lifeOf(next) / namedShare || left <= lifeOf(shown) / lastShare;
}

/** Those the register proves; with a register that is out of date those it names and that hold, so that work goes on. */
function believed(own: readonly OwnServer[], place: ServerPlace): readonly OwnServer[] {
  const { agency, register, now } = place;
  const proven = own.filter((one) => isProven(one, place));
  if (proven.length > 0) return proven;
  const named = own.filter((one) => isNamed(register, agency, one));
  const holding = named.filter(({ certificate }) => certificate.notAfter > now);
  return [holding, named].find((list) => list.length > 0) ?? own;
}

/**
 * What the hub's server shows: the certificate before for as long as it is good and somebody may not know the next one,
 * whom nothing else could tell of it over a link that he would refuse. The same certificates, register and time give the
 * same choice, whoever asks.
 *
 * @returns undefined when there is none
 */
export function chooseServer(own: readonly OwnServer[], place: ServerPlace): OwnServer | undefined {
  const [oldest, ...later] = believed(own, place).toSorted((a, b) => newestFirst(b, a));
  let shown = oldest;
  for (const next of later) {
    if (shown !== undefined && !isTime(shown, next, place.now)) break;
    shown = next;
  }
  return shown;
}
