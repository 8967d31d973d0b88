import { createPrivateKey, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { createCurve, createServer, fromCurveSeed } from "@nats-io/nkeys";

import { readNotes } from "../../../broker/admission/notes.ts";
import {
  lineDigest,
  openAuditTrail,
  renderAuditLine,
  startLogReader,
  verifyAuditLine,
} from "../../../broker/audit/index.ts";
import { decideLogin, makeXkeyBox, parseLoginRequest } from "../../../broker/callout/index.ts";
import { loadHubKeys, makeHubKeys, parseBrokerConfig } from "../../../broker/index.ts";
import {
  type Link,
  makeJetStream,
  makeServerControl,
  makeTrafficReader,
  seedNkeyBytes,
} from "../../../broker/nats/index.ts";
import { renderPem } from "../../../certs/shape/index.ts";
import {
  type Bytes,
  makeSeededChance,
  renderBase64url,
  sha256,
  silentLog,
  utf8,
} from "../../../schemas/ground/index.ts";
import { makeStillClock } from "../../kit/memory-exchange.ts";
import { type FuzzGround, fuzzNow } from "../ground.ts";
import { pack, unpack } from "../pack.ts";
import { makeFolder } from "../at-exit.ts";
import { certain, hold } from "../promises.ts";
import { jsonTarget, type Target, textOf, textTarget } from "../target.ts";

const hub = "ecowas/hub";
const server = createServer();

/** The library's own signing takes ten milliseconds; the platform's takes a hundredth of that. */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");
const serverSeed = seedNkeyBytes(Buffer.from(server.getSeed()).toString("ascii"), "N");
const serverKey = createPrivateKey({
  key: Buffer.concat([pkcs8Head, serverSeed]),
  format: "der",
  type: "pkcs8",
});

function signAsServer(claims: string): Bytes {
  const header = '{"typ":"JWT","alg":"ed25519-nkey"}';
  const input = [header, claims].map((part) => renderBase64url(utf8(part))).join(".");
  return utf8(`${input}.${renderBase64url(sign(null, utf8(input), serverKey))}`);
}

function claimsOf({ view }: FuzzGround, agency: string): object {
  const link = view.agency(agency)?.certificates.find(({ kind }) => kind === "LINK");
  const chain = [renderPem("CERTIFICATE", link?.certificate ?? new Uint8Array())];
  return {
    aud: "nats-authorization-request",
    iss: server.getPublicKey(),
    iat: fuzzNow / 1000,
    exp: fuzzNow / 1000 + 5,
    nats: {
      server_id: { id: server.getPublicKey(), name: "hub" },
      user_nkey: `U${"A".repeat(55)}`,
      client_info: { host: "10.0.0.7", id: 19, kind: "Client", type: "nats" },
      connect_opts: { name: "a name", user: "gh/tcu" },
      client_tls: { verified_chains: [chain], certs: chain },
    },
  };
}

function calloutTargets(ground: FuzzGround): readonly Target[] {
  const { view } = ground;
  const agencies = ["ng/tcu", "gh/fiu"];
  const claims = agencies.map((agency) => claimsOf(ground, agency));
  const requests = claims.map((one) => signAsServer(JSON.stringify(one)));
  const seen = requests.map((jwt) => parseLoginRequest(jwt));
  const curve = createCurve();
  const keys = makeHubKeys();
  const sealed = requests.map((jwt) =>
    Buffer.from(fromCurveSeed(curve.getSeed()).seal(jwt, keys.curve.publicKey)),
  );
  const box = makeXkeyBox(keys.curve.seed, makeSeededChance("fuzz box"));
  return [
    {
      name: "broker/parseLoginRequest",
      shape: "text",
      codes: ["CALLOUT_REQUEST_INVALID"],
      seeds: requests,
      run: (input) => {
        const found = JSON.stringify(parseLoginRequest(input));
        hold(seen.some((one) => JSON.stringify(one) === found), "a changed login request is taken");
      },
    },
    jsonTarget("broker/decideLogin", claims, (text) => {
      const request = parseLoginRequest(signAsServer(text));
      const decision = decideLogin(view, { hub, request }, fuzzNow);
      if (!decision.allow) throw decision.fault;
      const shown = request.certificate?.thumbprint ?? new Uint8Array();
      const named = view.agency(decision.login.agency)?.certificates ?? [];
      const isNamed = named.some(({ kind, certificate }) =>
        kind === "LINK" && Buffer.from(sha256(certificate)).equals(shown),
      );
      hold(isNamed && request.kind === "Client", "someone logs in without a certificate");
    }),
    {
      name: "broker/XkeyBox.open",
      shape: "bytes",
      codes: ["CALLOUT_REQUEST_INVALID"],
      seeds: sealed,
      run: (input) => {
        const opened = textOf(box.open(input, curve.getPublicKey()));
        hold(requests.some((jwt) => textOf(jwt) === opened), "a changed box opens");
      },
    },
    textTarget("broker/XkeyBox.open for a server", [curve.getPublicKey()], (name) => {
      box.open(sealed[0] ?? new Uint8Array(), name);
    }),
  ];
} // prettier-ignore

const events = ["trail opened", "login allowed", "foreign subject"];

function auditLines(): readonly string[] {
  let previous = "";
  return events.map((event, i) => {
    const fields = { agency: "ng/tcu", host: "10.0.0.7", count: i };
    const time = "2026-06-01T00:00:00.000Z";
    const line = renderAuditLine({ sequence: i + 1, time, event, fields, previous });
    previous = lineDigest(line);
    return line;
  });
}

function auditTargets(dir: string): readonly Target[] {
  const lines = auditLines();
  const clock = makeStillClock(fuzzNow);
  const [first = "", second = ""] = lines;
  const trail = join(dir, "audit.log");
  const log = join(dir, "server.log");
  const violation = '[7] 2026/06/01 00:00:00.000001 [ERR] 10.0.0.7:5555 - cid:19 - "v3.4.0:nats.js:gh/tcu" - Publish Violation - Subject "out.x"\n'; // prettier-ignore
  return [
    jsonTarget("broker/verifyAuditLine", [JSON.parse(second)], (text) => {
      const record = verifyAuditLine(text, { sequence: 1, digest: lineDigest(first) });
      hold(record.sequence === 2, "a record out of its order is taken");
    }),
    {
      name: "broker/openAuditTrail",
      shape: "text",
      codes: ["INTEGRITY_STORE"],
      seeds: [utf8(`${lines.join("\n")}\n`), utf8(`${lines.join("\n")}\n{"torn`)],
      run: (input) => {
        writeFileSync(trail, input);
        const opened = openAuditTrail(trail, clock);
        opened.stop();
        openAuditTrail(trail, clock).stop();
      },
    },
    {
      name: "broker/startLogReader",
      shape: "text",
      seeds: [utf8(violation.repeat(3)), utf8(`other\n${violation}[1] x\n`)],
      run: (input) => {
        writeFileSync(log, "");
        let attempts = 0;
        const onAttempt = (): void => void (attempts += 1);
        const warn = (event: string): void => hold(event === "", `the reader logs: ${event}`);
        const reader = startLogReader({ file: log, clock, log: { ...silentLog, warn }, onAttempt });
        writeFileSync(log, input);
        reader.poll();
        reader.stop();
        hold(attempts <= 50, "a flood of attempts is a flood of records");
      },
    },
  ];
}

const pair = { certificateFile: "c.pem", keyFile: "/keys/k.pem" };
const config = {
  hub: "au/hub-one",
  dir: "state",
  url: "tls://127.0.0.1:4222",
  registerFile: "register.bin",
  rootFile: "root.json",
  signing: pair,
  link: pair,
  server: {
    listen: { host: "127.0.0.1", port: 4222 },
    ...pair,
    caFile: "roots.pem",
    configFile: "server.conf",
    storeDir: "store",
    logFile: "server.log",
    monitorPort: 8222,
  },
  log: { level: "info", file: "hub.log" },
};

const { url: _url, server: oneServer, ...rest } = config;
const {
  listen,
  configFile: _configFile,
  storeDir: _storeDir,
  logFile: _logFile,
  monitorPort: _monitor,
  ...sharedByAll
} = oneServer;
const clusterConfig = {
  ...rest,
  cluster: {
    ...sharedByAll,
    servers: ["a", "b", "c"].map((name) => ({
      name,
      url: `tls://${name}.hub.example:4222`,
      listen,
      route: { host: `${name}.hub.example`, port: 6222 },
      routesTo: name === "a" ? { b: "192.0.2.2:6222" } : {},
      configFile: `${name}.conf`,
      storeDir: `store-${name}`,
      logFile: `${name}.log`,
      tags: ["west"],
    })),
    placement: { ecowas: ["west"] },
  },
}; // prettier-ignore

function fileTargets(dir: string): readonly Target[] {
  const file = join(dir, "hub-keys.json");
  return [
    jsonTarget("broker/parseBrokerConfig", [config, clusterConfig], (text) => {
      const { dir: found } = parseBrokerConfig(text, "/hub");
      hold(found.startsWith("/"), "a path is not absolute");
    }),
    jsonTarget("broker/loadHubKeys", [makeHubKeys()], (text) => {
      writeFileSync(file, text, { mode: 0o600 });
      loadHubKeys(file);
    }),
  ];
}

/** A connection on which every question has the same answer. */
function makeLink(answer: Bytes): Link {
  return {
    info: { server_id: "NSERVER" },
    request: () => Promise.resolve({ data: answer }),
    requestMany: () => Promise.resolve([{ data: answer }]),
    status: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
  } as unknown as Link;
} // prettier-ignore

const headers = Buffer.from(
  "NATS/1.0\r\nAtumpan-Origin: ng/tcu\r\nAtumpan-Channel: ecowas.drugs.h0.alert.incident\r\n" +
    `Atumpan-Digest: ${"A".repeat(43)}\r\nAtumpan-Expires: 1780272000000\r\n\r\n`,
).toString("base64");

const answers = [
  { config: { name: "DIRECT", metadata: { instance: "one" } }, state: { messages: 3, last_seq: 9 } },
  { message: { subject: "feed.x", seq: 7, hdrs: headers } },
  { error: { code: 404, err_code: 10037, description: "no message found" } },
  { data: { total: 1, connections: [{ cid: 4, ip: "10.0.0.7", account: "AG_ng_tcu", tls_peer_certs: [{ cert_sha256: "00" }] }] } },
  { data: { account_statz: [{ acc: "AG_ng_tcu", conns: 1, received: { msgs: 9, bytes: 900 }, sent: { msgs: 2, bytes: 80 } }] } },
  { server: { id: "NB" }, data: { account_statz: [{ acc: "AG_ng_tcu", conns: 1, received: { msgs: 9, bytes: 900, routes: { msgs: 1, bytes: 9 } }, sent: { msgs: 2, bytes: 80 } }] } },
  { id: "NB", name: "au.hub-one-b", host: "0.0.0.0" },
]; // prettier-ignore

/** Every answer is refused by its own reader or taken; the ones for other questions are refused. */
const answerTarget = jsonTarget("broker/answers of the server", answers, async (text) => {
  const link = makeLink(utf8(text));
  const jetStream = makeJetStream(link);
  const asked = await Promise.allSettled([
    jetStream.stream("DIRECT"),
    jetStream.lastOn("DIRECT", "direct.x"),
    jetStream.deleteConsumer("DIRECT", "x"),
    makeServerControl(link).reload(),
    makeTrafficReader(link)(),
    makeServerControl(link, 3).servers(),
    makeTrafficReader(link, 3)(),
  ]);
  const taken = asked.filter(({ status }) => status === "fulfilled");
  for (const one of asked) {
    if (one.status === "rejected" && !("code" in Object(one.reason))) throw one.reason;
  }
  const [refused] = asked.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (taken.length === 0) throw refused;
});

const notesTarget: Target = {
  name: "broker/readNotes",
  shape: "proto",
  seeds: [
    pack(
      utf8("feed.ecowas.drugs.h0.alert.incident.ng.tcu.018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b"),
      utf8("A".repeat(43)),
      utf8("ng/tcu"),
      utf8("ecowas.drugs.h0.alert.incident"),
      utf8("1780272000000"),
    ),
  ],
  run: (input) => {
    const piece = unpack(input);
    const names = ["", "Atumpan-Digest", "Atumpan-Origin", "Atumpan-Channel", "Atumpan-Expires"];
    const header = (name: string): string => textOf(piece(names.indexOf(name)));
    const note = { subject: textOf(piece(0)), sequence: 1, header };
    const noted = certain("reading notes", () => readNotes(note));
    hold((noted?.digest.length ?? 32) === 32, "a note's digest is none");
  },
};

/** What the hub reads besides messages: logins, its own files, its server. */
export function makeHubTargets(ground: FuzzGround): readonly Target[] {
  const dir = makeFolder();
  return [
    ...calloutTargets(ground),
    ...auditTargets(dir),
    ...fileTargets(dir),
    answerTarget,
    notesTarget,
  ];
}
