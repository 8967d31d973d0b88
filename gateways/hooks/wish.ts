import { z } from "zod";

import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { isChangeSeen, type Sight } from "../exchange/index.ts";
import { handlingOf, handlings, rolesOf, sightOf, wholeSight } from "../people/index.ts";
import type { Change, Store, StoredSummary, WebhookRow } from "../store/index.ts";

const type = z
  .string()
  .max(50)
  .regex(/^[a-z][a-z_]{1,15}\.[a-z][a-z_]{1,30}$/);
const crime = z
  .string()
  .max(12)
  .regex(/^[a-z]{2,12}$/);
const state = z.enum([
  "QUEUED",
  "ACCEPTED",
  "DELIVERED",
  "REFUSED",
  "EXPIRED",
  "STOPPED",
  "VERIFIED",
  "ERASED",
  "QUARANTINED",
]);

/** What a webhook wants to hear of; of what is left out everything. */
const wishShape = z.strictObject({
  types: z.array(type).min(1).max(50).optional(),
  crimes: z.array(crime).min(1).max(50).optional(),
  boxes: z
    .array(z.enum(["in", "out"]))
    .min(1)
    .max(2)
    .optional(),
  states: z.array(state).min(1).max(7).optional(),
  /** Whether events bear the message's line in lists; else its id and state alone. */
  fat: z.boolean().optional(),
});

/** A webhook as it is asked for. */
export const hookShape = wishShape.extend({
  url: z.string().min(1).max(400),
  /** Nothing above it is told; the asker's own ceiling when left out. */
  handlingUpTo: z.enum(handlings).optional(),
});

/** What may be changed of one. ACTIVE also lets one work again that was disabled. */
export const hookChangeShape = hookShape
  .partial()
  .extend({ state: z.enum(["ACTIVE", "PAUSED"]).optional() });

/** For how long the secret before goes on. */
export const rotationShape = z.strictObject({ overlapHours: z.int().min(0).max(168).optional() });

/** From where to tell again: after a cursor, or from a time on. */
export const replayShape = z.union([
  z.strictObject({ cursor: z.string().min(1).max(60) }),
  z.strictObject({ since: z.string().max(30) }),
]);

/** What a webhook wants to hear of. */
export type Wish = z.infer<typeof wishShape>;

/** The wish of a webhook as the store keeps it. @throws {Fault} INTEGRITY_STORE */
export function parseWish({ wish }: Pick<WebhookRow, "wish">): Wish {
  const parsed = tryShape(wishShape, JSON.parse(wish));
  if (parsed.success) return parsed.data;
  throw new Fault("INTEGRITY_STORE", "a webhook's wish is not what was written", {
    cause: parsed.error,
  });
}

/** The wish among what was asked for, as the store keeps it. */
export function renderWish({ types, crimes, boxes, states, fat }: Wish): string {
  return JSON.stringify({ types, crimes, boxes, states, fat });
}

/** What an owner may see now, as people are written down now; undefined when he may have no webhook any more. */
function sightOfOwner(store: Store, owner: string): Sight | undefined {
  if (owner === "owner") return wholeSight;
  const [kind, id = ""] = owner.split(":");
  const person = kind === "person" ? store.people.get(id) : undefined;
  const row = person?.state === "active" ? person : kind === "machine" ? store.machines.get(id) : undefined;
  if (row === undefined || !row.roles.includes("integrator")) return undefined;
  return sightOf({ roles: rolesOf(row.roles), handlingUpTo: handlingOf(row.handling) });
} // prettier-ignore

/** What a webhook may tell: what its owner may see now, up to the webhook's own ceiling. Undefined when it has no owner any more. */
export function sightOfHook(store: Store, { owner, handling }: Pick<WebhookRow, "owner" | "handling">): Sight | undefined {
  const sight = sightOfOwner(store, owner);
  if (sight === undefined) return undefined;
  const ceiling = handlings.slice(0, handlings.indexOf(handlingOf(handling)) + 1);
  return { ...sight, handlings: sight.handlings.filter((one) => ceiling.some((up) => up === one)) };
} // prettier-ignore

/** The message of a change as it is now; none once another stands in its place. */
export function messageOf({ messages }: Pick<Store, "messages">, { message, id }: Change): StoredSummary | undefined {
  const found = messages.summary(message);
  return found !== undefined && Buffer.compare(found.id, id) === 0 ? found : undefined;
} // prettier-ignore

function isAmong(wanted: readonly string[] | undefined, ...given: readonly string[]): boolean {
  return wanted === undefined || given.some((one) => wanted.includes(one));
}

/** A change with what is told of its message. */
export interface Matched {
  readonly change: Change;
  /** Only where the wish is for it, and it may be told as it is now. */
  readonly message?: StoredSummary | undefined;
}

function isWished({ boxes, states, types, crimes }: Wish, { box, state: came }: Change, message: StoredSummary | undefined): boolean {
  const isOfKind = isAmong(boxes, box) && isAmong(states, came);
  return isOfKind && isAmong(types, message?.type ?? "") && isAmong(crimes, ...(message?.crimes ?? []));
} // prettier-ignore

/** The change as this webhook is told of it; undefined when it is none of its. */
export function matchChange(store: Store, change: Change, { wish, sight }: { readonly wish: Wish; readonly sight: Sight }): Matched | undefined {
  if (!isChangeSeen(sight, change)) return undefined;
  const message = messageOf(store, change);
  if (!isWished(wish, change, message)) return undefined;
  if (wish.fat !== true || message === undefined) return { change };
  const isSeen = isChangeSeen(sight, { kind: "MOVED", handling: message.handling, state: message.state });
  return isSeen ? { change, message } : { change };
} // prettier-ignore
