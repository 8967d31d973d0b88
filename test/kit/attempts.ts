/** Who is attacked: names as they stand at the hub. */
export interface Targets {
  /** Own account's consumer, and others'. */
  readonly own: string;
  readonly others: readonly string[];
  /** All streams of the hub. */
  readonly streams: readonly string[];
}

const streamCalls = [
  "STREAM.INFO", "STREAM.CREATE", "STREAM.UPDATE", "STREAM.DELETE", "STREAM.PURGE", "STREAM.MSG.GET",
  "STREAM.MSG.DELETE", "STREAM.SNAPSHOT", "STREAM.RESTORE", "STREAM.LEADER.STEPDOWN", "STREAM.PEER.REMOVE",
  "DIRECT.GET", "CONSUMER.CREATE", "CONSUMER.LIST", "CONSUMER.NAMES",
] as const; // prettier-ignore

const consumerCalls = [
  "CONSUMER.CREATE", "CONSUMER.DURABLE.CREATE", "CONSUMER.INFO", "CONSUMER.DELETE", "CONSUMER.PAUSE",
  "CONSUMER.RESET", "CONSUMER.UNPIN", "CONSUMER.LEADER.STEPDOWN",
] as const; // prettier-ignore

const plainCalls = [
  "INFO", "STREAM.LIST", "STREAM.NAMES", "STREAM.TEMPLATE.NAMES", "META.LEADER.STEPDOWN",
  "ACCOUNT.PURGE.HUB", "SERVER.REMOVE",
] as const; // prettier-ignore

/** Acknowledgements in every form, of others' consumers, and some made to look like one's own. */
function foreignAcks({ own, others, streams }: Targets): readonly string[] {
  return streams.flatMap((stream) =>
    [...others, "admission"].flatMap((consumer) => [
      `$JS.ACK.${stream}.${consumer}.1.1.1.1.1`,
      `$JS.ACK._.hash.${stream}.${consumer}.1.1.1.1.1`,
      // nine tokens, as the short form has, with one's own name where the long form has it
      ...streams.map((mine) => `$JS.ACK.${stream}.${consumer}.${mine}.${own}.1.2.3`),
    ]),
  );
}

/** Every call of the JetStream API, and everything else, that an agency may not even send. */
export function forbiddenRequests(targets: Targets): readonly string[] {
  const { own, others, streams } = targets;
  const api = [
    ...plainCalls,
    ...streams.flatMap((stream) => [
      ...streamCalls.map((call) => `${call}.${stream}`),
      ...[own, ...others].flatMap((consumer) =>
        consumerCalls.map((call) => `${call}.${stream}.${consumer}`),
      ),
      ...others.map((consumer) => `CONSUMER.MSG.NEXT.${stream}.${consumer}`),
      `CONSUMER.MSG.NEXT.${stream}.admission`,
      `CONSUMER.CREATE.${stream}.${own}.feed.>`,
      `DIRECT.GET.${stream}.feed.ecowas.drugs.h0.bulletin.red_flag.ng.tcu.x`,
    ]),
  ].map((call) => `$JS.API.${call}`);
  const system = [
    "$SYS.REQ.SERVER.PING", "$SYS.REQ.SERVER.PING.CONNZ", "$SYS.REQ.ACCOUNT.HUB.INFO", "$SYS.REQ.USER.AUTH",
    "$SYS.REQ.USER.INFO", "$SYS.REQ.CLAIMS.LIST", "$JS.EVENT.ADVISORY.API", "$JS.FC.FEED_ECOWAS.x.y",
  ]; // prettier-ignore
  const plain = [
    "feed.ecowas.drugs.h0.bulletin.red_flag.ng.tcu.x", "direct.a.b.c", "receipt.gh.tcu", "quarantine.gh.tcu",
    "in.gh.tcu.heads", "in.ng.tcu.register.snapshot", "out.anything", "_R_.x", "_INBOX.x",
    "_INBOX_HUB_DATA.x", "_INBOX_HUB_BLOBS.x", ...others.map((other) => `_INBOX_${other}.x`),
  ]; // prettier-ignore
  return [...api, ...foreignAcks(targets), ...system, ...plain];
}

/** Everything an agency may not listen to. */
export function forbiddenSubscriptions({ own, others, streams }: Targets): readonly string[] {
  const inboxes = [...others.map((other) => `_INBOX_${other}.>`), "_INBOX.>", "_INBOX_*.>"];
  const consumers = [own, ...others].flatMap((consumer) =>
    streams.flatMap((stream) => [
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
      `$JS.ACK.${stream}.${consumer}.>`,
    ]),
  );
  return [
    ">", "*", "*.>", "*.*", "feed.>", "feed.ecowas.>", "feed.*.*.*.*.*.*.*.*", "direct.>", "direct.*.*.*",
    "receipt.>", "receipt.*.*", "quarantine.>", "in.>", "in.*.*.msg.>", "in.*.*.heads", "out.>", "out.msg.>",
    "$JS.>", "$JS.API.>", "$JS.ACK.>", "$JS.EVENT.>", "$JS.EVENT.ADVISORY.>", "$JS.EVENT.METRIC.>", "$JS.FC.>",
    "$SYS.>", "$SYS.ACCOUNT.>", "$SYS.REQ.>", "$SYS.REQ.USER.AUTH", "$KV.>", "$O.>", "$MQTT.>", "$G.>",
    "_R_.>", "_GR_.>", "_INBOX_HUB_DATA.>", "_INBOX_HUB_BLOBS.>", "_INBOX_HUB_CONTROL.>", "_INBOX_SYS.>", "_INBOX_CALLOUT.>",
    ...inboxes, ...consumers,
  ]; // prettier-ignore
}
