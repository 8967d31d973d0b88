import { readFileSync } from "node:fs";

import {
  bodyCodecs,
  bodyMessageName,
  decodeInnerHeader,
  decodeMessage,
  decodeParts,
  decodePublication,
  decodeSlip,
  isKnownType,
  joinParts,
  type JsonValue,
  type Message,
  parseEnvelope,
  renderJson,
  storedInMailbox,
} from "../schemas/index.ts";
import { parseUuid, renderUuid, silentLog } from "../schemas/ground/index.ts";
import { verifyRegister } from "../certs/trust/index.ts";
import { openLinks } from "./links.ts";
import { findHeldMessage, type HeldMessage } from "./nats/index.ts";
import { type BrokerOptions, hubFolderOf } from "./options.ts";
import { openOwnKeys } from "./own-keys.ts";
import { openHubKeys } from "./server-files.ts";

/** All that the hub holds of one publication, as far as it can be read here. */
export interface HubSight {
  readonly stream: string;
  readonly sequence: number;
  readonly subject: string;
  readonly slip: JsonValue;
  readonly envelope: JsonValue;
  /** Of an open body, what it says; of a sealed one, how much ciphertext there is and how it begins. */
  readonly body: JsonValue;
}

const shownChars = 64;

function showSealed(sealed: Uint8Array): JsonValue {
  const text = Buffer.from(sealed).toString("utf8");
  const at = text.indexOf('"ciphertext":"');
  const ciphertext = text.slice(at + '"ciphertext":"'.length, at + shownChars);
  return { sealed: `${sealed.length} bytes`, ciphertext: `${ciphertext}…` };
}

function showOpen(open: Uint8Array, type: string): JsonValue {
  const { innerHeader, body } = joinParts(decodeParts(open).parts);
  if (!isKnownType(type)) return { open: `${open.length} bytes of a type this hub does not know` };
  return {
    inner: renderJson("InnerHeader", decodeInnerHeader(innerHeader)),
    body: renderJson(bodyMessageName(type), bodyCodecs[type].decode(body)),
  };
}

function showBody({ open, sealed }: Message, type: string): JsonValue {
  return sealed === undefined ? showOpen(open ?? new Uint8Array(), type) : showSealed(sealed);
}

function show({ stream, sequence, subject, data }: HeldMessage): HubSight {
  const publication = decodePublication(data);
  const message = decodeMessage(publication.message);
  const envelope = parseEnvelope(message.envelope);
  return {
    stream,
    sequence,
    subject,
    slip: renderJson("Slip", decodeSlip(publication.slip)),
    envelope: renderJson("Envelope", envelope),
    body: showBody(message, envelope.type ?? ""),
  };
}

/**
 * Everything the hub's streams hold under a message's id: what whoever breaks into the hub would see of it.
 *
 * @throws {Fault} ID_INVALID, HUB_UNREACHABLE, HUB_LOGIN_REFUSED, REGISTER_*
 */
export async function showHeld(options: BrokerOptions, id: string): Promise<readonly HubSight[]> {
  const wanted = renderUuid(parseUuid(id));
  const register = verifyRegister(readFileSync(options.registerFile), options.anchors);
  const own = openOwnKeys({ ...options, log: silentLog }, () => register);
  const quiet = { ...options, log: silentLog, patienceMs: 2000 };
  const links = await openLinks(
    quiet,
    { keys: openHubKeys(hubFolderOf(options)), register: () => register, link: () => own.link() },
    { onUp: () => undefined, onDown: () => undefined, onRefused: () => undefined },
  );
  try {
    const places = [
      ...register.recs.map((rec) => [`FEED_${rec.toUpperCase()}`, `feed.*.*.*.*.*.*.*.${wanted}`]),
      ["DIRECT", storedInMailbox("direct.*", wanted)],
    ];
    const held: HubSight[] = [];
    for (const [stream = "", pattern = ""] of places) {
      const found = await findHeldMessage(links.control, stream, pattern);
      if (found !== undefined) held.push(show(found));
    }
    return held;
  } finally {
    await links.stop();
  }
}
