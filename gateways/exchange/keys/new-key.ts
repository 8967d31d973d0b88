import { limits, renderInstant } from "../../../schemas/index.ts";
import {
  type Bytes,
  type EpochMs,
  Fault,
  isFault,
  renderBase64url,
  renderHex,
  sha256,
  utf8,
} from "../../../schemas/ground/index.ts";
import { type AudienceKey, makeAudienceKey, type SealRecipient } from "../../crypto/index.ts";
import type { Draft, SubmissionPlace } from "../../release/index.ts";
import type { Office } from "../office.ts";
import {
  addKeyMessage,
  draftKeyMessage,
  type KeyMessagePlan,
  type MadeKeyMessage,
  makeKeyMessage,
} from "./system-message.ts";

/** A key that is made and not yet stored, and the messages that share it. */
export interface NewKey {
  readonly key: AudienceKey;
  readonly audience: Bytes;
  readonly members: readonly string[];
  readonly usableFrom: EpochMs;
  readonly usableUntil: EpochMs;
  readonly shares: readonly MadeKeyMessage[];
}

/** For whom a key is made, and what it is needed for. */
export interface KeyPlan {
  /** Who may read, each with the certificate that is sealed to. */
  readonly readers: readonly SealRecipient[];
  readonly crimes: readonly string[];
  readonly usableFrom: EpochMs;
}

/** Shares sealed at the same time. */
const sealedAtOnce = 8;

/**
 * What an audience is known by: its members and the very certificates they are sealed to, in one order. One member or
 * one certificate more or less is another audience.
 */
export function digestOfAudience(readers: readonly SealRecipient[]): Bytes {
  const lines = readers.map(
    ({ agency, certificate }) => `${agency} ${renderHex(certificate.thumbprint)}\n`,
  );
  return sha256(utf8(lines.toSorted().join("")));
}

/** What tells one member of a key. It says nothing of the other members. */
export function planShare(
  { key, usableFrom, usableUntil }: Pick<NewKey, "key" | "usableFrom" | "usableUntil">,
  recipient: string,
  { crimes, epoch }: { readonly crimes: readonly string[]; readonly epoch: number },
): KeyMessagePlan {
  const body = {
    keyUse: "AUDIENCE",
    keyName: key.name,
    key: renderBase64url(key.key),
    registerEpoch: epoch,
    usableFrom: renderInstant(usableFrom),
    usableUntil: renderInstant(usableUntil),
  };
  return { type: "key.share", recipient, crimes, body };
}

/**
 * The shares of a key, one for each reader that may be sent it. Whoever may not be told a key cannot read with it and is
 * left out; when that is everybody, the reason is thrown.
 */
function draftShares(
  plans: readonly KeyMessagePlan[],
  place: SubmissionPlace,
): readonly (readonly [agency: string, Draft])[] {
  let denied = new Fault("SEAL_NO_RECIPIENTS", "nobody may read this message, so it is not sent");
  const drafts = plans.flatMap((plan) => {
    try {
      return [[plan.recipient, draftKeyMessage(plan, place)] as const];
    } catch (error) {
      if (!isFault(error)) throw error;
      denied = error;
      return [];
    }
  });
  if (drafts.length === 0) throw denied;
  return drafts;
}

function planShares(key: Omit<NewKey, "shares">, plan: KeyPlan, epoch: number): KeyMessagePlan[] {
  const { crimes } = plan;
  return plan.readers.map(({ agency }) => planShare(key, agency, { crimes, epoch }));
}

/** A key of its own for these readers, and who of them can be told it. Nothing is sealed. */
export function planKey(
  plan: KeyPlan,
  place: SubmissionPlace,
): { readonly key: Omit<NewKey, "shares">; readonly drafts: readonly Draft[] } {
  const { readers, usableFrom } = plan;
  const usableUntil = usableFrom + limits.maxAudienceKeyMs;
  const bare = { key: makeAudienceKey(place.chance), audience: digestOfAudience(readers) };
  const key = { ...bare, members: [], usableFrom, usableUntil };
  const drafted = draftShares(planShares(key, plan, place.register.epoch), place);
  const members = drafted.map(([agency]) => agency);
  return { key: { ...key, members }, drafts: drafted.map(([, draft]) => draft) };
}

/**
 * Makes a key for one exact audience and seals it to each member alone. Nothing is stored or sent.
 *
 * @throws {Fault} MANDATE_MISSING, MANDATE_SUSPENDED, SEAL_NO_RECIPIENTS when no reader may be told a key; SEAL_*, CERT_*
 */
export async function makeNewKey(
  office: Office,
  plan: KeyPlan,
  place: SubmissionPlace,
): Promise<NewKey> {
  const { key, drafts } = planKey(plan, place);
  const shares: MadeKeyMessage[] = [];
  for (let at = 0; at < drafts.length; at += sealedAtOnce) {
    const some = drafts.slice(at, at + sealedAtOnce);
    shares.push(...(await Promise.all(some.map((draft) => makeKeyMessage(office, draft, place)))));
  }
  return { ...key, shares };
}

/** What a new key was made for. */
export interface FirstUse {
  readonly asked: string;
  readonly usedAt: EpochMs;
}

/**
 * Stores a new key and puts its shares into the outbox, once. Runs inside the write of the first message that is sealed
 * with it, or of the renewal: nothing leaves before the key is kept.
 */
export function addNewKey(office: Office, made: NewKey, { asked, usedAt }: FirstUse): void {
  const { audienceKeys } = office.store;
  const { key, audience, members, usableFrom, usableUntil, shares } = made;
  if (audienceKeys.get(key.name) !== undefined) return;
  const times = { usableFrom, usableUntil, usedAt, keepUntil: usableUntil };
  audienceKeys.add({ ...key, audience, members, asked, ...times });
  for (const share of shares) addKeyMessage(office, share);
}
