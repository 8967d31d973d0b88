import {
  bodyCodecs,
  decodeMessage,
  decodeParts,
  joinParts,
  parseEnvelope,
} from "../../../schemas/index.ts";
import {
  type Bytes,
  isFault,
  renderBase64url,
  renderUuid,
  toFault,
} from "../../../schemas/ground/index.ts";
import { audienceOf, lastUse, usableUntil } from "../../../certs/trust/index.ts";
import { deriveContentKey, readKeyName } from "../../crypto/index.ts";
import type { StoredAudienceKey, StoredMessage } from "../../store/index.ts";
import type { Office } from "../office.ts";
import { placeOf } from "../place.ts";
import { innerOf, keptByReference } from "../inherited.ts";
import { askedOf, renderAsked } from "./asked.ts";
import { planShare } from "./new-key.ts";
import {
  addKeyMessage,
  draftKeyMessage,
  type KeyMessagePlan,
  type MadeKeyMessage,
  makeKeyMessage,
} from "./system-message.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Requests answered in one go, and looked at: those that wait for a register keep no others waiting. */
const batch = 16;
const lookedAt = 256;

/** One key of ours that a reader may be given. */
interface Grant {
  /** Place of the message it opens. */
  readonly message: number;
  readonly id: Bytes;
  readonly crimes: readonly string[];
  readonly key: StoredAudienceKey;
  /** That message's own key. */
  readonly contentKey: Bytes;
}

/** Who may read messages of one header now; asked once for all messages of a request that have the same. */
type Audiences = Map<string, readonly string[]>;

/**
 * Whether a reader may read a message of ours by the register of now, and its own exclusions do not keep it from him. Only
 * of sealed feed messages.
 */
function mayRead(
  office: Office,
  { reader, audiences }: { readonly reader: string; readonly audiences: Audiences },
  { id, raw, parts = raw }: StoredMessage,
): boolean {
  const envelope = parseEnvelope(decodeMessage(raw).envelope);
  if (envelope.scope !== "FEED" || envelope.form !== "SEALED") return false;
  if (usableUntil(office.register(), envelope.handling) <= office.clock.now()) return false;
  const said = askedOf(envelope, innerOf(parts));
  if (said === undefined) return false;
  // what was said of it since counts as well: a person may have come to need protection
  const asked = { ...said, kept: keptByReference(office.store, [id]) };
  const name = renderAsked(asked);
  const header = { ...asked, originator: envelope.originator };
  const audience = audiences.get(name) ?? audienceOf(office.register(), header, office.clock.now());
  audiences.set(name, audience);
  return audience.includes(reader);
}

/** What a reader who asks for one message is given: nothing unless it is one of ours and he may read it. */
function findGrant(
  office: Office,
  asking: { readonly reader: string; readonly audiences: Audiences },
  id: Bytes,
): Grant | undefined {
  const { store, agency, clock } = office;
  const known = store.messages.known("out", agency, id);
  const stored = known === undefined ? undefined : store.messages.get(known.seq);
  if (stored?.parts === undefined || stored.expiresAt <= clock.now()) return undefined;
  if (store.keyWaits.wasGiven(asking.reader, stored.seq, clock.now() - dayMs)) return undefined;
  return mayRead(office, asking, stored) ? grantOf(office, stored) : undefined;
}

function grantOf({ store }: Office, { seq, raw, crimes }: StoredMessage): Grant | undefined {
  const { envelope, sealed } = decodeMessage(raw);
  const { originator, id, type = "" } = parseEnvelope(envelope);
  if (sealed === undefined) return undefined;
  const message = { originator, id, type };
  const key = store.audienceKeys.get(readKeyName({ ...message, sealed }));
  if (key === undefined) return undefined;
  return { message: seq, id, crimes, key, contentKey: deriveContentKey(key.key, message) };
}

/** What answers a request: shares of keys that are in use and are his already, and single keys for all else. */
function planAnswer(office: Office, reader: string, grants: readonly Grant[]): KeyMessagePlan[] {
  const now = office.clock.now();
  const { epoch } = office.register();
  const isHis = ({ key }: Grant): boolean => key.usableUntil > now && key.members.includes(reader);
  const shared = new Map(grants.filter(isHis).map((grant) => [grant.key.name, grant]));
  const shares = [...shared.values()].map(({ key, crimes }) =>
    planShare({ ...key, key }, reader, { crimes, epoch }),
  );
  const single = grants.filter((grant) => !isHis(grant));
  if (single.length === 0) return shares;
  const crimes = [...new Set(single.flatMap((grant) => grant.crimes))];
  const messageKeys = single.map(({ id, contentKey }) => ({
    messageId: renderUuid(id),
    key: renderBase64url(contentKey),
  }));
  return [...shares, { type: "key.message", recipient: reader, crimes, body: { messageKeys } }];
}

/** Refusals are counted and told to nobody: an answer would say that a message exists. */
function countRefused({ store }: Office, count: number): void {
  if (count === 0) return;
  const before = Number(store.settings.get("keysRefused") ?? 0);
  store.settings.set("keysRefused", String(before + count));
}

async function makeAnswers(office: Office, plans: readonly KeyMessagePlan[]): Promise<MadeKeyMessage[]> {
  const place = placeOf(office);
  const made: MadeKeyMessage[] = [];
  for (const plan of plans) {
    try {
      made.push(await makeKeyMessage(office, draftKeyMessage(plan, place), place));
    } catch (error) {
      const { code } = toFault(error, "INTERNAL");
      office.log.warn("keys could not be given", { agency: plan.recipient, code });
    }
  }
  return made;
} // prettier-ignore

interface Asking {
  /** Place of the request in the store. */
  readonly request: number;
  readonly reader: string;
  readonly messageIds: readonly Bytes[];
}

/**
 * A request that can be answered now; undefined while the reader judges by a newer register than we have: he may stand
 * in that one only. We are not made to wait longer than an hour for what may not exist.
 */
function readRequest(
  office: Office,
  request: number,
  sawEpoch: (epoch: number) => void,
): Asking | undefined {
  const { store, clock } = office;
  const stored = store.messages.get(request);
  const { originator: reader = "", parts = Buffer.alloc(0), storedAt = 0 } = stored ?? {};
  const { body } = joinParts(decodeParts(parts).parts);
  const { messageIds, registerEpoch } = bodyCodecs["key.request"].decode(body);
  if (registerEpoch > office.register().epoch && clock.now() < storedAt + hourMs) {
    sawEpoch(registerEpoch);
    return undefined;
  }
  return { request, reader, messageIds };
}

async function answerOne(
  office: Office,
  { request, reader, messageIds }: Asking,
): Promise<boolean> {
  const { store, clock, log } = office;
  const whose = { reader, audiences: new Map<string, readonly string[]>() };
  const grants = messageIds.flatMap((id) => findGrant(office, whose, id) ?? []);
  const made = await makeAnswers(office, planAnswer(office, reader, grants));
  const refused = messageIds.length - grants.length;
  if (refused > 0) log.info("keys were not given", { agency: reader, count: refused });
  await store.write(() => {
    for (const one of made) addKeyMessage(office, one);
    if (made.length > 0) {
      for (const { message } of grants) store.keyWaits.give(reader, message, clock.now());
    }
    countRefused(office, refused);
    store.keyWaits.removeRequest(request);
  });
  return made.length > 0;
}

/**
 * Answers what readers asked for: each gets the keys of the messages that he may read now, and of nothing else. A request
 * is done with once its answers are on the disk. Says whether there is something new to send.
 *
 * @param sawEpoch told of registers that readers judge by and we do not have
 */
export async function answerKeyRequests(
  office: Office,
  sawEpoch: (epoch: number) => void,
): Promise<boolean> {
  const { store, clock, log } = office;
  const requests = store.keyWaits.requests(lookedAt);
  if (requests.length === 0 || lastUse(office.register()) <= clock.now()) return false;
  const ready = requests.flatMap((request) => readRequest(office, request, sawEpoch) ?? []);
  let isNew = false;
  for (const asking of ready.slice(0, batch)) {
    try {
      isNew = (await answerOne(office, asking)) || isNew;
    } catch (error) {
      if (isFault(error, "STORE_WRITE_FAILED")) throw error;
      log.error("a request for keys was not answered", { code: toFault(error, "INTERNAL").code });
      await store.write(() => store.keyWaits.removeRequest(asking.request));
    }
  }
  return isNew;
}
