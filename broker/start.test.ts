import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import type { NatsConnection } from "nats";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import {
  consumerOf,
  encodeLogLeafQuestion,
  encodeRegisterQuestion,
  type LogKey,
  outHeadsSubject,
  outRegisterSubject,
  outSubject,
  parseReceipt,
  type Receipt,
} from "../schemas/index.ts";
import {
  type Bytes,
  silentLog,
  systemChance,
  systemClock,
  sameBytes,
} from "../schemas/ground/index.ts";
import { makeKeyPair, makeSigningKey, saveKey } from "../certs/keys/index.ts";
import { makeNoteSigner, renderVerifierKey, type VerifierKey } from "../certs/log/index.ts";
import { isStatementProven, parseRegister, timestampPath } from "../certs/trust/index.ts";
import { renderPem } from "../certs/shape/index.ts";
import { fixtureHub, makeRegion, mandate, type Region } from "../test/kit/hub-region.ts";
import { type MadePublication, makePublication } from "../test/kit/hub-messages.ts";
import { askLog, expectActs, expectEntered, readLeaves } from "../test/kit/log-questions.ts";
import { connectTo, readAuditEvents, untilFound as until } from "../test/kit/broker-talk.ts";
import { pullAll } from "../test/kit/pull-all.ts";
import { freePort, natsServerBinary } from "../test/kit/server.ts";
import { connectLink } from "./nats/index.ts";
import {
  type Broker,
  type BrokerOptions,
  isOldStatus,
  makeHubKeys,
  findToldStatus,
  renderServer,
  restoreHubLog,
  startBroker,
} from "./index.ts";

const binary = natsServerBinary();
const sender = "ng/tcu";
const reader = "gh/tcu";
const newcomer = "ng/moc";
const agencies = [
  { agency: fixtureHub, kind: "HUB" },
  { agency: sender, kind: "TCU" },
  { agency: reader, kind: "TCU" },
  { agency: "gh/fiu", kind: "FIU" },
  { agency: newcomer, kind: "MOC" },
];

const folder = mkdtempSync(join(tmpdir(), "broker-"));
let region: Region;
let options: BrokerOptions;
let server: ChildProcess;
let broker: Broker;
/** Of the hub's log. */
const logKey = makeKeyPair("Ed25519");
const logVerifier = makeNoteSigner("atumpan/au/hub-one", makeSigningKey(logKey)).verifierKey;
const logLine = (key: VerifierKey) => ({ verifierKey: renderVerifierKey(key), from: 0 });
const open: NatsConnection[] = [];

function startServer(): ChildProcess {
  return spawn(binary, ["-c", options.server.configFile], { stdio: "ignore" });
}

async function killServer(): Promise<void> {
  const ended = once(server, "exit");
  server.kill("SIGKILL");
  await ended;
}

async function connectAs(agency: string, name = "gateway"): Promise<NatsConnection> {
  const link = await connectTo(options.url, { region, agency, name });
  open.push(link);
  return link;
}

async function receiptsOf(link: NatsConnection, agency: string): Promise<readonly Receipt[]> {
  const pulled = await pullAll(link, agency, "RECEIPTS");
  return pulled.map(({ data }) => {
    const { receipt, bytes, signature } = parseReceipt(data);
    const statement = { typ: "atumpan-receipt", bytes, signature, signer: fixtureHub } as const;
    expect(isStatementProven(region.view, statement, Date.now())).toBe(true);
    return receipt;
  });
}

function send(link: NatsConnection, { channel, bytes }: MadePublication): void {
  link.publish(outSubject(channel), bytes);
}

interface Wanted {
  readonly agency?: string;
  readonly says?: "accepted" | "refused";
}

/** As a gateway does: sends again until the receipt comes, and passes over those about anything else. */
async function sendUntilTold(link: NatsConnection, made: MadePublication, { agency = sender, says = "accepted" }: Wanted = {}): Promise<Receipt> {
  const isAbout = (receipt: Receipt): boolean =>
    receipt[says].some(({ messageId = new Uint8Array() }) => sameBytes(messageId, made.envelope.id));
  return until(async () => {
    send(link, made);
    for (let look = 0; look < 10; look += 1) {
      const pulled = receiptsOf(link, agency).then((receipts) => receipts.find(isAbout));
      const receipt = await Promise.race([pulled, pause(500, undefined)]);
      if (receipt !== undefined) return receipt;
      await pause(50);
    }
    return undefined;
  });
} // prettier-ignore

const auditEvents = () => readAuditEvents(options.dir);

beforeAll(async () => {
  const port = await freePort();
  region = await makeRegion({
    now: Date.now(),
    recs: ["ecowas"],
    url: `tls://127.0.0.1:${port}`,
    agencies,
    mandates: [mandate(sender, ["PUBLISH", "ecowas"]), mandate(reader, ["READ", "ecowas"])],
    logKeys: [logLine(logVerifier)],
  });
  const at = (file: string): string => join(folder, file);
  writeFileSync(at("register.bin"), region.next({ agencies: agencies.slice(0, -1) }));
  const { certificatePem, keyPem } = region.leaf(fixtureHub, "SERVER");
  writeFileSync(at("server.pem"), certificatePem);
  writeFileSync(at("server.key"), keyPem, { mode: 0o600 });
  const hubDir = at("broker");
  mkdirSync(hubDir, { mode: 0o700 });
  saveKey(join(hubDir, "log.key"), logKey);
  options = {
    hub: fixtureHub,
    dir: hubDir,
    url: `tls://127.0.0.1:${port}`,
    registerFile: at("register.bin"),
    anchors: region.anchors,
    signer: region.signer(fixtureHub),
    link: region.leaf(fixtureHub, "LINK"),
    server: {
      listen: { host: "127.0.0.1", port },
      certificateFile: at("server.pem"),
      keyFile: at("server.key"),
      caFile: at("nats/roots.pem"),
      configFile: at("nats/server.conf"),
      storeDir: at("nats/store"),
      logFile: at("nats/server.log"),
      maxMemoryBytes: 2 ** 28,
      maxFileBytes: 2 ** 32,
      binary,
    },
    metrics: { port: 0 },
    clock: systemClock,
    chance: systemChance,
    log: silentLog,
  };
  renderServer(options);
  server = startServer();
  broker = await startBroker(options);
});

// an agency has only so many connections
afterEach(async () => {
  await Promise.all(open.splice(0).map((link) => link.close()));
});

afterAll(async () => {
  await broker?.stop();
  server?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("startBroker", () => {
  it("a publication is stored, accepted by a signed receipt, and read by whoever may", async () => {
    const [from, to] = [await connectAs(sender), await connectAs(reader)];
    const made = makePublication(region, sender);
    const { accepted, registerEpoch } = await sendUntilTold(from, made);
    expect(registerEpoch).toBe(2);
    expect(accepted).toMatchObject([
      {
        channel: made.channel,
        stream: "FEED_ECOWAS",
        instance: broker.status().streams["FEED_ECOWAS"],
        streamSequence: 1,
      },
    ]);
    const [read] = await pullAll(to, reader, "FEED_ECOWAS");
    expect(sameBytes(read?.data ?? new Uint8Array(), made.bytes)).toBe(true);
    const again = await sendUntilTold(from, made);
    expect(again.accepted).toEqual(accepted);
    expect(await pullAll(to, reader, "FEED_ECOWAS")).toEqual([]);
  });

  it("what is accepted stands in the hub's log, which proves it to whoever asks", async () => {
    const from = await connectAs(sender);
    const made = makePublication(region, sender);
    const receipt = await sendUntilTold(from, made);
    const log = { link: from, key: logVerifier };
    await expectEntered(log, receipt, made);
    const beyond = await askLog(log, "prove", encodeLogLeafQuestion({ index: 1_000_000 }));
    expect(beyond).toEqual({ refused: "LOG_ENTRY_MISSING", hashes: [], leaves: [] });
    const registers = (await readLeaves(log)).filter(({ kind }) => kind === "REGISTER");
    expect(registers).toMatchObject([{ sequence: 2 }]);
    const to = await connectAs(reader);
    expect(await pullAll(to, reader, "FEED_ECOWAS")).toHaveLength(1);
  });

  it("a refused publication is told with its code and reaches nobody", async () => {
    const [from, to] = [await connectAs(sender), await connectAs(reader)];
    const made = makePublication(region, sender, { envelope: { handling: "H3" } });
    const { refused, accepted } = await sendUntilTold(from, made, { says: "refused" });
    expect(refused).toMatchObject([{ code: "MANDATE_MISSING" }]);
    expect(accepted).toEqual([]);
    expect(await pullAll(to, reader, "FEED_ECOWAS")).toEqual([]);
  });

  it("heads and the register are told to who asks", async () => {
    const link = await connectAs(reader);
    const heads = parseReceipt((await link.request(outHeadsSubject)).data).receipt;
    expect(heads.recipient).toBe(reader);
    expect(heads.heads.map(({ stream }) => stream)).toEqual(["DIRECT", "FEED_ECOWAS", "RECEIPTS"]);
    const ask = async (path: string, offset = 0): Promise<Bytes> =>
      (await link.request(outRegisterSubject("file"), encodeRegisterQuestion({ path, offset })))
        .data;
    const timestamp = parseRegister(readFileSync(options.registerFile)).get(timestampPath)!;
    expect(sameBytes(await ask(timestampPath), timestamp)).toBe(true);
    expect(sameBytes(await ask(timestampPath, 40), timestamp.subarray(40))).toBe(true);
    expect(await ask("metadata/9.root.json")).toHaveLength(0);
  });

  it("foreign subjects are closed to an agency, and written down", async () => {
    const link = await connectAs("gh/fiu", 'x" - Publish Violation - Subject "y');
    link.publish("in.ng.tcu.msg.ecowas.drugs.h0.bulletin.red_flag", "x");
    link.publish("$JS.API.STREAM.NAMES", "x");
    link.publish(`$JS.API.CONSUMER.MSG.NEXT.FEED_ECOWAS.${consumerOf(reader)}`, "x");
    link.subscribe("feed.>", { callback: () => undefined });
    await link.flush();
    const told = await until(() => {
      const found = auditEvents().filter(({ event }) => event === "foreign subject");
      return found.length >= 4 ? found : undefined;
    });
    expect(told.every(({ fields }) => fields["agency"] === "gh/fiu")).toBe(true);
    expect(told.map(({ fields }) => fields["subject"])).toContain("feed.>");
  });

  it("a killed server loses nothing that was accepted, and what was not is taken when sent again", async () => {
    const from = await connectAs(sender);
    const made = makePublication(region, sender);
    const first = await sendUntilTold(from, made);
    await killServer();
    const ask = (path: string) => fetch(`${broker.metricsUrl}${path}`);
    const away = await until(() => ask("/readyz").then((one) => (one.ok ? undefined : one)));
    expect([away.status, (await ask("/livez")).status]).toEqual([503, 200]);
    expect(await away.json()).toMatchObject({ code: "HUB_UNREACHABLE", server: "down" });
    server = startServer();
    const again = await sendUntilTold(from, made);
    expect(again.accepted).toEqual(first.accepted);
  });

  it("after its own restart the hub still knows what it stored", async () => {
    const from = await connectAs(sender);
    const made = makePublication(region, sender);
    const first = await sendUntilTold(from, made);
    await broker.stop();
    broker = await startBroker(options);
    expect((await sendUntilTold(from, made)).accepted).toEqual(first.accepted);
    const bytes = makePublication(region, sender, {
      envelope: { id: made.envelope.id, crimes: ["arms"] },
    });
    const { refused } = await sendUntilTold(from, bytes, { says: "refused" });
    expect(refused).toMatchObject([{ code: "ENVELOPE_ID_REUSED" }]);
  });

  it("a wiped server gets new streams, and what was stored there is taken again", async () => {
    const from = await connectAs(sender);
    const made = makePublication(region, sender);
    const [first] = (await sendUntilTold(from, made)).accepted;
    await killServer();
    rmSync(options.server.storeDir, { recursive: true });
    server = startServer();
    await until(() =>
      broker.status().streams["FEED_ECOWAS"] === first?.instance ? undefined : true,
    );
    // without what was signed of its log the hub accepts nothing, until that stands again
    await until(() => (broker.status().log?.stopped === "LOG_INCONSISTENT" ? true : undefined));
    send(from, made);
    expect(auditEvents().map(({ event }) => event)).toContain("log stopped");
    await broker.stop();
    const size = await restoreHubLog(options);
    expect(size).toBeGreaterThan(3);
    broker = await startBroker(options);
    const [again] = (await sendUntilTold(from, made)).accepted;
    expect(again?.logIndex).toBeGreaterThanOrEqual(size);
    expect(again?.instance).not.toBe(first?.instance);
    expect(again?.streamSequence).toBe(1);
    // what the hub did is in its log too, by a digest that whoever is shown the line can check
    const log = { link: from, key: logVerifier };
    await expectActs(log, join(options.dir, "audit.jsonl"), "STREAM_REBUILT");
  });

  it("who is new in an epoch may come in at once, and no session that stands is dropped", async () => {
    const stays = await connectAs(sender);
    const dropped = { count: 0 };
    void (async () => {
      for await (const { type } of stays.status()) if (type === "disconnect") dropped.count += 1;
    })();
    writeFileSync(options.registerFile, region.next({ agencies }));
    await broker.refresh();
    expect(broker.status().epoch).toBe(3);
    const link = await connectAs(newcomer);
    expect(parseReceipt((await link.request(outHeadsSubject)).data).receipt.recipient).toBe(
      newcomer,
    );
    const wanted = { agency: newcomer, says: "refused" } as const;
    const { refused } = await sendUntilTold(link, makePublication(region, newcomer), wanted);
    expect(refused).toMatchObject([{ code: "MANDATE_MISSING" }]);
    await stays.flush();
    expect(dropped.count).toBe(0);
  });

  it("who is suspended by a new epoch is put out, stays out, and the others stay in", async () => {
    const [gone, stays] = [await connectAs("gh/fiu"), await connectAs(sender)];
    const closed = until(async () => {
      for await (const status of gone.status()) if (status.type === "disconnect") return true;
      return undefined;
    });
    writeFileSync(
      options.registerFile,
      region.next({
        agencies: agencies.map((one) =>
          one.agency === "gh/fiu" ? { ...one, suspendedFrom: Date.now() - 1000 } : one,
        ),
      }),
    );
    await broker.refresh();
    expect(await closed).toBe(true);
    expect(broker.status().epoch).toBe(4);
    const refused = await until(() =>
      auditEvents().find(
        ({ event, fields }) => event === "login refused" && fields["code"] === "MANDATE_SUSPENDED",
      ),
    );
    expect(refused.fields["fingerprint"]).toMatch(/^[0-9a-f]{64}$/);
    await stays.flush();
  });

  it("a register older than the one held is refused", async () => {
    writeFileSync(options.registerFile, region.register);
    await broker.refresh();
    expect(broker.status().epoch).toBe(4);
    expect(
      auditEvents().some(
        ({ event, fields }) =>
          event === "register refused" && fields["code"] === "REGISTER_ROLLBACK",
      ),
    ).toBe(true);
  });

  it("a server whose certificate the register does not name is not believed", async () => {
    const { certificatePem, keyPem } = options.link;
    const roots = renderPem("CERTIFICATE", ...(region.view.authority("au")?.roots ?? []));
    const opened = connectLink({
      urls: [options.url],
      name: "test",
      seed: makeHubKeys().hub.seed,
      inboxPrefix: "_INBOX_TEST",
      tls: { certificatePem, keyPem, rootsPem: roots, isServer: () => false },
      clock: systemClock,
      log: silentLog,
      patienceMs: 0,
    });
    await expect(opened).rejects.toThrow(expect.objectContaining({ code: "HUB_UNREACHABLE" }));
  });

  it("nothing is signed with a key of the log that the register does not name, until it names it again", async () => {
    const otherKey = makeKeyPair("Ed25519");
    const other = makeNoteSigner("atumpan/au/hub-one", makeSigningKey(otherKey)).verifierKey;
    const from = await connectAs(sender);
    const sent: MadePublication[] = [];
    const isSent = ({ messageId }: { readonly messageId: Uint8Array }) => sent.some(({ envelope }) => sameBytes(envelope.id, messageId));
    const accepted = async () => (await receiptsOf(from, sender)).filter((one) => one.accepted.some(isSent));
    const name = (...logKeys: readonly LogKey[]) => writeFileSync(options.registerFile, region.next({ logKeys }));
    const refused = { code: "KEY_UNUSABLE", detail: expect.stringContaining("log.key") };
    const waits = async (...keys: readonly LogKey[]) => {
      name(...keys);
      await broker.refresh();
      await until(() => (broker.status().log?.waiting === "KEY_UNUSABLE" ? true : undefined));
    };
    for (const keys of [[], [logLine(other)]]) {
      await waits(...keys);
      const { size } = broker.status().log!;
      const made = makePublication(region, sender);
      sent.push(made);
      send(from, made);
      await until(() => (broker.status().heldBack > 0 ? true : undefined));
      expect([broker.status().log?.size, await accepted()]).toEqual([size, []]);
    }
    await broker.stop();
    await expect(startBroker(options)).rejects.toMatchObject(refused);
    await expect(restoreHubLog(options)).rejects.toMatchObject(refused);
    name(logLine(other), logLine(logVerifier));
    broker = await startBroker(options);
    // another key goes on with the log, and what the one before it signed stays readable, also when all is read anew
    await waits(logLine(other), { ...logLine(logVerifier), until: Date.now() });
    await broker.stop();
    rmSync(join(options.dir, "log.key"));
    saveKey(join(options.dir, "log.key"), otherKey);
    rmSync(join(options.dir, "log"), { recursive: true });
    broker = await startBroker(options);
    await until(async () => ((await accepted()).length > 0 ? true : undefined));
    await until(() => (broker.status().log?.waiting === undefined ? true : undefined));
    expect(broker.status().log?.stopped).toBeUndefined();
  }); // prettier-ignore

  it("how it stands is written down for who runs it", async () => {
    const told = await until(() => findToldStatus(options.dir));
    expect(told).toMatchObject({ ready: true, log: { room: { maxBytes: 2 ** 32 / 8 } } });
    expect(isOldStatus(told, told.at + 31_000)).toBe(true);
  });
});
