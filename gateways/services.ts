import {
  type AttachmentPolicy,
  type AttachmentService,
  startAttachments,
} from "./attachments/index.ts";
import { openAuditRecord } from "./audit/index.ts";
import { makeShelf, type Shelf, type ShelfPlace } from "./backup/index.ts";
import { makeCarryDesk } from "./carry/index.ts";
import { startIndexRest } from "./exchange/index.ts";
import { makeDraftDesk } from "./drafts/index.ts";
import { makeExportDesk } from "./exports/index.ts";
import { type Hooks, startHooks } from "./hooks/index.ts";
import { type LookupDesk, type LookupPolicy, makeLookupDesk } from "./lookups/index.ts";
import { makeMetrics } from "./metrics/index.ts";
import type { Callers, PeopleChoice } from "./people/index.ts";
import { openPeople } from "./people-desk.ts";
import { standingTerms } from "../schemas/work/index.ts";
import type { Services } from "./api/index.ts";
import { openStoreLines, type StoreLines } from "./store-lines.ts";
import { makeWorkDesk } from "./work/index.ts";
import type { WebhookChoice } from "./webhook-choice.ts";
import type { Gateway } from "./gateway.ts";
import type { Chance, Clock, Log } from "../schemas/ground/index.ts";

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
  /** Which files of others are fetched unasked; those up to 128 KiB when left out. */
  readonly attachments?: AttachmentPolicy | undefined;
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
  const watch = (listener: () => void): (() => void) => gateway.exchange.watch(listener);
  return startHooks({ store, watch, ...webhooks, clock, chance, log });
}

function openLookups({ gateway, lookups: policy, clock, log }: ServiceParts): LookupDesk {
  const { agency, store } = gateway.office;
  return makeLookupDesk({ agency, store, clock, log, policy, link: () => gateway.exchange.status() });
} // prettier-ignore

function openAttachments({ gateway, dir, attachments: policy }: ServiceParts): AttachmentService {
  const { office, exchange } = gateway;
  const way = (): ReturnType<typeof exchange.status>["hub"] => exchange.status().hub;
  return startAttachments({
    office,
    dir,
    way,
    watch: (listener) => exchange.watch(listener),
    policy,
  });
}

/** Drafts, exports and numbers, and the index that finds what was stored before. */
function openWriting({ gateway, clock, chance }: ServiceParts): {
  readonly services: Pick<Services, "drafts" | "exports" | "metrics">;
  stop(): void;
} {
  const { exchange, office } = gateway;
  const { store } = office;
  const drafts = makeDraftDesk({ store, exchange, clock });
  const exports = makeExportDesk({ store, exchange, clock, chance });
  const metrics = makeMetrics({ exchange, clock });
  const rest = startIndexRest(office);
  const stop = (): void => {
    metrics.stop();
    rest.stop();
  };
  return { services: { drafts, exports, metrics }, stop };
}

/** Builds everything the API uses beside the exchange; each service is made by its own room. */
export function makeServices(parts: ServiceParts): OpenServices {
  const { gateway, dir, clock } = parts;
  const audit = openAuditRecord(gateway.office);
  const { store } = gateway.office;
  const lines = openStoreLines({ ...parts, record: audit, store });
  const people = openPeople({ ...parts, store, audit, choice: parts.people });
  const attachments = openAttachments(parts);
  const { carried: files } = attachments;
  const carry = makeCarryDesk({ office: gateway.office, parts: gateway.carry, files, dir });
  const backup = parts.backup === undefined ? undefined : openShelf(parts, parts.backup);
  const hooks = openHooks(parts);
  const lookups = openLookups(parts);
  const writing = openWriting(parts);
  const stop = async (): Promise<void> => {
    await attachments.stop();
    lines.stop();
    audit.stop();
    writing.stop();
    lookups.stop();
    await hooks.stop();
    await carry.stop();
  };
  return {
    services: {
      attachments,
      audit,
      backup,
      carry,
      hooks: hooks.desk,
      lookups,
      work: makeWorkDesk({ ...gateway.office, clock, terms: () => standingTerms }),
      people: people.service,
      ...writing.services,
    },
    callers: people.callers,
    lines,
    stop,
  };
}
