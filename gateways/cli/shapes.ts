import { z } from "zod";

import { logProofShape, logStandingShape } from "./log-shapes.ts";

/** A message as the gateway lists it; other members are kept as they came. */
export const summaryShape = z.looseObject({
  id: z.string(),
  box: z.string(),
  state: z.string(),
  type: z.string(),
  originator: z.string(),
  crimes: z.array(z.string()),
  recs: z.array(z.string()),
  urgency: z.string(),
  createdAt: z.string(),
  storedAt: z.string(),
  code: z.string().optional(),
  wordsWait: z.boolean().optional(),
});

/** One rung of a message's ladder as the gateway tells it. */
const rungShape = z.looseObject({
  kind: z.enum(["ACCEPTED", "TAKEN_ON", "REFUSED", "DELIVERED", "OPENED"]),
  by: z.string(),
  at: z.string(),
  channel: z.string(),
  reader: z.number().optional(),
  tellsOpening: z.boolean().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
  stream: z.string().optional(),
  sequence: z.number().optional(),
});

/** A message in full as the gateway gives it. */
export const detailShape = summaryShape.extend({
  audience: z.array(z.string()),
  ladder: z.array(rungShape),
  carried: z
    .array(z.looseObject({ agency: z.string(), at: z.string(), hubAt: z.string().optional() }))
    .default([]),
  log: z.array(logProofShape).default([]),
});

/** A page of messages. */
export const pageShape = z.object({ items: z.array(summaryShape), next: z.string().nullable() });

/** Until when something holds that a gateway's work rests on. */
export const endShape = z.looseObject({
  kind: z.string(),
  notAfter: z.string(),
  daysLeft: z.number(),
  level: z.string(),
});

const wayShape = z.object({
  isUp: z.boolean(),
  since: z.string().optional(),
  roundTripMs: z.number().optional(),
  sentPerSecond: z.number().optional(),
  lastFailure: z.object({ at: z.string(), code: z.string(), why: z.string() }).optional(),
  nextTryAt: z.string().optional(),
  stopped: z.object({ since: z.string(), reason: z.string() }).optional(),
});

const queueShape = z.object({
  count: z.number(),
  bytes: z.number(),
  byUrgency: z.array(
    z.object({
      urgency: z.string(),
      count: z.number(),
      bytes: z.number(),
      oldestAt: z.string(),
    }),
  ),
  estimatedSeconds: z.number().optional(),
});

/** The gateway's state. */
export const statusShape = z.looseObject({
  agency: z.string(),
  linkUp: z.boolean(),
  lastContactAt: z.string().optional(),
  registerEpoch: z.number(),
  registerExpiresAt: z.string(),
  registerUse: z.array(
    z.object({
      handling: z.string(),
      state: z.enum(["fresh", "ageing", "stale"]),
      until: z.string(),
    }),
  ),
  clockBehind: z.string().optional(),
  clockAhead: z.string().optional(),
  hub: wayShape.optional(),
  hubs: z.array(wayShape.extend({ hub: z.string(), waiting: z.number() })).optional(),
  waiting: z.number(),
  queue: queueShape.optional(),
  inbox: z.number(),
  quarantined: z.number(),
  sealingKeys: z.object({ changed: z.number(), unconfirmed: z.number() }),
  certificates: z.array(endShape),
  disk: z.enum(["NEARLY_FULL", "FULL", "READ_ONLY"]).optional(),
  catchingUp: z.boolean().optional(),
  log: logStandingShape.optional(),
});

/** What the gateway says of the register. */
export const directoryShape = z.object({
  agencies: z.array(
    z.object({
      agency: z.string(),
      kind: z.string(),
      authority: z.string(),
      recs: z.array(z.string()),
    }),
  ),
  servedRecs: z.array(z.string()),
});
