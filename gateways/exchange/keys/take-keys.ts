import {
  bodyCodecs,
  decodeParts,
  joinParts,
  type KeyMessage,
  type KeyShare,
  limits,
  type MessageType,
} from "../../../schemas/index.ts";
import type { Bytes } from "../../../schemas/ground/index.ts";
import type { CameKey } from "../../store/index.ts";
import type { Office } from "../office.ts";

/** A proven message that was just put into the inbox. */
export interface TakenMessage {
  /** Its place in the store. */
  readonly message: number;
  readonly originator: string;
  readonly type: MessageType;
  readonly parts: Bytes;
}

const dayMs = 86_400_000;
/**
 * How long a key is kept after it ended: what was sealed with it may have waited at its sender, at the hub or for us. What
 * comes later still is asked about.
 */
const slackMs = 30 * dayMs;

function bodyOf(parts: Bytes): Bytes {
  return joinParts(decodeParts(parts).parts).body;
}

function takeShare(
  { store, clock, log }: Office,
  originator: string,
  { keyUse, keyName: name, key, usableUntil }: KeyShare,
): readonly CameKey[] {
  if (keyUse !== "AUDIENCE") return [];
  const cameAt = clock.now();
  // a sender's word on time does not make us keep its keys for ever
  const keepUntil = Math.min(usableUntil, cameAt + 2 * limits.maxAudienceKeyMs) + slackMs;
  const isNew = store.heldKeys.hold({ originator, name, key, cameAt, keepUntil });
  if (!isNew) log.debug("a shared key is held already", { agency: originator });
  return isNew ? [{ originator, name }] : [];
}

/** Only what we wait for is kept: nobody fills our store with keys of messages that never came. */
function takeMessageKeys(
  { store, clock }: Office,
  originator: string,
  { messageKeys }: KeyMessage,
): readonly CameKey[] {
  const keepUntil = clock.now() + slackMs;
  return messageKeys.flatMap(({ messageId: id, key }) => {
    if (!store.keyWaits.isAwaited(originator, id)) return [];
    store.heldKeys.holdForMessage({ originator, id, key, keepUntil });
    return [{ originator, id }];
  });
}

/**
 * Keeps what a proven message says of keys: a share or single messages' keys of its sender's own, or a request, which is
 * answered soon. Says what came. Runs inside the write that stores the message.
 */
export function takeKeys(
  office: Office,
  { message, originator, type, parts }: TakenMessage,
): readonly CameKey[] {
  switch (type) {
    case "key.share":
      return takeShare(office, originator, bodyCodecs["key.share"].decode(bodyOf(parts)));
    case "key.message":
      return takeMessageKeys(office, originator, bodyCodecs["key.message"].decode(bodyOf(parts)));
    case "key.request":
      office.store.keyWaits.addRequest(message);
      return [];
    default:
      return [];
  }
}

/**
 * Forgets what a message said of keys that is believed no more: keys of its sender's that came with it, and its request.
 * Of keys that came otherwise none is touched. Runs inside the write that takes the message back.
 */
export function dropKeys(
  { store }: Office,
  { message, originator, type, parts }: TakenMessage,
): void {
  const { heldKeys, keyWaits } = store;
  if (type === "key.share") {
    const { keyName: name, key } = bodyCodecs["key.share"].decode(bodyOf(parts));
    heldKeys.drop({ originator, name, key });
  }
  if (type === "key.message") {
    const { messageKeys } = bodyCodecs["key.message"].decode(bodyOf(parts));
    for (const { messageId: id, key } of messageKeys)
      heldKeys.dropOfMessage({ originator, id, key });
  }
  if (type === "key.request") keyWaits.removeRequest(message);
}
