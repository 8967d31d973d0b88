import {
  type AttachmentPolicy,
  type AttachmentService,
  startAttachments,
} from "./attachments/index.ts";
import { makeActLines, noteReleaseRule } from "./act-lines.ts";
import { type FourEyesChoice, makeReleaseDesk, type ReleaseDesk } from "./approval/index.ts";
import { type AuditRecord, openAuditRecord } from "./audit/index.ts";
import { makeShelf, type Shelf, type ShelfPlace } from "./backup/index.ts";
import { makeCarryDesk } from "./carry/index.ts";
import { makeColleagueDesk } from "./colleagues/index.ts";
import { openConsole } from "./console/index.ts";
import { startIndexRest } from "./exchange/index.ts";
import { type DirectoryDesk, makeDirectoryDesk } from "./directory/index.ts";
import { type DoctorDesk, makeDoctorDesk, makeSystemProbes } from "./doctor/index.ts";
import { makeDraftDesk, makeMlaDesk } from "./drafts/index.ts";
import { makeEvidenceDesk } from "./evidence/index.ts";
import { makeExportDesk } from "./exports/index.ts";
import { type Hooks, startHooks } from "./hooks/index.ts";
import { type LookupDesk, type LookupPolicy, makeLookupDesk } from "./lookups/index.ts";
import type { Callers, PeopleChoice } from "./people/index.ts";
import { type QueryPolicy, startQueryAnswerer } from "./queries/index.ts";
import { makeInsightDesk } from "./insight/index.ts";
import { openInspections } from "./inspection-desk.ts";
import { openPeople } from "./people-desk.ts";
import { makeRecallDesk, type RecallDesk, type RecallParts, startRecalls } from "./recall/index.ts";
import type { Services } from "./api/index.ts";
import { recordLogAlarms } from "./log-lines.ts";
import { openStoreLines, type StoreLines } from "./store-lines.ts";
import { makeOnwardDesk } from "./onward/index.ts";
import { makeOperationDesk } from "./operations/index.ts";
import { makeOversightDesk, type OversightDesk } from "./oversight/index.ts";
import { findBars } from "./release/index.ts";
import type { StatisticsChoice } from "./statistics/index.ts";
import { openMetrics, openTraces } from "./metrics-desk.ts";
import { openStatistics } from "./statistics-choice.ts";
import type { TracesChoice } from "./traces/index.ts";
import { makeWorkDesk, registerTerms } from "./work/index.ts";
import type { WebhookChoice } from "./webhook-choice.ts";
import type { Gateway } from "./gateway.ts";
import { type Chance, type Clock, type Log, toFault } from "../schemas/ground/index.ts";

/** What the services of one gateway are made of. */
export interface ServiceParts {
  readonly gateway: Gateway;
  /** The gateway's own folder. */
  readonly dir: string;
  /** What the operator chose for people and machines. */
  readonly people?: PeopleChoice | undefined;
  /** Where backups go; without it none is made. */
  readonly backup?: ShelfPlace | undefined;
  /** Where webhooks may be; left out nowhere. */
  readonly webhooks?: WebhookChoice | undefined;
  /** How old the copy may be that is looked through; 72 hours and 14 days when left out. */
  readonly lookups?: LookupPolicy | undefined;
  /** How figures are counted; a quarter at a time, and never sent by themselves, when left out. */
  readonly statistics?: StatisticsChoice | undefined;
  /** What takes two officers, as the operator wrote it: that it changed is written down. */
  readonly fourEyes?: FourEyesChoice | undefined;
  /** How checks of others are answered; by persons when left out. */
  readonly queries?: QueryPolicy | undefined;
  /** Which files of others are fetched unasked; those up to 128 KiB when left out. */
  readonly attachments?: AttachmentPolicy | undefined;
  /** Where traces go; nowhere when left out. */
  readonly traces?: TracesChoice | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** The services of one gateway's API, and the ways its callers prove who they are. */
export interface OpenServices {
  readonly services: Services;
  readonly callers?: Callers | undefined;
  /** Tells the record what becomes of the store it lies in. */
  readonly lines: Pick<StoreLines, "note">;
  /** Ends what runs by itself; nothing that was promised is lost. */
  stop(): Promise<void>;
}

function openShelf({ gateway, dir, clock, chance }: ServiceParts, place: ShelfPlace): Shelf {
  const { agency, store, signer } = gateway.office;
  const epoch = (): number => gateway.register().epoch;
  return makeShelf({ agency, dir, store, signer, epoch, clock, chance }, place);
}

function openHooks({ gateway, webhooks = { allow: [] }, clock, chance, log }: ServiceParts): Hooks {
  const { store } = gateway.office;
  const { exchange } = gateway;
  const watch = (act: () => void): (() => void) =>
    exchange.watchAll === undefined ? exchange.watch(act) : exchange.watchAll(act);
  return startHooks({ store, watch, ...webhooks, clock, chance, log });
}

function openLookups({ gateway, lookups: policy, clock, log }: ServiceParts): LookupDesk {
  const { agency, store } = gateway.office;
  return makeLookupDesk({ agency, store, clock, log, policy, link: () => gateway.exchange.status() });
} // prettier-ignore

function openDirectory({ gateway, clock, log }: ServiceParts): DirectoryDesk {
  const { exchange, office } = gateway;
  const { agency, store } = office;
  const submit = (submission: unknown, key: string): Promise<unknown> => exchange.submit(submission, key); // prettier-ignore
  return makeDirectoryDesk({ agency, store, clock, log, submit, register: () => gateway.register() }); // prettier-ignore
}

/** Answers checks, where the operator says so. */
function openQueries({ gateway, queries: policy, clock, chance, log }: ServiceParts, lookups: LookupDesk, audit: AuditRecord): { stop(): void } | undefined {
  if (policy?.automatic !== true) return undefined;
  const { exchange, office: { agency, store } } = gateway;
  const note = (line: { readonly object: string; readonly count: number }): void =>
    audit.add({ who: "gateway", act: "QUERY_ANSWERED", ...line });
  return startQueryAnswerer({ agency, store, exchange, lookups, policy, note, clock, chance, log });
} // prettier-ignore

function openAttachments({ gateway, dir, attachments: policy }: ServiceParts): AttachmentService {
  const { office, exchange } = gateway;
  return startAttachments({
    office,
    dir,
    way: () => exchange.hub(),
    watch: (listener) => exchange.watch(listener),
    policy,
  });
}

/** Looks so often for what waited too long. */
const releaseTickMs = 10_000;

/** What waits for a second officer, and what ends it. */
function openReleases(
  { gateway, clock, log }: ServiceParts,
  audit: Pick<AuditRecord, "add">,
): {
  readonly desk: ReleaseDesk;
  stop(): void;
} {
  const { office, exchange } = gateway;
  const desk = makeReleaseDesk({ office, exchange, note: (line) => audit.add(line) });
  const end = async (): Promise<void> => {
    try {
      await desk.expire();
    } catch (error) {
      log.error("what waited too long was not ended", { code: toFault(error, "INTERNAL").code });
    }
  };
  const timer = clock.every(releaseTickMs, () => void end());
  return { desk, stop: () => timer.stop() };
}

/** Drafts, exports and numbers, and the index that finds what was stored before. */
function openWriting(
  parts: ServiceParts,
  releases: ReleaseDesk,
): {
  readonly services: Pick<
    Services,
    "directory" | "drafts" | "mla" | "exports" | "metrics" | "traces"
  >;
  stop(): void;
} {
  const { gateway, dir, clock, chance } = parts;
  const { exchange, office } = gateway;
  const { agency, store } = office;
  const drafts = makeDraftDesk({ store, exchange, clock });
  const isKnown = (name: string): boolean => gateway.register().agency(name) !== undefined;
  const onward = makeOnwardDesk(office);
  const exports = makeExportDesk({ ...office, exchange, onward, isKnown, clock, chance });
  const directory = openDirectory(parts);
  const mla = makeMlaDesk({ agency, store, clock, register: () => gateway.register() });
  const metrics = openMetrics({ gateway, releases, directory, dir, clock });
  const traces = openTraces(parts);
  const rest = startIndexRest(office);
  const stop = (): void => {
    directory.stop();
    metrics.stop();
    traces?.stop();
    rest.stop();
  };
  return { services: { directory, drafts, exports, metrics, mla, traces }, stop };
}

/** Backups end after so many days, and with them what was erased since. */
const backupDays = 90;

/** What is taken back, kept and erased. */
function openRecalls(
  { gateway, dir, clock, chance, log }: ServiceParts,
  audit: Pick<AuditRecord, "add">,
): { readonly desk: RecallDesk; stop(): Promise<void> } {
  const { office, exchange, recall } = gateway;
  const { agency, store, signer } = office;
  const parts: RecallParts = {
    agency,
    store,
    signer,
    exchange,
    ...recall,
    register: () => gateway.register(),
    terms: () => registerTerms(gateway.register()),
    dir,
    backupDays,
    changed: (messages) => office.changed(messages),
    record: (act, object, outcome) => audit.add({ who: "gateway", act, object, outcome }),
    clock,
    chance,
    log,
  };
  const recalling = startRecalls(parts);
  return { desk: makeRecallDesk(parts), stop: () => recalling.stop() };
}

/** Looks at this gateway from within. */
function openDoctor({ gateway, dir, clock }: ServiceParts): DoctorDesk {
  return makeDoctorDesk({ agency: gateway.agency, dir, probes: makeSystemProbes(clock), clock });
}

/** What a seat of oversight sees; nothing where this is none. */
function openOversight({ gateway, clock }: ServiceParts): OversightDesk | undefined {
  const { agency, office, recall } = gateway;
  if (!gateway.log.isCounted) return undefined;
  const register = (): ReturnType<typeof gateway.register> => gateway.register();
  return makeOversightDesk({
    agency,
    store: office.store,
    clock,
    hub: () => recall.hub(),
    register,
  });
}

/** Builds everything the API uses beside the exchange. */
export function makeServices(parts: ServiceParts): OpenServices {
  const { gateway, dir, clock } = parts;
  const { store } = gateway.office;
  const audit = openAuditRecord(gateway.office, makeActLines({ ...parts, store }));
  void noteReleaseRule({ ...parts, store, audit });
  const lines = openStoreLines({ ...parts, record: audit, store });
  const alarms = recordLogAlarms({
    record: audit,
    store,
    bell: gateway.proofs.bell,
    log: parts.log,
  });
  const people = openPeople({ ...parts, store, audit, choice: parts.people });
  const attachments = openAttachments(parts);
  const { carried: files } = attachments;
  const carry = makeCarryDesk({ office: gateway.office, parts: gateway.carry, files, dir });
  const backup = parts.backup === undefined ? undefined : openShelf(parts, parts.backup);
  const hooks = openHooks(parts);
  const lookups = openLookups(parts);
  const queries = openQueries(parts, lookups, audit);
  const releases = openReleases(parts, audit);
  const recalls = openRecalls(parts, audit);
  const writing = openWriting(parts, releases.desk);
  const inspections = openInspections({ ...parts, office: gateway.office, audit });
  const { drafts } = writing.services;
  const figures = drafts && openStatistics({ ...parts, drafts, choice: parts.statistics });
  const stop = async (): Promise<void> => {
    // what begins by itself ends before anything is waited for
    const counted = figures?.stop();
    lookups.stop();
    await counted;
    await attachments.stop();
    await recalls.stop();
    await inspections.stop();
    lines.stop();
    alarms.stop();
    audit.stop();
    writing.stop();
    releases.stop();
    queries?.stop();
    await hooks.stop();
    await carry.stop();
  };
  return {
    services: {
      attachments,
      audit,
      backup,
      carry,
      colleagues: makeColleagueDesk({ ...parts, store }),
      console: openConsole(),
      doctor: openDoctor(parts),
      hooks: hooks.desk,
      insight: makeInsightDesk({ store, register: () => gateway.register() }),
      inspections: inspections.desk,
      log: gateway.log,
      lookups,
      recalls: recalls.desk,
      releases: releases.desk,
      operations: makeOperationDesk({ ...gateway.office, clock }),
      statistics: figures?.desk,
      oversight: openOversight(parts),
      onward: makeOnwardDesk(gateway.office),
      evidence: makeEvidenceDesk({
        store,
        clock,
        register: () => gateway.register(),
        proveWitnessed: (line) => gateway.proofs.proveWitnessed(line),
      }),
      work: makeWorkDesk({
        ...gateway.office,
        clock,
        terms: () => registerTerms(gateway.register()),
        bars: (act) => findBars(act, { register: gateway.register(), now: clock.now() }),
      }),
      people: people.service,
      ...writing.services,
    },
    callers: people.callers,
    lines,
    stop,
  };
}
