import { hubLimits, roomsOf, streamConfigs } from "../../broker/nats/index.ts";
import type { measured, sizes } from "./inputs.ts";

/** The numbers of one plan, by name. */
export type Numbers = Readonly<Record<keyof typeof sizes | keyof typeof measured, number>>;

/** One line of the plan. */
export interface PlanRow {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** How it follows, in the names of the inputs and of the rows above it. */
  readonly formula: string;
}

const secondsADay = 86_400;
const daysAYear = 365;
const dayMs = 86_400_000;
/** Everything is said of the usual hub and of the Union's, which every agency links to; each serves one community. */
const oneCommunity: readonly string[] = ["rec"];
/** Its feed, direct mail and receipts. */
const consumersEach = oneCommunity.length + 2;

interface HubLoad {
  readonly accounts: number;
  /** Messages a day. */
  readonly daily: number;
}

/** Streams by what the hub really makes: feeds and mail, the log, and an intake for each agency. */
function countStreams(accounts: number): number {
  return streamConfigs(oneCommunity).length + 1 + accounts;
}

function loadsOf({ states, agencies, hubs, hubsEach, daily }: Numbers): Readonly<Record<"all" | "usual" | "largest", HubLoad>> {
  const all = states * agencies;
  const usual = (all * hubsEach) / hubs;
  // each message goes through one hub
  return {
    all: { accounts: all, daily: all * daily },
    usual: { accounts: usual, daily: (all * daily) / hubs },
    largest: { accounts: all, daily: (all * daily * 2) / hubs },
  };
} // prettier-ignore

/** Agencies, ways of reading, streams and connections. */
function countRows(n: Numbers): readonly PlanRow[] {
  const { all, usual, largest } = loadsOf(n);
  return [
    { what: "agencies", value: all.accounts, unit: "", formula: "states × agencies" },
    { what: "accounts and connections, usual hub", value: usual.accounts, unit: "", formula: "agencies in all × hubsEach ÷ hubs" },
    { what: "accounts and connections, the Union's hub", value: largest.accounts, unit: "", formula: "agencies in all" },
    { what: "connections of the continent", value: all.accounts * n.hubsEach, unit: "", formula: "agencies in all × hubsEach" },
    { what: "consumers, usual hub", value: usual.accounts * consumersEach, unit: "", formula: "accounts × (its feed + mail + receipts)" },
    { what: "consumers, the Union's hub", value: largest.accounts * consumersEach, unit: "", formula: "the same" },
    { what: "streams, usual hub", value: countStreams(usual.accounts), unit: "", formula: "an intake for each account, and what broker/nats/streams.ts makes for one community" },
    { what: "streams, the Union's hub", value: countStreams(largest.accounts), unit: "", formula: "the same" },
  ];
} // prettier-ignore

/** Messages, and what of a hub they take. */
function loadRows(n: Numbers): readonly PlanRow[] {
  const { all, usual, largest } = loadsOf(n);
  const plannedIn = ({ accounts }: HubLoad): number => (accounts ** 2 * n.planMs) / 1_000;
  const peak = (largest.daily / secondsADay) * n.peak;
  return [
    { what: "messages of the continent", value: all.daily, unit: "a day", formula: "agencies in all × daily" },
    { what: "messages, busiest hub", value: largest.daily, unit: "a day", formula: "twice a ninth: messages ÷ hubs × 2" },
    { what: "busiest second, busiest hub", value: peak, unit: "a second", formula: "messages ÷ 86,400 × peak" },
    { what: "of one server's rate", value: (peak / n.hubRate) * 100, unit: "%", formula: "busiest second ÷ hubRate" },
    { what: "of what three servers are to hold", value: (peak / n.threeRate) * 100, unit: "%", formula: "busiest second ÷ threeRate" },
    { what: "everybody logs in again, the Union's hub", value: largest.accounts / n.logins, unit: "s", formula: "accounts ÷ logins" },
    { what: "a new register's consumers are planned in, usual hub", value: plannedIn(usual), unit: "s of processor", formula: "accounts² × planMs" },
    { what: "the same, the Union's hub", value: plannedIn(largest), unit: "s of processor", formula: "accounts² × planMs" },
    { what: "register", value: (all.accounts * n.registerBytes) / 1e6, unit: "MB", formula: "agencies in all × registerBytes" },
    { what: "a register is loaded in", value: all.accounts * n.registerLoadMs, unit: "ms", formula: "agencies in all × registerLoadMs" },
    { what: "an audience is chosen in", value: all.accounts * n.audienceMs, unit: "ms", formula: "agencies in all × audienceMs" },
  ];
} // prettier-ignore

const fixed = "the line before ÷ the stream's room in broker/nats/limits.ts";
const grown =
  "the line before ÷ the room in broker/nats/rooms.ts for its accounts, and a server with serverBytes";

function share(what: string, bytes: number, { room, formula = fixed }: { readonly room: number; readonly formula?: string }): PlanRow {
  return { what, value: (bytes / room) * 100, unit: "%", formula };
} // prettier-ignore

/** Disk of the busiest hub, by how long the hub keeps each kind. */
function diskRows(n: Numbers): readonly PlanRow[] {
  const { largest } = loadsOf(n);
  const { feedRetentionMs, directRetentionMs, receiptRetentionMs } = hubLimits;
  const readers = largest.accounts * n.readers * n.feedShare + n.named * (1 - n.feedShare);
  const feed = (largest.daily * n.feedShare * n.feedBytes * n.sealed * feedRetentionMs) / dayMs;
  const mail = (largest.daily * (1 - n.feedShare) * n.directBytes * n.named * directRetentionMs) / dayMs;
  const receipts = (largest.daily * (n.receiptBytes + readers * n.readerReceiptBytes) * receiptRetentionMs) / dayMs;
  const files = largest.daily * n.files * n.fileBytes * 30;
  const log = largest.daily * daysAYear * n.logBytes;
  const { blobMaxBytes } = hubLimits;
  const rooms = roomsOf({ agencies: largest.accounts, feeds: 1, maxFileBytes: n.serverBytes });
  return [
    { what: "its feed, 90 days", value: feed / 1e9, unit: "GB", formula: "daily × feedShare × feedBytes × sealed × 90" },
    share("of that stream's room: feed", feed, { room: rooms.feed, formula: grown }),
    { what: "its direct mail, 30 days", value: mail / 1e9, unit: "GB", formula: "daily × (1 − feedShare) × directBytes × named × 30" },
    share("of that stream's room: direct mail", mail, { room: rooms.direct, formula: grown }),
    { what: "its receipts, 30 days", value: receipts / 1e9, unit: "GB", formula: "daily × (receiptBytes + readers of one × readerReceiptBytes) × 30" },
    share("of that stream's room: receipts", receipts, { room: rooms.receipts, formula: grown }),
    { what: "its files, 30 days", value: files / 1e9, unit: "GB", formula: "daily × files × fileBytes × 30" },
    share("of that stream's room: files", files, { room: blobMaxBytes }),
    { what: "its log, a year, kept for ever", value: log / 1e9, unit: "GB", formula: "daily × 365 × logBytes" },
  ];
} // prettier-ignore

/** What a country pays for its lines, and keeps itself. */
function countryRows(n: Numbers): readonly PlanRow[] {
  const { all } = loadsOf(n);
  const own = n.agencies * n.daily * 30;
  const idle = n.agencies * n.hubsEach * n.idleBytes;
  const sent = own * (n.feedShare * n.feedBytes * n.sealed + (1 - n.feedShare) * n.directBytes * n.named);
  const feedsRead = (all.daily * 30 * n.feedShare * n.readers * n.agencies * n.hubsEach) / n.hubs;
  const mailRead = own * (1 - n.feedShare) * n.named;
  const read = feedsRead * n.feedBytes * n.sealed + mailRead * n.directBytes;
  const files = own * n.files * n.fileBytes * (1 + n.named);
  const receipts = (feedsRead + mailRead) * n.readerReceiptBytes * 2;
  const register = n.changes * 30 * n.agencies * n.hubsEach * n.agencies * n.registerBytes;
  const whole = idle + sent + read + files + receipts + register;
  return [
    { what: "lines at rest", value: idle / 1e9, unit: "GB a month", formula: "agencies × hubsEach × idleBytes" },
    { what: "sent", value: sent / 1e9, unit: "GB a month", formula: "agencies × daily × 30 × bytes by kind" },
    { what: "received", value: read / 1e9, unit: "GB a month", formula: "messages of its hubs' feeds × readers, and mail × named" },
    { what: "receipts", value: receipts / 1e9, unit: "GB a month", formula: "messages received × readerReceiptBytes, ours and others'" },
    { what: "files", value: files / 1e9, unit: "GB a month", formula: "messages sent × files × fileBytes, once up and named times down" },
    { what: "changed register parts", value: register / 1e9, unit: "GB a month", formula: "changes × 30 × agencies × hubsEach × a state's part" },
    { what: "a country in all", value: whole / 1e9, unit: "GB a month", formula: "their sum" },
    { what: "that is, all day long", value: (whole * 8) / (30 * secondsADay) / 1000, unit: "kbit/s", formula: "× 8 ÷ seconds of a month" },
    { what: "its agencies' stores", value: ((feedsRead + mailRead + own) * 12 * n.storeBytes) / 1e9, unit: "GB a year, all of them", formula: "messages received and sent × 12 × storeBytes" },
  ];
} // prettier-ignore

/** Every row of a plan, in its parts. */
export function planRows(n: Numbers): Readonly<Record<"counts" | "load" | "disk" | "country", readonly PlanRow[]>> {
  return { counts: countRows(n), load: loadRows(n), disk: diskRows(n), country: countryRows(n) };
} // prettier-ignore
