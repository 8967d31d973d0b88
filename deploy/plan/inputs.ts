/** One number that the plan rests on: what it is, and the command or document that it came from. */
export interface PlanInput {
  readonly value: number;
  readonly unit: string;
  readonly from: string;
}

/** What is chosen or assumed about the continent; every other number follows. */
export const sizes = {
  states: { value: 55, unit: "states", from: "the African Union's members" },
  agencies: { value: 10, unit: "agencies a state", from: "the plan's task" },
  hubs: { value: 9, unit: "hubs", from: "eight communities and the Union" },
  hubsEach: {
    value: 3,
    unit: "hubs an agency links to",
    from: "assumed: two communities and the Union",
  },
  daily: {
    value: 33,
    unit: "messages an agency sends a day",
    from: "T34: 1,000 a day of 30 gateways",
  },
  peak: {
    value: 20,
    unit: "times the mean in the busiest second",
    from: "assumed: three quarters within six working hours, and an operation on top",
  },
  feedShare: { value: 0.5, unit: "of messages go to a feed, the others by name", from: "assumed" },
  readers: { value: 0.3, unit: "of a hub's agencies read a feed's message", from: "assumed" },
  named: { value: 3, unit: "agencies a message by name goes to", from: "assumed" },
  files: { value: 0.05, unit: "of messages bring a file", from: "assumed" },
  serverBytes: {
    value: 68_719_476_736,
    unit: "bytes of files a server may keep",
    from: "server.maxFileBytes in broker.json, as it is unless told",
  },
  fileBytes: { value: 1_000_000, unit: "bytes a file", from: "assumed: a photograph or a scan" },
} as const satisfies Readonly<Record<string, PlanInput>>;

/** What was measured of this code; the machine was never quiet, so times are its ratios to the same run's other sizes. */
export const measured = {
  feedBytes: {
    value: 1451,
    unit: "bytes a small open message in its feed",
    from: "test/load/slice.ts",
  },
  sealed: {
    value: 2,
    unit: "times that for one that is sealed to a feed",
    from: "assumed: base64 of a padded body",
  },
  directBytes: {
    value: 6500,
    unit: "bytes a message by name",
    from: "reckoned: gateways/crypto/pad.ts, 4 KiB as base64, and its envelope",
  },
  receiptBytes: {
    value: 168,
    unit: "bytes of receipts at the hub a message, before readers' own",
    from: "test/load/slice.ts",
  },
  readerReceiptBytes: {
    value: 600,
    unit: "bytes a reader's receipt",
    from: "assumed: a receipt for one message; busy readers put many into one",
  },
  logBytes: { value: 165, unit: "bytes in the log a message", from: "test/load/slice.ts" },
  storeBytes: {
    value: 3600,
    unit: "bytes a message in a gateway's store",
    from: "npm run bench -- --index",
  },
  hubRate: {
    value: 790,
    unit: "messages a second through one hub, two processors",
    from: "npm run bench, open, all changes",
  },
  threeRate: {
    value: 200,
    unit: "messages a second that three servers are to hold, each write synced",
    from: "the aim of: node test/load/main.ts servers=3 rate=200 seconds=900",
  },
  logins: {
    value: 331,
    unit: "logins a second of one hub, two processors",
    from: "npm run bench -- --login",
  },
  idleBytes: {
    value: 50_000_000,
    unit: "bytes a month an idle line, at most",
    from: "test/e2e/seeing.test.ts",
  },
  registerBytes: {
    value: 1750,
    unit: "bytes of register an agency",
    from: "npm run bench -- --trust: 3,000 agencies, 5 MiB",
  },
  registerLoadMs: {
    value: 0.049,
    unit: "ms to load a register, an agency",
    from: "npm run bench -- --trust: 146 ms for 3,000",
  },
  audienceMs: {
    value: 0.0024,
    unit: "ms to choose an audience, an agency",
    from: "npm run bench -- --trust: 7.1 ms for 3,000",
  },
  planMs: {
    value: 0.16,
    unit: "ms of processor time to plan a feed's filters, for each reader and each originator",
    from: "node test/load/slice-plans.ts: 3.2 s for 9 feeds of 42 agencies, 16.2 for 127",
  },
  changes: {
    value: 20,
    unit: "changed state parts a day",
    from: "assumed: lists once a week, certificates each 60 days",
  },
} as const satisfies Readonly<Record<string, PlanInput>>;
