import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { connect, type NatsConnection } from "nats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  consumerOf,
  encodeRegisterQuestion,
  inboxPrefixOf,
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
import { isStatementProven, parseRegister, timestampPath } from "../certs/trust/index.ts";
import { renderPem } from "../certs/shape/index.ts";
import { fixtureHub, makeRegion, mandate, type Region } from "../test/kit/hub-region.ts";
import { type MadePublication, makePublication } from "../test/kit/hub-messages.ts";
import { freePort, natsServerBinary } from "../test/kit/server.ts";
import { connectLink } from "./nats/index.ts";
import {
  type Broker,
  type BrokerOptions,
  makeHubKeys,
  renderServer,
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
const open: NatsConnection[] = [];
let pulls = 0;

async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  ms = 120_000,
): Promise<T> {
  for (const end = Date.now() + ms; ;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("it did not come in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function startServer(): ChildProcess {
  return spawn(binary, ["-c", options.server.configFile], { stdio: "ignore" });
}

async function killServer(): Promise<void> {
  const ended = once(server, "exit");
  server.kill("SIGKILL");
  await ended;
}

async function connectAs(agency: string, name = "gateway"): Promise<NatsConnection> {
  const { certificatePem: cert, keyPem: key } = region.leaf(agency, "LINK");
  const roots = region.view.authority("au")?.roots ?? [];
  const tls = { handshakeFirst: true, ca: renderPem("CERTIFICATE", ...roots), cert, key };
  const passed = { checkServerIdentity: () => undefined };
  const link = await connect({
    servers: options.url,
    name,
    inboxPrefix: inboxPrefixOf(agency),
    tls: { ...passed, ...tls },
    reconnectTimeWait: 100,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    timeout: 12_000,
  });
  open.push(link);
  return link;
}

interface Pulled {
  readonly subject: string;
  readonly data: Uint8Array;
}

/** Pulls everything that waits for an agency in a stream, and acknowledges it. */
async function pullAll(
  link: NatsConnection,
  agency: string,
  stream: string,
): Promise<readonly Pulled[]> {
  pulls += 1;
  const inbox = `${inboxPrefixOf(agency)}.pull${pulls}`;
  const pulled: Pulled[] = [];
  const ended = Promise.withResolvers<undefined>();
  const subscription = link.subscribe(inbox, {
    callback: (_error, message) => {
      if ((message.headers?.code ?? 0) > 0) return ended.resolve(undefined);
      pulled.push({ subject: message.subject, data: message.data });
      return void message.respond("+ACK");
    },
  });
  const request = JSON.stringify({ batch: 100, no_wait: true });
  link.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumerOf(agency)}`, request, {
    reply: inbox,
  });
  await ended.promise;
  subscription.unsubscribe();
  await link.flush();
  return pulled;
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

async function nextReceipt(link: NatsConnection, agency: string): Promise<Receipt> {
  const isAbout = ({ accepted, refused, held }: Receipt): boolean =>
    accepted.length + refused.length + held.length > 0;
  // notices of a new register are about no message
  return until(async () => (await receiptsOf(link, agency)).find(isAbout));
}

function send(link: NatsConnection, { channel, bytes }: MadePublication): void {
  link.publish(outSubject(channel), bytes);
}

/** As a gateway does: sends again until the receipt comes. */
async function sendUntilTold(link: NatsConnection, made: MadePublication): Promise<Receipt> {
  return until(async () => {
    send(link, made);
    for (let look = 0; look < 10; look += 1) {
      const [receipt] = await Promise.race([
        receiptsOf(link, sender),
        new Promise<[]>((resolve) => setTimeout(resolve, 500, [])),
      ]);
      if (receipt !== undefined) return receipt;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return undefined;
  });
}

function auditEvents(): readonly { event: string; fields: Record<string, unknown> }[] {
  const text = readFileSync(join(options.dir, "audit.jsonl"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; fields: Record<string, unknown> });
}

beforeAll(async () => {
  const port = await freePort();
  region = await makeRegion({
    now: Date.now(),
    recs: ["ecowas"],
    url: `tls://127.0.0.1:${port}`,
    agencies,
    mandates: [mandate(sender, ["PUBLISH", "ecowas"]), mandate(reader, ["READ", "ecowas"])],
  });
  const at = (file: string): string => join(folder, file);
  writeFileSync(at("register.bin"), region.next({ agencies: agencies.slice(0, -1) }));
  const { certificatePem, keyPem } = region.leaf(fixtureHub, "SERVER");
  writeFileSync(at("server.pem"), certificatePem);
  writeFileSync(at("server.key"), keyPem, { mode: 0o600 });
  options = {
    hub: fixtureHub,
    dir: at("broker"),
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
    clock: systemClock,
    chance: systemChance,
    log: silentLog,
  };
  renderServer(options);
  server = startServer();
  broker = await startBroker(options);
});

afterAll(async () => {
  await Promise.all(open.map((link) => link.close()));
  await broker?.stop();
  server?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("startBroker", () => {
  it("a publication is stored, accepted by a signed receipt, and read by whoever may", async () => {
    const [from, to] = [await connectAs(sender), await connectAs(reader)];
    const made = makePublication(region, sender);
    send(from, made);
    const { accepted, registerEpoch } = await nextReceipt(from, sender);
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
    send(from, made);
    const again = await nextReceipt(from, sender);
    expect(again.accepted).toEqual(accepted);
    expect(await pullAll(to, reader, "FEED_ECOWAS")).toEqual([]);
  });

  it("a refused publication is told with its code and reaches nobody", async () => {
    const [from, to] = [await connectAs(sender), await connectAs(reader)];
    send(from, makePublication(region, sender, { envelope: { handling: "H3" } }));
    const { refused, accepted } = await nextReceipt(from, sender);
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
    send(from, made);
    const first = await nextReceipt(from, sender);
    await killServer();
    server = startServer();
    const again = await sendUntilTold(from, made);
    expect(again.accepted).toEqual(first.accepted);
  });

  it("after its own restart the hub still knows what it stored", async () => {
    const from = await connectAs(sender);
    const made = makePublication(region, sender);
    send(from, made);
    const first = await nextReceipt(from, sender);
    await broker.stop();
    broker = await startBroker(options);
    send(from, made);
    expect((await nextReceipt(from, sender)).accepted).toEqual(first.accepted);
    const bytes = makePublication(region, sender, {
      envelope: { id: made.envelope.id, crimes: ["arms"] },
    });
    send(from, bytes);
    expect((await nextReceipt(from, sender)).refused).toMatchObject([
      { code: "ENVELOPE_ID_REUSED" },
    ]);
  });

  it("a wiped server gets new streams, and what was stored there is taken again", async () => {
    const from = await connectAs(sender);
    const made = makePublication(region, sender);
    send(from, made);
    const [first] = (await nextReceipt(from, sender)).accepted;
    await killServer();
    rmSync(options.server.storeDir, { recursive: true });
    server = startServer();
    await until(() =>
      broker.status().streams["FEED_ECOWAS"] === first?.instance ? undefined : true,
    );
    const [again] = (await sendUntilTold(from, made)).accepted;
    expect(again?.instance).not.toBe(first?.instance);
    expect(again?.streamSequence).toBe(1);
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
    send(link, makePublication(region, newcomer));
    expect((await nextReceipt(link, newcomer)).refused).toMatchObject([
      { code: "MANDATE_MISSING" },
    ]);
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
      url: options.url,
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
});
