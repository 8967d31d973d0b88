import { z } from "zod";

const moment = z.iso.datetime({ offset: true });

const line = {
  id: z.string(),
  opening: z.string().meta({ description: "id of the message that opened it" }),
  name: z.string(),
  kind: z.string().meta({ description: "a code of OPERATION_KIND" }),
  standing: z.enum(["PLANNED", "OPEN", "CLOSED", "ARCHIVED"]),
  opener: z.string(),
  from: moment,
  until: moment,
  archivedAt: moment,
  own: z.string().optional().meta({ description: "how we stand to it" }),
  members: z.number(),
  messages: z.number().meta({ description: "how many are of it" }),
};

/** Operations, the last opened first. */
export const operationsShape = z.strictObject({ items: z.array(z.strictObject(line)) });

const messageLine = { id: z.string(), type: z.string(), agency: z.string() };

/** One operation. */
export const operationShape = z.strictObject({
  ...line,
  commodities: z.array(z.string()),
  measures: z.array(z.string()),
  dataAtEnd: z.string(),
  dataKeeper: z.string().optional(),
  memberList: z.array(
    z.strictObject({
      agency: z.string(),
      role: z.string(),
      standing: z.enum(["INVITED", "TAKING_PART", "DECLINED", "LEFT", "EXCUSED"]),
      since: moment,
    }),
  ),
  inside: z.array(z.strictObject({ ...messageLine, at: moment })),
  outside: z
    .array(z.strictObject({ ...messageLine, reason: z.string() }))
    .meta({ description: "messages that name it and are not of it, and why" }),
  alsoOpenedBy: z.array(z.string()),
});

const quantity = z.strictObject({ value: z.string(), unit: z.string() });

/** What was reached of what was aimed at. */
export const operationTargetsShape = z.strictObject({
  items: z.array(
    z.strictObject({
      measure: z.string(),
      country: z.string().optional(),
      commodity: z.string().optional(),
      goal: z.looseObject({ number: z.number() }).optional(),
      number: z.number().optional().meta({ description: "absent where no message tells it" }),
      quantity: quantity.optional(),
      byMember: z.array(z.strictObject({ agency: z.string(), number: z.number() })),
      messages: z.number(),
      reported: z.number().optional().meta({ description: "as its close reports it" }),
    }),
  ),
});

/** Its figures without what would tell of a few persons. */
export const operationStatisticsShape = z.strictObject({
  smallest: z.number(),
  tables: z.array(
    z.strictObject({
      measure: z.string(),
      cells: z.array(
        z.strictObject({
          under: z.record(z.string(), z.string()),
          count: z.number().optional().meta({ description: "withheld when absent" }),
          messages: z.number().optional(),
        }),
      ),
    }),
  ),
});
