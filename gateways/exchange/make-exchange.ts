import { type Bytes, isFault, parseUuid, type Violation } from "../../schemas/ground/index.ts";
import { decide, previewAudience } from "../../certs/trust/index.ts";
import { listChanges } from "./changes.ts";
import { findWords, takeWords } from "../onward/index.ts";
import { listMessages } from "./list.ts";
import { checkCopy, copyOf } from "./copies.ts";
import type { Exchange, ExchangeStatus, Validation } from "./exchange.ts";
import type { Office } from "./office.ts";
import { noteOpened } from "./opened.ts";
import { showDetail, showSummary } from "./show.ts";
import { findClaimedAbove } from "../release/index.ts";
import { hubWayOf, type LinkView, waitingOf } from "./link-status.ts";
import { type ShownDraft, showPreview } from "./preview.ts";
import { findClockAhead, findClockFloor, registerUses } from "./staleness.ts";
import { makeRedraft } from "./redraft.ts";
import { stopMessage } from "./stop.ts";
import { submitBy } from "./submit.ts";
import { checkTranslation, translate } from "./translations.ts";
import { makeTurnstile } from "./turnstile.ts";
import type { Watchers } from "./watchers.ts";

/** What an exchange needs beside the office. */
export interface ExchangeDuties {
  readonly watchers: Watchers;
  /** Something was added to the outbox. */
  wake(): void;
  /** Undefined for an agency that has no hub. */
  link(): LinkView | undefined;
  /** Each hub by name; none when left out. */
  hubs?(): ExchangeStatus["hubs"];
  /** Undefined for an agency that has no hub. */
  log?(): ExchangeStatus["log"];
  /** Nothing when left out. */
  ends?(): ExchangeStatus["certificates"];
}

/** About ten milliseconds' work, and enough to share a commit. */
const submissionsATurn = 16;

function projectionOf(regional: ShownDraft | undefined): Pick<Validation, "projection"> {
  if (regional === undefined) return {};
  const { audience, body } = regional.message;
  return { projection: { audience, body, bytes: regional.bytes } };
}

async function validate(office: Office, submission: unknown): Promise<Validation> {
  try {
    const { message, bytes, twoOfficers, regional } = await showPreview(office, submission);
    const { audience } = message;
    const two = twoOfficers.length === 0 ? {} : { twoOfficers };
    return { valid: true, problems: [], bytes, audience, ...two, ...projectionOf(regional) };
  } catch (error) {
    if (!isFault(error)) throw error;
    const { code, detail, violations } = error;
    const whole: Violation = { path: "", code, message: detail };
    return {
      valid: false,
      problems: violations.length > 0 ? violations : [whole],
      bytes: 0,
      audience: [],
    };
  }
}

function storeStatus({ state, restored }: Office["store"]): Pick<ExchangeStatus, "disk" | "catchingUp"> {
  const disk = state();
  const mark = restored.mark();
  return {
    ...(disk === "OK" ? {} : { disk }),
    ...(mark === undefined || mark.state === "SYNCED" ? {} : { catchingUp: true }),
  };
} // prettier-ignore

function statusOf(office: Office, duties: ExchangeDuties): ExchangeStatus {
  const { store, agency } = office;
  const hub = hubWayOf(duties.link());
  const { lastContactAt } = hub;
  const register = office.register();
  const { epoch, expiresAt } = register;
  const floor = findClockFloor(office);
  const ahead = findClockAhead(office);
  const log = duties.log?.();
  return {
    agency,
    linkUp: hub.isUp,
    hub,
    hubs: duties.hubs?.() ?? [],
    ...(lastContactAt === undefined ? {} : { lastContactAt }),
    registerEpoch: epoch,
    registerExpiresAt: expiresAt,
    registerUse: registerUses(register, office.clock.now()),
    ...(floor === undefined ? {} : { clockBehind: floor }),
    ...(ahead === undefined ? {} : { clockAhead: ahead }),
    waiting: store.outbox.countWaiting(),
    queue: waitingOf(store, hub),
    inbox: store.messages.count("in", "VERIFIED"),
    quarantined: store.messages.count("in", "QUARANTINED"),
    sealingKeys: office.pins.counts(),
    ...storeStatus(store),
    ...(log === undefined ? {} : { log }),
    certificates: duties.ends?.() ?? [],
  };
}

/** What is no id is an id of nothing. */
function findBytes(id: string): Bytes | undefined {
  try {
    return parseUuid(id);
  } catch (error) {
    if (isFault(error, "ID_INVALID")) return undefined;
    throw error;
  }
}

/** Builds the exchange over an office. Everything it does works with no hub in reach. */
export function makeExchange(office: Office, duties: ExchangeDuties): Exchange {
  const { store } = office;
  const pass = makeTurnstile(submissionsATurn);
  return {
    agency: office.agency,
    submit: async (submission, key, ways) => {
      await pass();
      const submitted = await submitBy(office, submission, { ...ways, key });
      if (submitted.created) duties.wake();
      return submitted;
    },
    validate: (submission) => validate(office, submission),
    findAbove: (submission) => findClaimedAbove(submission, office.ceiling),
    stop: (id, also) => stopMessage(office, id, also),
    redraft: (id, by) => makeRedraft(office, id, by),
    list: (query) => listMessages(office, query),
    changes: (query) => listChanges(office, query),
    glance: (id) => {
      const bytes = findBytes(id);
      const stored = bytes === undefined ? undefined : store.messages.glance(bytes);
      return stored === undefined ? undefined : showSummary(stored);
    },
    find: (id) => {
      const bytes = findBytes(id);
      const stored = bytes === undefined ? undefined : store.messages.find(bytes);
      return stored === undefined ? undefined : showDetail(store, stored);
    },
    words: (id) => findWords(office, id),
    acceptWords: async (id, taken) => {
      const message = await store.write(() => takeWords(office, id, taken));
      office.changed([message]);
      return findWords(office, id);
    },
    original: (id) => {
      const stored = store.messages.find(parseUuid(id));
      return stored === undefined || stored.parts === undefined ? undefined : stored.raw;
    },
    opened: (id, who) => {
      const message = store.messages.find(parseUuid(id));
      if (message !== undefined) noteOpened(office, message.seq, who);
    },
    copy: (id, wish) => copyOf(office, id, wish),
    checkCopy: (bytes) => checkCopy(office, bytes),
    translate: (asked) => translate(office, asked),
    checkTranslation: (id) => checkTranslation(office, id),
    status: () => statusOf(office, duties),
    hub: () => hubWayOf(duties.link()),
    sealingKeys: (isAll) => office.pins.list(isAll),
    decideSealingKey: (word) => office.pins.decide(word),
    trySealingKey: (word) => office.pins.try(word),
    decision: (question) => decide(office.register(), question, office.clock.now()),
    readers: (header) => previewAudience(office.register(), header, office.clock.now()),
    watch: (listener) => duties.watchers.watch(listener),
    watchAll: (act) => duties.watchers.watchAll(act),
  };
}
