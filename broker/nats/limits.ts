import { limits } from "../../schemas/index.ts";

const day = 86_400_000;
const mebi = 1024 * 1024;

/** Every size, count and time the hub sets for itself, with its unit and its reason. */
export const hubLimits = {
  /** Bytes an agency may publish at once: a publication, and room for NATS headers. */
  maxAgencyPayloadBytes: limits.maxPublicationBytes + 8 * 1024,
  /** Bytes the hub itself may publish at once: a register part of a state with many agencies. */
  maxPayloadBytes: 4 * mebi,
  /** Connections of one agency: two gateways and their replacements while they change over. */
  maxAgencyConnections: 8,
  /** Subscriptions of one agency: replies and pulls share a few. */
  maxAgencySubscriptions: 64,
  /** Bytes of one protocol line: our longest subject has under 300. */
  maxControlLineBytes: 4096,
  /** Bytes the server holds for one slow reader before it closes it: windows of a busy hub fit. */
  maxPendingBytes: 64 * mebi,
  /** Seconds for TLS: eight kilobytes of certificates over 32 kbit/s, three round trips of a second, and losses. */
  tlsTimeoutSeconds: 20,
  /**
   * Seconds for the login after it: links with a second of delay must pass. Not more, because
   * a login that comes before the callout is there again waits all of it for nothing.
   */
  loginTimeoutSeconds: 5,
  /**
   * How long an issued login counts at most (T-4: an hour): the bound on a revocation nobody told the server of, while the broker, which
   * closes revoked links within the minute, is away. Each end costs an idle line ten kilobytes.
   */
  loginLifetimeMs: 60 * 60_000,
  /**
   * How long a reader's request to be handed messages may stand, which readers learn by asking for more; and how long the
   * server remembers where its answers go. The second has to be the longer one: what is handed to a forgotten place is lost
   * until it is handed out again.
   */
  maxPullMs: 30 * 60_000,
  pullThresholdSeconds: 45 * 60,
  /** Feeds are kept so long: a reader may be away for a season. */
  feedRetentionMs: 90 * day,
  /** Direct messages, receipts and quarantine: a month, after which both sides have long settled. */
  directRetentionMs: 30 * day,
  receiptRetentionMs: 30 * day,
  quarantineRetentionMs: 30 * day,
  /**
   * Bytes of each feed at least; when one is full the hub takes no more for it, and the senders keep theirs. Together they may have
   * a quarter of the server's files.
   */
  feedMinBytes: 1024 * mebi,
  feedShare: 4,
  /**
   * The same of direct mail and of receipts, for few agencies; of many each brings its own, in steps of twice as much: a month of
   * its mail twice over, and of its receipts (deploy/PLAN.md). Of the server's files each gets an eighth at most.
   */
  directMaxBytes: 512 * mebi,
  directBytesPerAgency: 16 * mebi,
  receiptMaxBytes: 256 * mebi,
  receiptBytesPerAgency: 64 * mebi,
  roomShare: 8,
  quarantineMaxBytes: 128 * mebi,
  /**
   * Bytes of chunks of files, and how many an agency may put a day on average: ten files of the largest size. One
   * agency alone then fills it no sooner than in a month, when its first chunks are gone. Both by configuration.
   */
  blobMaxBytes: 16 * 1024 * mebi,
  blobBytesPerAgencyDay: 512 * mebi,
  /** Of the server's files, chunks get a quarter at most: messages come first. */
  blobShare: 4,
  /** Of the server's files, the log may take an eighth: a hundred million messages in 16 GiB. */
  logShare: 8,
  /** Whoever of a hub's brokers has the turn and is silent for so long loses it; he himself ceases a fifth of it before. */
  turnLeaseMs: 10_000,
  /** Questions about chunks a second of one agency, and at once: a whole file on a good line in ten seconds. */
  blobAsksPerSecond: 200,
  blobAsksBurst: 400,
  /** Such questions under way at once, of all agencies: bounds memory to that many chunks. */
  maxBlobsUnderWay: 64,
  /**
   * Bytes and messages that wait of one agency at most, in memory: two gateways' windows of usual messages, or thirty of the
   * largest. What is beyond is still in its sender's custody. With many agencies each gets its share of the
   * server's memory, and never less than the largest publication takes.
   */
  intakeMaxBytes: 8 * mebi,
  intakeMinBytes: 512 * 1024,
  intakeMaxMessages: 4096,
  /** Receipts waiting for one agency; the oldest go first, because newer held lines cover older ones. */
  maxReceiptsPerAgency: 100_000,
  /**
   * Refusals of one agency a second, and at once, that cost it nothing of its quota: an honest gateway has few, and never more at
   * once than its window. One of a large publication counts as several.
   */
  refusalsPerSecond: 10,
  refusalsBurst: limits.maxUnderWay,
  /** Refused messages kept for one agency, so that none can push out another's. */
  maxQuarantinedPerAgency: 2_000,
  /** Redelivered when a reader has not acknowledged in this time. */
  ackWaitMs: 30_000,
  /** Messages a reader may hold unacknowledged. */
  maxAckPending: 4096,
  /** Publications the hub has under way at once, and their bytes: bounds its memory and the window towards the streams. */
  maxUnderWay: 4096,
  maxBytesUnderWay: 64 * mebi,
  /**
   * Of these one agency has so many at most: what two of its gateways may have without a receipt. When
   * many send at once each has an equal part, and never less than a pull brings.
   */
  maxAgencyUnderWay: 512,
  minAgencyUnderWay: 32,
  maxAgencyBytesUnderWay: 8 * mebi,
  minAgencyBytesUnderWay: 512 * 1024,
  /** Messages and bytes asked of one agency's intake in one pull: what others' next message stands behind on the way here. */
  pullBatch: 128,
  pullBytes: 512 * 1024,
  /** Messages judged before the event loop sees to its sockets: about two milliseconds of work. */
  sliceMessages: 8,
  /** Messages of one agency judged, and handed to a stream, before the next one's turn: several share a receipt. */
  turnMessages: 16,
  /** Messages handed to one stream and not answered: others' next stands behind them; enough that it never waits for us. */
  streamWindow: 64,
  /** How long one pull waits at the server, and how often the server shows that it still does. */
  pullExpiresMs: 20_000,
  pullHeartbeatMs: 5_000,
  /** How long a stored message's acknowledgement is waited for before the outcome counts as unknown. */
  storeTimeoutMs: 10_000,
  /** How long an answer of the JetStream API or the system account is waited for. */
  apiTimeoutMs: 5_000,
  /** How long a held-back message waits before it is looked at again. */
  holdDelayMs: 1_000,
  /**
   * An agency beyond its quota is asked nothing more for at least so long, and at most: what is under way of it then is dropped,
   * and each round of that costs.
   */
  minQuotaPauseMs: 500,
  maxQuotaPauseMs: 5_000,
  staleDelayMs: 5_000,
  /**
   * A flood is what an agency sent and nobody took out of its intake yet, nor handed anything out for, in messages or 4 kB: twice
   * the windows of all its connections. A window a second for each of half of them is forgotten: a gateway without receipts sends
   * its window again after five seconds at the soonest.
   */
  floodUnits: 2 * 8 * limits.maxUnderWay,
  floodUnitsPerSecond: 4 * limits.maxUnderWay,
  /** From so much on its intake is asked what was taken: one window. */
  floodWindowUnits: limits.maxUnderWay,
  /**
   * How often the server's counts are looked at, and while somebody is halfway to a flood: it fills others' queues in a second. With
   * many agencies less often.
   */
  floodLookMs: 200,
  floodNearLookMs: 25,
  floodLookShareMs: 0.5,
  /** How long the agency's being told is waited for before its connections are closed. */
  floodTellMs: 50,
  /** How long it is not let in then; each time twice as long, until none came for an hour. */
  floodPauseMs: 30_000,
  floodMostPauseMs: 300_000,
  floodForgetMs: 3_600_000,
  /**
   * Receipt lines wait this long for company: each receipt costs the hub a signature and a synced write, and
   * its sender a verification and a commit. No reader waits for it, and a sender's window spans it.
   */
  receiptDelayMs: 20,
  /** With many senders at once each waits this long for each of them: however many they are, two hundred receipts a second. */
  receiptShareMs: 5,
  /** An agency is handed its messages again at most so often: each time costs the hub what it sends. */
  againEveryMs: 20_000,
  /** Messages remembered by id, the oldest forgotten first; the streams themselves refuse a second copy. */
  maxKnown: 1_000_000,
  /** Remembered this long past their end, so that a late resend still gets its receipt. */
  knownGraceMs: day,
} as const;
