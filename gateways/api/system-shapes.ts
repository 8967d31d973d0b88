import { z } from "zod";

import { logStandingShape } from "./log-shapes.ts";

const instant = z.iso.datetime();

const use = z.looseObject({ handling: z.string(), state: z.string(), until: instant });
const end = z.strictObject({
  kind: z.string(),
  notAfter: instant,
  daysLeft: z.number(),
  level: z.enum(["ok", "notice", "warning", "urgent", "expired"]),
});
const store = z.looseObject({ state: z.enum(["OPEN", "LOCKED", "WIPED"]), encrypted: z.boolean() });

/** What waits and what works; of a locked store the agency and the lock alone. */
export const statusShape = z
  .looseObject({
    agency: z.string(),
    store,
    linkUp: z.boolean().optional(),
    lastContactAt: instant.optional(),
    registerEpoch: z.number().optional(),
    registerExpiresAt: instant.optional(),
    registerUse: z.array(use).optional(),
    clockBehind: instant.optional(),
    clockAhead: instant.optional(),
    hub: z.looseObject({ isUp: z.boolean() }).optional(),
    hubs: z
      .array(z.looseObject({ hub: z.string(), isUp: z.boolean(), waiting: z.int() }))
      .optional(),
    waiting: z.number().optional(),
    queue: z.looseObject({ count: z.number(), bytes: z.number() }).optional(),
    inbox: z.number().optional(),
    quarantined: z.number().optional(),
    sealingKeys: z.strictObject({ changed: z.number(), unconfirmed: z.number() }).optional(),
    certificates: z.array(end).optional(),
    disk: z.enum(["NEARLY_FULL", "FULL", "READ_ONLY"]).optional(),
    catchingUp: z.boolean().optional(),
    log: logStandingShape.optional(),
    webhooks: z.strictObject({ active: z.int(), failing: z.int(), disabled: z.int() }).optional(),
  })
  .meta({ id: "Status" });

/** Why no work can be done; a code of `/faults`. */
const unreadyCode = z.string().max(60);

/** Whether work can be done, and why not; nothing of what is in the store. */
export const readyShape = z.strictObject({
  ready: z.boolean(),
  code: unreadyCode.optional(),
  store: z.boolean(),
  storeState: z.enum(["LOCKED", "WIPED"]).optional(),
  register: z.boolean().optional(),
  registerExpiresAt: instant.optional(),
  link: z.enum(["up", "down"]).optional(),
  linkUp: z.boolean().optional(),
});

/** Links, versions, limits. */
export const rootShape = z.strictObject({
  agency: z.string(),
  api: z.literal("v1"),
  envelope: z.number(),
  limits: z.record(z.string(), z.unknown()),
  links: z.array(z.strictObject({ method: z.string(), path: z.string(), summary: z.string() })),
});
