import {
  channelsOf,
  decodeMessage,
  isDirectChannel,
  isKnownType,
  parseEnvelope,
  renderDirectChannel,
} from "../../schemas/index.ts";
import {
  type EpochMs,
  type FaultCode,
  isFault,
  renderUuid,
  toFault,
} from "../../schemas/ground/index.ts";
import { mailboxOf, parseSignature } from "../../certs/trust/index.ts";
import type { CameKey, CheckedMessage, RevokedSigner } from "../store/index.ts";
import { type AskAdmission, findClaimAdmittedAt } from "./admitted.ts";
import { dropKeys, takeKeys, type TakenMessage } from "./keys/take-keys.ts";
import { judgeWaiting } from "./keys/wait.ts";
import { findReadingHub, type SenderChannel } from "./hubs.ts";
import type { Office } from "./office.ts";
import type { Arrival } from "./quarantine.ts";
import { findRevokedSigners } from "./revoked-signers.ts";
import type { Claim } from "./verify/outside.ts";

/** What checking again needs beside the office. */
export interface RecheckDuties {
  /** Asks the hub when it took a message. */
  readonly ask: AskAdmission;
  /** Puts a batch in its place, as for publications that come from the hub. */
  take(arrivals: readonly Arrival[]): Promise<void>;
}

/** Checks again what was taken in before a revocation was known. */
export interface Recheck {
  /**
   * Looks whether there is anything to check; cheap when there is not. Resolves when all of it is on the disk, or when it
   * failed: that is written down, and the next look goes on.
   */
  look(): Promise<void>;
}

/** What a message is now: good as before, refused, or nobody said when the hub took it. */
type Verdict = "VERIFIED" | "CERT_REVOKED" | "ADMISSION_AWAITED";

interface Judged {
  readonly message: CheckedMessage;
  readonly verdict: Verdict;
}

/**
 * What we stored so long before the revocation stays without a question: it was there. Our clock told that time, and may
 * differ from the list's by more than clocks ought to.
 */
const marginMs = 10 * 60_000;
/** Messages in one write; after it others have their turn. */
const pageSize = 32;

/** The register's word on a signature's certificate, as the messages of it were checked against. */
function sinceOf({ store }: Office, { originator, raw }: CheckedMessage): EpochMs | undefined {
  const all = decodeMessage(raw).signatures.flatMap((signature) => {
    const since = store.rechecks.since(originator, parseSignature(signature).thumbprint);
    return since === undefined ? [] : [since];
  });
  return all.length === 0 ? undefined : Math.min(...all);
}

/** The channels on which a message may have come to us, each as the hub is asked about it. */
function claimsOf(office: Office, { raw, digest }: CheckedMessage): readonly Claim[] {
  const envelope = parseEnvelope(decodeMessage(raw).envelope);
  const { mailboxKeys } = office.register();
  const own = mailboxKeys.map((key) => renderDirectChannel(mailboxOf(key, office.agency)));
  return channelsOf(envelope)
    .filter((channel) => !isDirectChannel(channel) || own.includes(channel))
    .map((channel) => ({ envelope, envelopeDigest: digest, channel }));
}

/** A message that the hub took into one channel before the revocation was there before it. */
async function judge(
  office: Office,
  message: CheckedMessage,
  { since, ask }: { readonly since: EpochMs; readonly ask: AskAdmission },
): Promise<Verdict> {
  let verdict: Verdict = "CERT_REVOKED";
  for (const claim of claimsOf(office, message)) {
    try {
      const admittedAt = await findClaimAdmittedAt(office, claim, ask);
      if (admittedAt !== undefined && admittedAt < since) return "VERIFIED";
    } catch (error) {
      if (!isFault(error, "ADMISSION_AWAITED")) throw error;
      verdict = "ADMISSION_AWAITED";
    }
  }
  return verdict;
}

function takenOf({ seq: message, originator, type, parts }: CheckedMessage): TakenMessage[] {
  return isKnownType(type) ? [{ message, originator, type, parts }] : [];
}

/** Out of the inbox; what it brought goes with it. Runs inside a write. */
function takeBack(office: Office, { message, verdict }: Judged): readonly number[] {
  const { store, log } = office;
  const { seq, originator, id } = message;
  // taken away or judged otherwise while the hub was asked
  if (store.messages.summary(seq)?.state !== "VERIFIED") return [];
  store.messages.setState(seq, "QUARANTINED", verdict);
  for (const taken of takenOf(message)) dropKeys(office, taken);
  const fields = { code: verdict, agency: originator, messageId: renderUuid(id) };
  log.warn("taken back from the inbox", fields);
  return [seq];
}

interface Settled {
  readonly moved: readonly number[];
  readonly came: readonly CameKey[];
}

const unmoved: Settled = { moved: [], came: [] };

/** Refused for good. Runs inside a write. */
function refuse({ store, log }: Office, { seq, originator, id }: CheckedMessage, code: FaultCode): Settled {
  store.messages.setState(seq, "QUARANTINED", code);
  log.warn("stays taken back", { code, agency: originator, messageId: renderUuid(id) });
  return { moved: [seq], came: [] };
} // prettier-ignore

/** Back into the inbox, with what it brought; or refused for good. Runs inside a write. */
function settleAwaited(office: Office, { message, verdict }: Judged): Settled {
  const { store, log } = office;
  const { seq, originator, id } = message;
  const held = store.messages.summary(seq);
  const isAwaited = held?.state === "QUARANTINED" && held.code === "ADMISSION_AWAITED";
  if (!isAwaited || verdict === "ADMISSION_AWAITED") return unmoved;
  if (verdict === "CERT_REVOKED") return refuse(office, message, verdict);
  // its sender used the id for another message meanwhile, and that one was proved
  if (store.messages.known("in", originator, id) !== undefined) {
    return refuse(office, message, "ENVELOPE_ID_REUSED");
  }
  store.messages.setState(seq, "VERIFIED");
  log.info("given back to the inbox", { agency: originator, messageId: renderUuid(id) });
  return { moved: [seq], came: takenOf(message).flatMap((taken) => takeKeys(office, taken)) };
}

/** How hubs are asked in one round. */
interface Asking {
  readonly ask: AskAdmission;
  readonly isSilent: (of: SenderChannel) => boolean;
}

/** Asks no more in this round once nobody answered: a hub that is away costs one wait, not one for each message, and no other hub. */
function makeAsking(ask: AskAdmission, hubOf: (of: SenderChannel) => string): Asking {
  const silent = new Set<string>();
  return {
    isSilent: (of) => silent.has(hubOf(of)),
    ask: async (question, of) => {
      const hub = hubOf(of);
      const answer = silent.has(hub) ? undefined : await ask(question, of);
      if (answer === undefined) silent.add(hub);
      return answer;
    },
  };
}

/** Whether somebody is left who may say when the hub took it. */
function mayAsk(office: Office, message: CheckedMessage, { isSilent }: Asking): boolean {
  const { originator } = message;
  return claimsOf(office, message).some(({ channel }) => !isSilent({ originator, channel }));
}

async function noteSigners(office: Office): Promise<void> {
  const { store, clock } = office;
  const isNews = ({ agency, thumbprint, since }: RevokedSigner): boolean =>
    since < (store.rechecks.since(agency, thumbprint) ?? Number.POSITIVE_INFINITY);
  const found = findRevokedSigners(office.register(), clock.now(), isNews);
  if (found.length === 0) return;
  await store.write(() => {
    for (const signer of found) {
      store.rechecks.note(signer, { storedAt: signer.since - marginMs, seq: 0 });
    }
  });
}

/** One signer's messages, page by page; a stop in between goes on at the page after the last. */
async function checkSigner(
  office: Office,
  signer: ReturnType<Office["store"]["rechecks"]["open"]>[number],
  ask: AskAdmission,
): Promise<void> {
  const { store } = office;
  for (let { after } = signer; ;) {
    const page = store.rechecks.page(signer.agency, after, pageSize);
    const judged: Judged[] = [];
    for (const message of page) {
      const since = sinceOf(office, message);
      if (since === undefined) continue;
      judged.push({ message, verdict: await judge(office, message, { since, ask }) });
    }
    const last = page.at(-1);
    const moved = await store.write(() => {
      store.rechecks.reach(signer, last);
      return judged.filter(({ verdict }) => verdict !== "VERIFIED").flatMap((one) => takeBack(office, one));
    });
    office.changed(moved);
    if (last === undefined) return;
    after = last;
  }
} // prettier-ignore

/** What was taken back while nobody said when the hub took it. */
async function checkAwaited(
  office: Office,
  duties: RecheckDuties,
  asking: Asking,
): Promise<void> {
  const { store } = office;
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = store.rechecks.takenBack("ADMISSION_AWAITED", before, pageSize);
    const judged: Judged[] = [];
    for (const message of page) {
      if (!mayAsk(office, message, asking)) continue;
      const since = sinceOf(office, message) ?? 0;
      judged.push({ message, verdict: await judge(office, message, { since, ask: asking.ask }) });
    }
    const settled = await store.write(() => judged.map((one) => settleAwaited(office, one)));
    office.changed(settled.flatMap(({ moved }) => moved));
    await judgeWaiting(office, settled.flatMap(({ came }) => came), (lying) => duties.take(lying));
    const last = page.at(-1);
    if (last === undefined) return;
    before = last.seq;
  }
} // prettier-ignore

async function checkAll(office: Office, duties: RecheckDuties): Promise<void> {
  const { store } = office;
  await noteSigners(office);
  const asking = makeAsking(
    duties.ask,
    (of) => findReadingHub(office.register(), of, office.clock.now()) ?? "",
  );
  const awaited = store.rechecks.takenBack("ADMISSION_AWAITED", Number.MAX_SAFE_INTEGER, 1);
  for (const signer of store.rechecks.open()) await checkSigner(office, signer, asking.ask);
  if (awaited.length > 0) await checkAwaited(office, duties, asking);
}

/**
 * Builds what keeps the inbox true to revocations that become known late. When a register revokes a signing certificate, or
 * moves the moment back from which it counts, every message that it signed and that was stored about then or after is
 * checked again: what the hub took before stays, by its signed word; what it took after, or not at all, is taken back
 * into quarantine with the keys it brought, and so is what nobody answers for, until somebody does. What is under way
 * stands in the store, so that a stop in between loses nothing. One round at a time.
 */
export function makeRecheck(office: Office, duties: RecheckDuties): Recheck {
  let running: Promise<void> | undefined;
  let isAsked = false;
  const run = async (): Promise<void> => {
    try {
      while (isAsked) {
        isAsked = false;
        await checkAll(office, duties);
      }
    } catch (error) {
      office.log.error("not checked again", { code: toFault(error, "INTERNAL").code });
    } finally {
      running = undefined;
    }
  };
  return {
    look: async () => {
      isAsked = true;
      running ??= run();
      await running;
    },
  };
}
