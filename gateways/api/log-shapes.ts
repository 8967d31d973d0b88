import { z } from "zod";

const instant = z.iso.datetime();
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** How the log of our hub stands, in a few numbers. */
export const logStandingShape = z
  .strictObject({
    hub: z.string(),
    state: z.enum(["NONE", "WAITING", "GOOD", "MISSING", "INCONSISTENT"]).meta({
      description:
        "NONE: the hub has no log. WAITING: nothing of it was verified yet. MISSING: messages are not proved in it, though the hub had its time. INCONSISTENT: it is not the log that was verified before, or not the one that others see",
    }),
    size: z.number().optional(),
    at: instant.optional(),
    pending: z.number(),
    missing: z.number(),
    witnesses: z
      .strictObject({
        size: z.number().optional(),
        at: instant.optional(),
        lateSince: instant.optional(),
        missing: z.array(z.string()),
      })
      .optional()
      .meta({
        description:
          "Left out where the register asks for no witness. size, at: the newest checkpoint that enough of them cosigned. lateSince, missing: since when too few have, and who is missing",
      }),
    acts: z
      .strictObject({
        state: z.enum(["WAITING", "MISSING", "REFUSED"]),
        waiting: z.number(),
        since: instant,
        code: z.string().optional(),
      })
      .optional()
      .meta({
        description:
          "Administrative acts of this agency that wait for their place in the log; left out where none does. MISSING: the hub had its time for the oldest. REFUSED: it says again and again that it does not enter it. code: why",
      }),
    counted: z.strictObject({ size: z.number(), behindSince: instant.optional() }).optional().meta({
      description:
        "At a seat of oversight: entries that are counted, and since when not all that the hub shows are; told once that is a quarter of an hour",
    }),
  })
  .meta({ id: "LogStanding" });

/** Whether a message is proved in the hub's log, in one channel. */
export const logProofShape = z
  .strictObject({
    channel: z.string(),
    state: z.enum(["PENDING", "PROVED", "MISSING"]),
    code: z.string().optional(),
    origin: z.string().optional(),
    index: z.number().optional(),
    leafAt: instant.optional(),
    size: z.number().optional(),
    provedAt: instant.optional(),
    cosignedAt: instant.optional().meta({
      description:
        "when witnesses had seen the log of that size; left out while fewer did than the register asks for",
    }),
  })
  .meta({ id: "LogProof" });

const head = z.strictObject({
  hub: z.string(),
  origin: z.string(),
  size: z.number(),
  root: hash,
  since: instant,
  at: instant,
  endedAt: instant.optional(),
});
const told = z.strictObject({
  agency: z.string(),
  origin: z.string(),
  size: z.number(),
  root: hash,
  at: instant,
  state: z.enum(["NEW", "GOOD", "FORKED"]),
});
const alarm = z.strictObject({
  code: z.string(),
  says: z.string(),
  hub: z.string(),
  origin: z.string(),
  at: instant,
  agency: z.string().optional(),
  ours: z.string().optional(),
  theirs: z.string().optional(),
  endedAt: instant.optional(),
  endedBy: z.string().optional(),
});

const act = z.strictObject({
  act: z.string().meta({ description: "a code of LOG_ACT" }),
  state: z.enum(["WAITING", "PROVED"]),
  code: z.string().optional().meta({ description: "why it is not entered" }),
  number: z.number().optional(),
  line: z.number().meta({ description: "the line of the audit record that the leaf binds" }),
  at: instant,
  commitment: hash,
  origin: z.string().optional(),
  index: z.number().optional(),
});

/** What was seen of the logs of hubs, what other agencies were shown of them, and alarms, the newest first. */
export const logShape = z
  .strictObject({
    standing: logStandingShape.optional(),
    heads: z.array(head),
    told: z.array(told),
    alarms: z.array(alarm),
    acts: z.array(act).meta({ description: "administrative acts of this agency in the hub's log" }),
  })
  .meta({ id: "Log" });

/** Which hub's log a person goes on with. */
export const logTrustShape = z.strictObject({
  hub: z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
});
