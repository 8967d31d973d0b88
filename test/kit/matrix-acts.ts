/** Headers that a server or a stream might act on, and what becomes of a good publication that bears them. */
export const headerActs: readonly (readonly [block: string, becomes: "once" | "nothing"])[] = [
  // a trace may only go where its sender may publish, and shows nothing but his own doings
  ["Nats-Trace-Dest: <inbox>.trace", "nothing"],
  ["Nats-Trace-Dest: _INBOX_gh_fiu.trace", "nothing"],
  ["Nats-Trace-Dest: feed.ecowas.x", "nothing"],
  ["Nats-Trace-Dest: in.gh.fiu.heads", "nothing"],
  ["Nats-Trace-Dest: $SYS.REQ.SERVER.PING", "nothing"],
  ["Nats-Trace-Dest: out.heads", "once"],
  ["Nats-Trace-Dest: out.>", "once"],
  ["Nats-Trace-Only: true", "once"],
  ["Nats-Trace-Dest: out.heads\r\nNats-Trace-Only: true", "nothing"],
  ["Nats-Trace-Dest: feed.x\r\nNats-Trace-Origin-Account: HUB", "once"],
  ["traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "once"],
  // who sent it is the account's word, not a header's
  ['Nats-Request-Info: {"acc":"AG_gh_fiu","user":"gh/fiu"}', "once"],
  ["Nats-Server-Xkey: X", "once"],
  // an id of one's own choice hides one's own second message, and nobody else's
  ["Nats-Msg-Id: chosen-<n>", "once"],
  ["Nats-Rollup: all", "nothing"],
  ["Nats-Rollup: sub", "nothing"],
  ["Nats-Expected-Stream: FEED_ECOWAS", "nothing"],
  ["Nats-Expected-Stream: INTAKE_ng_tcu", "once"],
  ["Nats-Expected-Stream: INTAKE_gh_fiu", "nothing"],
  ["Nats-Expected-Last-Sequence: 999999999", "nothing"],
  ["Nats-Expected-Last-Subject-Sequence: 999999999", "nothing"],
  ["Nats-Expected-Last-Msg-Id: other", "nothing"],
  ["Nats-TTL: 1s", "nothing"],
  ["Nats-TTL: never", "nothing"],
  ["Nats-Schedule: @every 1s\r\nNats-Schedule-Target: feed.ecowas.x", "nothing"],
  ["Nats-Schedule: @at 2026-01-01T00:00:00Z\r\nNats-Schedule-Target: in.gh.fiu.heads", "nothing"],
  ["Nats-Batch-Id: b<n>\r\nNats-Batch-Sequence: 1", "nothing"],
  ["Nats-Batch-Id: b<n>\r\nNats-Batch-Sequence: 1\r\nNats-Batch-Commit: 1", "nothing"],
  ["Nats-Incr: 1", "nothing"],
  ["Nats-Required-Api-Level: 99", "once"],
  ["Nats-Marker-Reason: Purge", "once"],
  ["Nats-Stream-Source: FEED_ECOWAS 1 > >", "once"],
  ["Nats-Stream: FEED_ECOWAS\r\nNats-Subject: feed.x\r\nNats-Sequence: 7", "once"],
  ["Nats-Pin-Id: x", "once"],
  ["Nats-Consumer-Stalled: $JS.FC.x", "once"],
  // what the hub's own readers might take for the server's word
  ["Nats-Pending-Messages: -1000000", "once"],
  ["Status: 409", "once"],
  ["Description: Consumer Deleted", "once"],
];

/** First lines of a header block with which the server itself speaks to readers. */
export const statusLines = ["NATS/1.0 100", "NATS/1.0 404", "NATS/1.0 408", "NATS/1.0 409 Consumer Deleted", "NATS/1.0 503"] as const; // prettier-ignore

/** Where an agency might have answers sent that are meant for it: all of it foreign, or the hub's. */
export const foreignReplies: readonly string[] = [
  "_INBOX_gh_fiu.x", "_INBOX_HUB_DATA.p", "_INBOX_HUB_BLOBS.p", "_INBOX_HUB_CONTROL.x", "_INBOX_SYS.x", "_INBOX_CALLOUT.x",
  "feed.ecowas.drugs.h0.bulletin.red_flag.ng.tcu.x", "direct.aaaa.0000000000000000.x", "receipt.gh.fiu", "quarantine.gh.fiu",
  "in.gh.fiu.heads", "in.gh.fiu.msg.x", "in.ng.tcu.msg.x", "$JS.API.STREAM.PURGE.FEED_ECOWAS", "$JS.API.STREAM.DELETE.DIRECT",
  "$JS.API.CONSUMER.DELETE.DIRECT.gh_fiu", "$JS.API.CONSUMER.MSG.NEXT.DIRECT.gh_fiu", "$JS.ACK.DIRECT.gh_fiu.1.1.1.1.1",
  "$SYS.REQ.SERVER.PING", "$SYS.REQ.USER.AUTH", "$KV.x.y", "_R_.x", "_GR_.x.y.z", "$JS.FC.DIRECT.x",
]; // prettier-ignore

/** The server keeps these for itself: what bears one as its reply is not taken at all. */
export const reservedReplies = ["_R_.", "_GR_.", "$JS.ACK."] as const;

/** Replies that lead into one's own door again. */
export const ownDoors = [
  "out.heads",
  "out.register.snapshot",
  "out.msg.x",
  "out.direct.aaaa",
] as const;

/** What a client may say of itself when it connects; none of it may change who it is. */
export const connectActs: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["another's name and a password", { user: "gh/fiu", pass: "x" }],
  ["the hub's account as its user", { user: "HUB" }],
  ["a token", { auth_token: "x" }],
  ["a name that looks like the hub's", { name: "au/hub-one data" }],
  ["another account", { account: "AG_gh_fiu", new_account: true }],
  ["a user's JWT that nobody signed", { jwt: "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJhdWQiOiJIVUIifQ." }],
  ["no echo", { echo: false }],
  ["many words", { verbose: true, pedantic: true }],
  ["an old protocol", { protocol: 0 }],
  ["no headers", { headers: false, no_responders: false }],
  ["that it is a server", { lang: "nats-server", server_id: "x", cluster: "x", remote_account: "HUB" }],
  ["names of permissions", { import: { allow: [">"] }, export: { allow: [">"] }, permissions: { publish: ">" } }],
]; // prettier-ignore

/** Lines that no client library writes. The server closes the connection, or takes them for what they are. */
export const wireActs: readonly (readonly [string, string])[] = [
  ["a route's message", "RMSG HUB feed.x 1\r\nx\r\n"],
  ["a leaf node's message", "LMSG feed.x 1\r\nx\r\n"],
  ["a route's subscription", "RS+ HUB >\r\n"],
  ["a leaf node's subscription", "LS+ >\r\n"],
  ["an account's subscription", "A+ HUB\r\n"],
  ["a message as the server sends it", "MSG feed.x 1 1\r\nx\r\n"],
  ["the server's greeting", 'INFO {"server_id":"x"}\r\n'],
  ["a second CONNECT as another", 'CONNECT {"user":"gh/fiu","account":"HUB"}\r\n'],
  ["a size below nought", "PUB out.heads -1\r\n\r\n"],
  ["a size that is no number", "PUB out.heads 0x10\r\n\r\n"],
  ["a size beyond all numbers", "PUB out.heads 99999999999999999999\r\n\r\n"],
  ["a size beyond the limit", "PUB out.msg.x 300000\r\n"],
  ["headers larger than the whole", "HPUB out.heads 50 10\r\nNATS/1.0\r\n\r\n"],
  ["headers of size nought", "HPUB out.heads 0 0\r\n\r\n"],
  ["a line beyond the limit", `PUB ${"x".repeat(5000)} 0\r\n\r\n`],
  ["a subject with an end in it", "PUB out.heads\0.x 0\r\n\r\n"],
  ["a payload without its end", "PUB out.heads 2\r\nxxPUB feed.x 1\r\nx\r\n"],
  ["too many words", "PUB out.heads a b c 0\r\n\r\n"],
  ["no word at all", "\r\n\r\n\r\n"],
  ["nonsense", "ATTACK feed.x\r\n"],
]; // prettier-ignore
