import type { RegionPlan } from "../../deploy/local/plan.ts";
import { consumerOf, inboxPrefixOf, renderAgencyTokens } from "../../schemas/index.ts";

/** One agency of the table: its names at the hub, and the streams it is declared to read. */
export interface Actor {
  readonly agency: string;
  /** `ng.tcu`. */
  readonly tokens: string;
  readonly consumer: string;
  readonly inbox: string;
  readonly streams: readonly string[];
}

/** Something an agency might try, and whether it is declared. */
export interface Row {
  readonly family: string;
  readonly act: "publish" | "subscribe";
  /** `<gh/fiu>` stands for that agency's mailbox, which nobody knows before there is a register. */
  readonly subject: string;
  readonly allowed: boolean;
}

/** Who is in the table, by the plan alone: nothing of what renders permissions is asked. */
export function actorOf({ mandates, recs }: RegionPlan, agency: string): Actor {
  const isReader = (rec: string): boolean =>
    mandates.some((one) => one.agency === agency && one.action === "READ" && one.scope === rec);
  const feeds = recs.map(({ rec }) => rec).filter(isReader);
  return {
    agency,
    tokens: renderAgencyTokens(agency),
    consumer: consumerOf(agency),
    inbox: inboxPrefixOf(agency),
    streams: [...feeds.map((rec) => `FEED_${rec.toUpperCase()}`), "DIRECT", "RECEIPTS"],
  };
}

/** Every subject that an agency is declared to publish, and to listen on. */
function declaredOf({ inbox, consumer, streams }: Actor): Record<Row["act"], string[]> {
  const reading = streams.flatMap((stream) => [
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
    `$JS.ACK.${stream}.${consumer}.>`,
    `$JS.ACK._.*.${stream}.${consumer}.>`,
  ]);
  const out = [
    "out.msg.>",
    "out.direct.*",
    "out.receipt.*.*",
    "out.heads",
    "out.admitted",
    "out.places",
    "out.register.*",
    "out.blob.put",
    "out.blob.held",
    "out.blob.get",
  ];
  return { publish: [...out, ...reading], subscribe: [`${inbox}.>`] };
}

/**
 * Whether a pattern takes in a subject. What is published is taken word for word, as the server takes it: a
 * wildcard in it stands for itself. What is listened on is taken in only with all that it stands for.
 */
function takesIn(pattern: string, subject: string, act: Row["act"]): boolean {
  const [ours, theirs] = [pattern.split("."), subject.split(".")];
  for (const [at, token] of ours.entries()) {
    const other = theirs[at];
    if (other === undefined) return false;
    if (token === ">") return true;
    if (act === "subscribe" && other === ">") return false;
    if (token !== other && token !== "*") return false;
  }
  return ours.length === theirs.length;
}

const ofStreams = [
  "STREAM.CREATE", "STREAM.UPDATE", "STREAM.INFO", "STREAM.DELETE", "STREAM.PURGE", "STREAM.SNAPSHOT",
  "STREAM.RESTORE", "STREAM.MSG.DELETE", "STREAM.MSG.GET", "STREAM.PEER.REMOVE", "STREAM.LEADER.STEPDOWN",
  "DIRECT.GET", "CONSUMER.CREATE", "CONSUMER.NAMES", "CONSUMER.LIST", "ACCOUNT.STREAM.MOVE.HUB",
  "ACCOUNT.STREAM.CANCEL_MOVE.HUB",
] as const; // prettier-ignore

const ofConsumers = [
  "CONSUMER.CREATE", "CONSUMER.DURABLE.CREATE", "CONSUMER.INFO", "CONSUMER.DELETE", "CONSUMER.PAUSE",
  "CONSUMER.RESET", "CONSUMER.UNPIN", "CONSUMER.LEADER.STEPDOWN", "CONSUMER.MSG.NEXT",
] as const; // prettier-ignore

const alone = [
  "INFO", "STREAM.NAMES", "STREAM.LIST", "META.LEADER.STEPDOWN", "SERVER.REMOVE", "ACCOUNT.PURGE.HUB", "*",
  "CONSUMER.MSG.NEXT.>", "CONSUMER.MSG.NEXT.*.*", "STREAM.>", "STREAM.MSG.GET.*", "STREAM.RESTORE.ANOTHER",
  "STREAM.CREATE.ANOTHER", "CONSUMER.>",
] as const; // prettier-ignore

interface Place {
  readonly actor: Actor;
  readonly others: readonly Actor[];
  readonly streams: readonly string[];
}

type Family = (place: Place) => readonly string[];

const channel = "ecowas.drugs.h0.bulletin.red_flag";

function api({ actor, others, streams }: Place): readonly string[] {
  const consumers = [actor, ...others].map(({ consumer }) => consumer);
  return [
    ...alone,
    ...streams.flatMap((stream) => [
      ...ofStreams.map((call) => `${call}.${stream}`),
      `DIRECT.GET.${stream}.feed.>`,
      `CONSUMER.CREATE.${stream}.${actor.consumer}.feed.>`,
      ...[...consumers, "admission", "*"].flatMap((consumer) =>
        ofConsumers.map((call) => `${call}.${stream}.${consumer}`),
      ),
    ]),
  ].map((call) => `$JS.API.${call}`);
}

function acks({ actor, others, streams }: Place): readonly string[] {
  const consumers = [actor, ...others].map(({ consumer }) => consumer);
  return streams.flatMap((stream) =>
    [...consumers, "admission", "*"].flatMap((consumer) => [
      `$JS.ACK.${stream}.${consumer}.1.1.1.1.1`,
      `$JS.ACK._.hash.${stream}.${consumer}.1.1.1.1.1`,
      `$JS.ACK.hub.hash.${stream}.${consumer}.1.1.1.1.1`,
      // one's own name where the other form has it
      `$JS.ACK.${stream}.${consumer}.DIRECT.${actor.consumer}.1.2.3`,
      `$JS.ACK._.${stream}.${consumer}.DIRECT.${actor.consumer}.1.2.3`,
    ]),
  );
}

const families: Readonly<Record<string, Family>> = {
  "one's own door": ({ others }) => [
    `out.msg.${channel}`, "out.msg.eccas.drugs.h3.alert.incident", "out.msg.x", "out.heads", "out.register.snapshot",
    "out.register.gh", "out.blob.put", "out.blob.held", "out.blob.get", "out.direct.aaaa", ...others.flatMap(({ tokens, agency }) => [`out.receipt.${tokens}`, `out.direct.<${agency}>`]),
  ],
  "beside one's own door": ({ actor, others }) => [
    "out", "out.msg", "out.other", "out.heads.x", "out.direct", "out.direct.a.b", "out.receipt", "out.receipt.gh",
    "out.receipt.gh.tcu.x", "out.register", "out.register.a.b", "out.blob", "out.blob.list", "out.blob.put.x", "out.blob.>", "OUT.heads", "Out.msg.x", "out.Heads", "xout.heads", "out.>",
    "out.*", "*.heads", ">", "*", `${actor.tokens}.out.heads`, ...others.map(({ tokens }) => `${tokens}.out.heads`),
  ],
  "the intake, one's own and others'": ({ actor, others }) =>
    [actor, ...others].flatMap(({ tokens, agency }) => [
      `in.${tokens}.msg.${channel}`, `in.${tokens}.direct.<${agency}>`, `in.${tokens}.receipt.${actor.tokens}`,
      `in.${tokens}.heads`, `in.${tokens}.register.snapshot`, `in.${tokens}.blob.put`, `in.${tokens}.blob.get`, `in.${tokens}.>`,
    ]).concat("in.>", "in.*.*.heads", "in.*.*.msg.>", "in.*.*.blob.put", "in"),
  "feeds, mail, receipts and quarantine as they are kept": ({ actor, others }) => [
    ...[actor, ...others].flatMap(({ tokens, agency }) => [
      `feed.${channel}.${tokens}.x`, `direct.<${agency}>.0000000000000000.x`, `direct.<${agency}>`, `receipt.${tokens}`, `quarantine.${tokens}`,
    ]),
    "feed.>", "feed.ecowas.>", "feed.eccas.>", "feed.*.*.*.*.*.*.*.*", "direct.>", "direct.*.*.*", "receipt.>", "receipt.*.*", "quarantine.>", "log.>",
    "blob.>", "blob.*", `blob.${"0".repeat(64)}`,
  ],
  "the JetStream API": api,
  acknowledgements: acks,
  "JetStream's other subjects": ({ streams }) => [
    "$JS.>", "$JS.API.>", "$JS.ACK.>", "$JS.hub.API.INFO", "$JS.hub.API.>", "$JS.*.API.>", "$JS.EVENT.>", "$JS.EVENT.ADVISORY.>",
    "$JS.EVENT.METRIC.>", "$JS.EVENT.ADVISORY.API", "$JS.FC.>", "$JSC.>", "$JSC.R.x", "$JS.SNAPSHOT.ACK.x.y", "$JS.SNAPSHOT.RESTORE.x.y",
    "$NRG.>", "$NRG.V.x", "$NRG.AE.x", ...streams.flatMap((stream) => [`$JS.FC.${stream}.x.y`, `$JS.SNAPSHOT.RESTORE.${stream}.x`, `$JS.EVENT.ADVISORY.STREAM.DELETED.${stream}`]),
  ],
  "the system's subjects": ({ others }) => [
    "$SYS.>", "$SYS.REQ.>", "$SYS.ACCOUNT.>", "$SYS.SERVER.>", "$SYS.REQ.USER.AUTH", "$SYS.REQ.USER.INFO", "$SYS.REQ.USER.x.INFO",
    "$SYS.REQ.SERVER.PING", ...["CONNZ", "VARZ", "SUBSZ", "JSZ", "ACCOUNTZ", "ACCSTATZ", "STATSZ", "HEALTHZ", "PROFILEZ", "EXPVARZ", "RAFTZ", "IPQUEUESZ", "ROUTEZ", "LEAFZ", "GATEWAYZ"].map((what) => `$SYS.REQ.SERVER.PING.${what}`),
    "$SYS.REQ.SERVER.<server>.RELOAD", "$SYS.REQ.SERVER.<server>.KICK", "$SYS.REQ.SERVER.<server>.LDM", "$SYS.REQ.SERVER.<server>.CONNZ",
    "$SYS.REQ.ACCOUNT.PING.STATZ", "$SYS.REQ.ACCOUNT.PING.CONNZ", "$SYS.REQ.ACCOUNT.NSUBS", "$SYS.REQ.ACCOUNT.HUB.INFO", "$SYS.REQ.ACCOUNT.SYS.CONNZ",
    "$SYS.REQ.CLAIMS.LIST", "$SYS.REQ.CLAIMS.UPDATE", "$SYS.REQ.CLAIMS.DELETE", "$SYS.REQ.CLAIMS.PACK", "$SYS.DEBUG.SUBSCRIBERS", "$SYS._INBOX.>", "$SYS._INBOX_.>", "$SYS.LATENCY.M2.x",
    "$SYS.ACCOUNT.CLIENT.AUTH.ERR", ...others.flatMap(({ consumer }) => [`$SYS.ACCOUNT.AG_${consumer}.CONNECT`, `$SYS.REQ.ACCOUNT.AG_${consumer}.CONNZ`, `$SYS.REQ.ACCOUNT.AG_${consumer}.SUBSZ`]),
  ],
  "other layers' subjects": () => [
    "$KV.>", "$KV.x.y", "$O.>", "$O.x.M.y", "$G.>", "$MQTT.>", "$MQTT.JSA.x", "$SRV.PING", "$SRV.>", "$SYNC.x", "$TRACE.x", "$", "$.>",
  ],
  "one's own replies": ({ actor: { inbox } }) => [`${inbox}.>`, `${inbox}.*`, `${inbox}.x`, `${inbox}.x.y.>`],
  "others' replies, known or guessed": ({ actor, others }) => [
    "_INBOX.>", "_INBOX.x", "_INBOX_*.>", "*.>", "_R_.>", "_R_.x", "_R_.*.*", "_GR_.>", "_GR_.x.y.z", "$GR.x", "_INBOX_HUB_DATA.>", "_INBOX_HUB_DATA.x", "_INBOX_HUB_BLOBS.>", "_INBOX_HUB_BLOBS.x", "_INBOX_HUB_CONTROL.>",
    "_INBOX_HUB_CONTROL.x", "_INBOX_SYS.>", "_INBOX_CALLOUT.>", "_INBOX_CALLOUT.x", actor.inbox, `${actor.inbox}x.>`, `${actor.inbox.toLowerCase()}.>`,
    ...others.flatMap(({ inbox }) => [`${inbox}.>`, `${inbox}.x`, inbox, `${inbox}.*.*`]),
  ],
}; // prettier-ignore

/** Whether an agency is declared to do this. */
export function isDeclared(actor: Actor, { act, subject }: Pick<Row, "act" | "subject">): boolean {
  return declaredOf(actor)[act].some((pattern) => takesIn(pattern, subject, act));
}

/** The whole table for one agency: every subject of every family, published and listened on. */
export function makeRows(place: Place): readonly Row[] {
  return Object.entries(families).flatMap(([family, subjectsOf]) =>
    [...new Set(subjectsOf(place))].flatMap((subject) =>
      (["publish", "subscribe"] as const).map((act) => ({
        family,
        act,
        subject,
        allowed: isDeclared(place.actor, { act, subject }),
      })),
    ),
  );
}

/** The families of the table, in order. */
export const familyNames: readonly string[] = Object.keys(families);
