import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { Fault, type Log } from "../schemas/ground/index.ts";
import {
  type Admission,
  makeKnown,
  type Questions,
  startAdmission,
  startQuestions,
} from "./admission/index.ts";
import { startLogReader } from "./audit/index.ts";
import { type BlobDesk, startBlobDesk } from "./blobs/index.ts";
import { startCallout } from "./callout/index.ts";
import { type Eraser, startEraser } from "./erasure/index.ts";
import { type FloodWatch, makePauses, type Pauses } from "./flood/index.ts";
import { type Journal, openJournal } from "./journal.ts";
import { inboxes, type Links, openLinks } from "./links.ts";
import {
  checkServerVersion,
  hubLimits,
  makeConsumerKeeper,
  makeJetStream,
  makeServerControl,
  makeStoredCells,
  type ServerControl,
} from "./nats/index.ts";
import { openFloodWatch } from "./open-floods.ts";
import type { Broker, BrokerOptions, BrokerStatus } from "./options.ts";
import { openOwnKeys } from "./own-keys.ts";
import { type HeldRegister, openRegisterSource, type RegisterSource } from "./register-source.ts";
import type { OwnKeys } from "./renewal/index.ts";
import { makeServerFace, type ServerFace } from "./server-face.ts";
import { openHubKeys, writeServerFiles } from "./server-files.ts";
import { makeStreamKeeper, type StreamKeeper } from "./stream-keeper.ts";
import { makeSwitchover } from "./switchover.ts";
import { startUpkeep, type Upkeep } from "./upkeep.ts";

const auditFile = "audit.jsonl";
const renewEveryMs = 5_000;

function lookFirst(source: RegisterSource): HeldRegister {
  const news = source.look();
  if (news.kind === "newer") return news.held;
  if (news.kind === "refused") throw news.fault;
  throw new Fault("REGISTER_INVALID", "there is no register to start with");
}

/** What holds while the broker runs. */
interface Hub {
  readonly options: BrokerOptions;
  readonly log: Log;
  readonly own: OwnKeys;
  readonly face: ServerFace;
  readonly journal: Journal;
  readonly source: RegisterSource;
  readonly links: Links;
  readonly control: ServerControl;
  readonly pauses: Pauses;
  /** The register that logins and questions are answered by. */
  current: HeldRegister;
}

interface Running {
  readonly keeper: StreamKeeper;
  readonly admission: Admission;
  readonly questions: Questions;
  readonly eraser: Eraser;
  readonly blobs: BlobDesk;
  readonly floods: FloodWatch;
  readonly upkeep: Upkeep;
  readonly known: { readonly size: number };
}

/** What the operator says, or the usual; never so much that messages lack the room. */
function blobMaxBytesOf({ blobs, server }: BrokerOptions): number {
  const share = Math.floor(server.maxFileBytes / hubLimits.blobShare);
  return blobs?.maxBytes ?? Math.min(hubLimits.blobMaxBytes, share);
}

function openBlobDesk({ options, links }: Hub, register: () => HeldRegister["view"]): BlobDesk {
  const { clock, chance, blobs } = options;
  const bytesPerAgencyDay = blobs?.bytesPerAgencyDay ?? hubLimits.blobBytesPerAgencyDay;
  const ground = { link: links.blobs, inbox: inboxes.blobs, clock, chance, register };
  return startBlobDesk({ ...ground, bytesPerAgencyDay });
}

async function run(
  hub: Hub,
  onStarted: (parts: Pick<Running, "admission" | "eraser">) => void,
): Promise<Running> {
  const { options, log, own, face, journal, source, links } = hub;
  const { clock, chance } = options;
  const { signer } = own;
  const known = makeKnown();
  const cells = makeStoredCells();
  const jetStream = makeJetStream(links.control);
  const keeper = makeStreamKeeper({
    source: { link: links.control, jetStream, clock, chance, inbox: `${inboxes.control}.notes` },
    consumers: makeConsumerKeeper(jetStream),
    known,
    cells,
    log,
    hub: options.hub,
    memoryBytes: options.server.maxMemoryBytes,
    blobMaxBytes: blobMaxBytesOf(options),
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
  const onPlace: StreamKeeper["notePlace"] = (place) => keeper.notePlace(place);
  const admission = startAdmission({
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
    onExpired: (places) => eraser.expire(places),
  });
  onStarted({ admission, eraser });
  const onCurrent = (held: HeldRegister): void => {
    hub.current = held;
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
  const upkeep = await startUpkeep({ clock, log, journal, source, switchover, first: hub.current });
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
  });
  const blobs = openBlobDesk(hub, () => hub.current.view);
  const floods = openFloodWatch({ ...hub, jetStream, admission, current: () => hub.current });
  return { keeper, admission, questions, eraser, blobs, floods, upkeep, known };
}

function statusOf({ current, links, own }: Hub, running: Running): BrokerStatus {
  const { keeper, admission, blobs, floods, upkeep, known } = running;
  return {
    ready: upkeep.isSound,
    epoch: current.view.epoch,
    registerExpiresAt: current.view.expiresAt,
    certificates: own.ends(),
    serverVersion: links.system.info?.version ?? "",
    streams: Object.fromEntries([...keeper.intakes, ...keeper.instances]),
    known: known.size,
    underWay: admission.underWay,
    paused: floods.paused,
    ...admission.counts,
    blobs: { ...blobs.counts },
  };
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
  const keys = openHubKeys(dir);
  const source = openRegisterSource(options);
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
  const journal = openJournal({ file: join(dir, auditFile), clock, log }, fail);
  opened = journal;
  const links = await openLinks(
    options,
    { keys, register, link: () => own.link() },
    {
      onUp: (name) => {
        if (name === "callout") journal.forgetConnections();
        running.upkeep?.serverUp();
      },
      onDown: (name) => {
        running.upkeep?.serverDown();
        if (name === "data") running.admission?.reset();
        if (name === "blobs") running.blobs?.reset();
      },
      onRefused: fail,
    },
  ).catch((error: unknown) => {
    journal.stop();
    throw error;
  });
  const control = makeServerControl(links.system);
  const face = makeServerFace({ options, keys, own, control });
  const pauses = makePauses(clock);
  hub = { options, log, own, face, control, pauses, journal, source, links, current: first };
  const callout = startCallout({
    link: links.callout,
    hub: options.hub,
    keys,
    clock,
    chance,
    log,
    register,
    judgePause: (agency) => pauses.judge(agency),
    onLogin: (event) => journal.login(event),
  });
  const reader = startLogReader({
    file: server.logFile,
    clock,
    log,
    onAttempt: (attempt) => journal.attempt(attempt),
  });
  const renewing = clock.every(renewEveryMs, () => void own.tend());
  const stop = async (): Promise<void> => {
    renewing.stop();
    await own.stop();
    running.questions?.stop();
    running.eraser?.stop();
    running.blobs?.stop();
    running.floods?.stop();
    await running.upkeep?.stop();
    await running.admission?.stop();
    callout.stop();
    reader.poll();
    reader.stop();
    await links.stop();
    journal.stop();
  };
  try {
    const started = await run(hub, (parts) => {
      running = parts;
    });
    running = started;
    const status = (): BrokerStatus => statusOf({ ...hub }, started);
    return {
      get ready() {
        return started.upkeep.isSound;
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
