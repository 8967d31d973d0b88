import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Fault } from "../schemas/ground/index.ts";
import {
  type AdmissionOptions,
  makeKnown,
  startAdmission,
  startQuestions,
} from "./admission/index.ts";
import { startCallout } from "./callout/index.ts";
import { startEraser } from "./erasure/index.ts";
import { makePauses } from "./flood/index.ts";
import { type Journal, openJournal } from "./journal.ts";
import { inboxes, type Links, openLinks } from "./links.ts";
import {
  checkServerVersion,
  type JetStream,
  makeConsumerKeeper,
  makeJetStream,
  makeServerControl,
  makeStoredCells,
  watchElections,
} from "./nats/index.ts";
import { blobMaxBytesOf, openBlobDesk } from "./open-blobs.ts";
import { openFloodWatch } from "./open-floods.ts";
import { openGathering, spreadOf } from "./open-cluster.ts";
import { openFace, openMetrics } from "./open-metrics.ts";
import { type Broker, type BrokerOptions, type BrokerStatus, hubFolderOf } from "./options.ts";
import { enterMessage, enterRegister, openHubLog } from "./open-log.ts";
import { openOffers } from "./open-offers.ts";
import { digestConfiguration } from "./configuration.ts";
import { openOwnKeys } from "./own-keys.ts";
import { type HeldRegister, lookFirst, openRegisterSource } from "./register-source.ts";
import { type Hub, isReady, type Running, statusOf } from "./running.ts";
import { makeServerFace } from "./server-face.ts";
import { openHubKeys, writeServerFiles } from "./server-files.ts";
import { keepStatusFile } from "./status-file.ts";
import { makeStreamKeeper } from "./stream-keeper.ts";
import { makeSwitchover } from "./switchover.ts";
import { openLogService } from "./open-log-service.ts";
import { openServerLogs } from "./open-server-logs.ts";
import { openStop, toldOfStop } from "./open-stop.ts";
import { openWitnesses } from "./open-witnesses.ts";
import { beginTurn } from "./expel.ts";
import { bindSigner, noteBroker } from "./turns.ts";
import { patienceOf, startUpkeep } from "./upkeep.ts";

const renewEveryMs = 5_000;

async function run(
  hub: Hub,
  onStarted: (parts: Pick<Running, "admission" | "button" | "eraser" | "hubLog">) => void,
): Promise<Running> {
  const { options, log, own, face, journal, source, links } = hub;
  const { clock, chance, turn } = options;
  const signer = bindSigner(own.signer, options);
  const known = makeKnown();
  const cells = makeStoredCells();
  const spread = spreadOf(options);
  const jetStreamOf = (link: Links["log"]): JetStream => makeJetStream(link, spread);
  const jetStream = jetStreamOf(links.control);
  const keeper = makeStreamKeeper({
    source: { link: links.control, jetStream, clock, chance, inbox: `${inboxes.control}.notes` },
    consumers: makeConsumerKeeper(jetStream),
    known,
    cells,
    log,
    hub: options.hub,
    memoryBytes: options.server.maxMemoryBytes,
    blobMaxBytes: blobMaxBytesOf(options),
    maxFileBytes: options.server.maxFileBytes,
    onRebuilt: (stream) => {
      log.warn("stream rebuilt", { stream });
      journal.write("stream rebuilt", { stream });
    },
  });
  const { instances } = keeper;
  const eraser = startEraser({
    jetStream,
    hub: options.hub,
    register: () => hub.current.view,
    instances,
    clock,
    log,
    journal: (line) => journal.write("message erased", line),
  });
  const hubLog = openHubLog({
    ...hub,
    instances,
    jetStreamOf,
    register: () => hub.current.view,
  });
  const onPlace: AdmissionOptions["onPlace"] = (place, noted) => {
    keeper.notePlace(place);
    if (hubLog !== undefined) enterMessage(hubLog, place, noted);
  };
  const button = openStop(hub);
  const admission = startAdmission({
    hub: options.hub,
    stopped: () => button.stopped,
    link: links.data,
    inbox: inboxes.data,
    jetStream,
    signer,
    clock,
    chance,
    log,
    known,
    cells,
    instances,
    onPlace,
    entries: hubLog,
    onExpired: (places) => eraser.expire(places),
  });
  button.follow(() => admission.receipts.notice(toldOfStop(hub)));
  onStarted({ admission, eraser, hubLog, button });
  if (options.cluster !== undefined) {
    // it ends with its connection
    watchElections({ link: links.control, clock }, () => admission.restart());
  }
  const onCurrent = (held: HeldRegister): void => {
    hub.current = held;
    if (hubLog !== undefined) enterRegister(hubLog, held);
    void own.tend();
  };
  const switchover = makeSwitchover({
    options,
    log,
    face,
    keeper,
    cells,
    admission,
    control: hub.control,
    journal,
    onCurrent,
  });
  const first = hub.current;
  const ground = { clock, log, journal, source, switchover, turn };
  const upkeep = await startUpkeep({
    ...ground,
    patience: patienceOf(options),
    check: () => beginTurn({ ...hub, jetStream }),
    first,
  });
  const asking = hubLog && openWitnesses({ ...hub, hubLog, register: () => hub.current.view });
  const questions = startQuestions({
    held: { known, instances: keeper.instances },
    erase: (origin, order) => eraser.order(origin, order),
    link: links.control,
    jetStream,
    clock,
    receipts: admission.receipts,
    quota: admission.quota,
    log,
    streams: () => keeper.heads(),
    inHand: () => hub.current,
    askLog: asking?.ask,
    takeRegister: openOffers(hub, (held) => upkeep.bring(held)),
  });
  const blobs = openBlobDesk(hub, () => hub.current.view);
  const floods = openFloodWatch({ ...hub, jetStream, admission, current: () => hub.current });
  const logService = await openLogService({ ...hub, register: () => hub.current.view });
  const desks = { questions, eraser, blobs, floods, logService, witnesses: asking?.desk };
  return { keeper, admission, button, upkeep, known, hubLog, ...desks };
}

/**
 * Starts the broker of a hub against its server, which is running or will be within the patience. On
 * return its register is in force and publications are admitted.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE, REGISTER_*, HUB_*, INTEGRITY_STORE
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { dir, clock, chance, server } = options;
  const log = options.log.with({ hub: options.hub });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (server.binary !== undefined) await checkServerVersion(server.binary);
  const folder = hubFolderOf(options);
  const keys = openHubKeys(folder);
  const source = openRegisterSource({ ...options, dir: folder });
  const first = lookFirst(source);
  const failure = Promise.withResolvers<Fault>();
  const fail = (fault: Fault): void => {
    log.error("the broker cannot go on", { code: fault.code });
    failure.resolve(fault);
  };
  let opened: Journal | undefined;
  let running: Partial<Running> = {};
  let hub: Hub | undefined;
  const register = (): HeldRegister["view"] => (hub?.current ?? first).view;
  const own = openOwnKeys({ ...options, log }, register, {
    onLink: () => void hub?.links.reconnect(),
    onChange: (kind, fingerprint) => {
      log.info("certificate in use", { type: kind, fingerprint });
      opened?.write("certificate in use", { kind, fingerprint });
    },
    onAlarm: ({ kind, daysLeft: count }, code) =>
      opened?.write("certificate ends", { kind, code, count }),
  });
  writeServerFiles(first.view, { ...options, server: { ...server, ...own.server() } }, keys);
  const journal = openJournal(
    { file: join(dir, "audit.jsonl"), clock, log, configuration: digestConfiguration(options) },
    fail,
  );
  opened = journal;
  noteBroker(options, journal);
  const { face, closeFace } = await openFace({ ...options, log });
  const links = await openLinks(
    options,
    { keys, register, link: () => own.link() },
    {
      onUp: (name) => {
        if (name === "data" && hub !== undefined) hub.isServerUp = true;
        // of several servers it may be another that answers now, and each one's connections stand
        if (name === "callout" && options.cluster === undefined) journal.forgetConnections();
        running.upkeep?.serverUp();
      },
      onDown: (name) => {
        running.upkeep?.serverDown();
        if (name === "data" && hub !== undefined) hub.isServerUp = false;
        if (name === "data") running.admission?.reset();
        if (name === "blobs") running.blobs?.reset();
      },
      onRefused: fail,
    },
  ).catch(async (error: unknown) => {
    journal.stop();
    await closeFace();
    throw error;
  });
  const control = makeServerControl(links.system, options.cluster?.servers.length);
  const gathering = openGathering({ options, links, control, log });
  const serverFace = makeServerFace({ options, keys, own, control });
  const pauses = makePauses(clock);
  hub = {
    options,
    log,
    own,
    face: serverFace,
    control,
    pauses,
    journal,
    source,
    links,
    current: first,
    isServerUp: true,
  };
  const metrics = openMetrics(hub, face);
  const callout = startCallout({
    link: links.callout,
    hub: options.hub,
    keys,
    clock,
    chance,
    log,
    register,
    mayAnswer: () => options.turn?.isOurs ?? true,
    judgePause: (agency) => pauses.judge(agency),
    onLogin: (event) => {
      metrics.login(event);
      journal.login(event);
    },
  });
  const reader = openServerLogs(hub);
  const renewing = clock.every(renewEveryMs, () => {
    running.logService?.tend();
    if (options.turn?.isOurs !== false) void own.tend();
  });
  let telling: { stop(): void } | undefined;
  const stop = async (): Promise<void> => {
    telling?.stop();
    metrics.stop();
    renewing.stop();
    await own.stop();
    const { button, questions, eraser, blobs, floods, witnesses } = running;
    for (const desk of [button, questions, eraser, blobs, floods, witnesses]) desk?.stop();
    await running.logService?.stop();
    await running.upkeep?.stop();
    await running.admission?.stop();
    await running.hubLog?.stop();
    callout.stop();
    gathering.stop();
    reader.stop();
    await links.stop();
    journal.stop();
    await closeFace();
  };
  try {
    const started = await run(hub, (parts) => {
      running = parts;
    });
    running = started;
    const status = (): BrokerStatus => statusOf({ ...hub }, started);
    telling = keepStatusFile({ dir, clock, log }, status);
    metrics.show(status);
    return {
      metricsUrl: face?.url,
      get ready() {
        return isReady(options, started);
      },
      failed: failure.promise,
      refresh: () => started.upkeep.refresh(),
      status,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
