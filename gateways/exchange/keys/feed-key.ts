import { bytesKey } from "../../../schemas/ground/index.ts";
import { type AudienceKey, sealRecipients } from "../../crypto/index.ts";
import type { Draft, SubmissionPlace } from "../../release/index.ts";
import type { Office } from "../office.ts";
import { askedOf, renderAsked } from "./asked.ts";
import {
  addNewKey,
  digestOfAudience,
  type KeyPlan,
  makeNewKey,
  type NewKey,
  planKey,
} from "./new-key.ts";

/** What a feed message is sealed with. */
export interface FeedKey {
  readonly audienceKey: AudienceKey;
  /** Exactly the agencies that have the key, or get it with this message. */
  readonly audience: readonly string[];
  /** Present when the key is not stored yet. */
  readonly made?: NewKey | undefined;
  /** Ends the making, whether the key was stored or not. */
  done(): void;
}

/** Keys that are being made now, by audience: those who want one at the same time share it. */
export type KeysInMaking = Map<string, Promise<NewKey>>;

const nothing = (): void => undefined;

function isSealedFeed({ header }: Draft): boolean {
  return header.form === "SEALED" && header.scope === "FEED";
}

function keep(audience: readonly string[], members: readonly string[]): readonly string[] {
  const held = new Set(members);
  return audience.filter((agency) => held.has(agency));
}

function planFor(draft: Draft, place: SubmissionPlace): KeyPlan {
  const readers = sealRecipients(place, draft.audience);
  return { readers, crimes: draft.crimes, usableFrom: place.now };
}

/** The key that an audience has now; its plan says when. */
function findCurrent({ store }: Office, plan: KeyPlan, draft: Draft): FeedKey | undefined {
  const stored = store.audienceKeys.current(digestOfAudience(plan.readers), plan.usableFrom);
  if (stored === undefined) return undefined;
  const audience = keep(draft.audience, stored.members);
  return { audienceKey: stored, audience, done: nothing };
}

/**
 * The key a draft is sealed with: the one its audience has, or a new one, made but not stored. Undefined when the draft
 * is no sealed feed message.
 *
 * @throws {Fault} as `makeNewKey`
 */
export async function findFeedKey(
  office: Office,
  draft: Draft,
  place: SubmissionPlace,
): Promise<FeedKey | undefined> {
  if (!isSealedFeed(draft)) return undefined;
  const plan = planFor(draft, place);
  const current = findCurrent(office, plan, draft);
  if (current !== undefined) return current;
  const { keysInMaking } = office;
  const name = bytesKey(digestOfAudience(plan.readers));
  const making = keysInMaking.get(name) ?? makeNewKey(office, plan, place);
  keysInMaking.set(name, making);
  const done = (): void => {
    if (keysInMaking.get(name) === making) keysInMaking.delete(name);
  };
  try {
    const made = await making;
    return { audienceKey: made.key, audience: keep(draft.audience, made.members), made, done };
  } catch (error) {
    done();
    throw error;
  }
}

/** What a draft would be sealed with; nothing is kept, and a key that is new is shared with nobody. */
export function previewFeedKey(
  office: Office,
  draft: Draft,
  place: SubmissionPlace,
): FeedKey | undefined {
  if (!isSealedFeed(draft)) return undefined;
  const plan = planFor(draft, place);
  const current = findCurrent(office, plan, draft);
  if (current !== undefined) return current;
  const { key } = planKey(plan, place);
  return { audienceKey: key.key, audience: keep(draft.audience, key.members), done: nothing };
}

/** Notes that a message is sealed with a key, and stores the key first when it is new. Runs inside the message's write. */
export function useFeedKey(office: Office, { audienceKey, made }: FeedKey, draft: Draft): void {
  const question = askedOf(draft.header, draft.inner);
  const asked = question === undefined ? "" : renderAsked(question);
  const usedAt = draft.header.createdAt;
  if (made !== undefined) addNewKey(office, made, { asked, usedAt });
  const keepUntil = draft.header.expiresAt;
  office.store.audienceKeys.use(audienceKey.name, { asked, usedAt, keepUntil });
}
