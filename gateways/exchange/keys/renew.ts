import { bytesKey, type EpochMs, isFault } from "../../../schemas/ground/index.ts";
import { lastUse } from "../../../certs/trust/index.ts";
import { sealRecipients } from "../../crypto/index.ts";
import { readersOf } from "../../release/index.ts";
import type { StoredAudienceKey } from "../../store/index.ts";
import type { Office } from "../office.ts";
import { placeOf } from "../place.ts";
import { askedIn, renderAsked } from "./asked.ts";
import { addNewKey, digestOfAudience, type KeyPlan, makeNewKey } from "./new-key.ts";

const hourMs = 3_600_000;
/** An audience that was written to in this time is kept ready to be written to. */
const rememberedMs = 48 * hourMs;
/** The next key is with its members so long before it is needed: a link that comes and goes has that time. */
const aheadMs = 4 * hourMs;

interface Renewal {
  readonly plan: KeyPlan;
  readonly audience: string;
  readonly asked: string;
  readonly usedAt: EpochMs;
}

/** The audience that a key's last message would have now; undefined when nobody may read it any more. */
function planRenewal(office: Office, { asked, usedAt }: StoredAudienceKey): Renewal | undefined {
  const place = placeOf(office);
  const question = asked === "" ? undefined : askedIn(asked);
  if (question === undefined) return undefined;
  try {
    const readers = sealRecipients(place, readersOf(question, place));
    const digest = digestOfAudience(readers);
    const last = office.store.audienceKeys.last(digest);
    if (last !== undefined && last.usableUntil > place.now + aheadMs) return undefined;
    const usableFrom = Math.max(place.now, last?.usableUntil ?? 0);
    const plan = { readers, crimes: question.crimes, usableFrom };
    return { plan, audience: bytesKey(digest), asked: renderAsked(question), usedAt };
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

async function renewOne(office: Office, { plan, asked, usedAt }: Renewal): Promise<boolean> {
  try {
    const made = await makeNewKey(office, plan, placeOf(office));
    await office.store.write(() => addNewKey(office, made, { asked, usedAt }));
    return true;
  } catch (error) {
    if (!isFault(error)) throw error;
    office.log.warn("an audience key was not renewed", { code: error.code });
    return false;
  }
}

/**
 * Makes and shares the next key of every audience that was written to lately, hours before the present one ends, and the
 * first key of an audience that a new register made of it. Says whether there is something new to send.
 */
export async function renewKeys(office: Office): Promise<boolean> {
  const { store, clock } = office;
  if (lastUse(office.register()) <= clock.now()) return false;
  const done = new Set<string>();
  let isNew = false;
  for (const used of store.audienceKeys.usedSince(clock.now() - rememberedMs)) {
    const renewal = planRenewal(office, used);
    if (renewal === undefined || done.has(renewal.audience)) continue;
    done.add(renewal.audience);
    isNew = (await renewOne(office, renewal)) || isNew;
  }
  return isNew;
}
