import {
  encodeBody,
  encodeEnvelope,
  encodeInnerHeader,
  encodeMessage,
  type Envelope,
  type InnerHeader,
  makeOuterHeader,
  makeParts,
  makeSealedWords,
  type MessageType,
  parseBody,
  parseInnerHeader,
  partsRoot,
  renderParts,
  typeOptions,
} from "../../schemas/index.ts";
import { copyKinds, type HeldMessage, readCopy } from "../../schemas/copies/index.ts";
import { exampleInstant, exampleOf } from "../../schemas/examples/index.ts";
import { makeSeededChance, makeUuid, parseUuid, sha256 } from "../../schemas/ground/index.ts";

export { copyKinds, readCopy };

const dayMs = 86_400_000;
const chance = makeSeededChance("held message");

/** What of a held message is to be otherwise than in its example. */
export interface HeldChange {
  readonly id?: string;
  readonly body?: unknown;
  readonly signatures?: readonly string[];
}

/** The one signature of a message that nobody proves. */
export const heldSignature = "a..b";

type Place =
  "scope" | "type" | "typeVersion" | "recs" | "crimes" | "mailboxes" | "form" | "urgency";

function makePlace(type: MessageType, crimes: readonly string[]): Pick<Envelope, Place> {
  const { scope = "", form = "", urgency = "" } = typeOptions(type) ?? {};
  const common = { scope, form, urgency };
  if (scope === "FEED") {
    return { ...common, type, typeVersion: 1, recs: ["ecowas"], crimes, mailboxes: [] };
  }
  return { ...common, recs: [], crimes: [], mailboxes: ["abcdefghijklmnopqrstuvwxyz"] };
}

/** A message as its reader holds it, with the content of its type's example; signed by nobody. */
export function makeHeld(type: MessageType, change: HeldChange = {}): HeldMessage {
  const { originator, handling, crimes, ...example } = exampleOf(type);
  const isFeed = typeOptions(type)?.scope === "FEED";
  const header = {
    ...makePlace(type, crimes),
    version: 1,
    id: change.id === undefined ? makeUuid(exampleInstant, chance) : parseUuid(change.id),
    originator,
    handling,
    releaseLevel: "REGIONAL",
    status: "ACTUAL",
    action: "NEW",
    languages: [],
    createdAt: exampleInstant,
    expiresAt: exampleInstant + dayMs,
  };
  const own = isFeed ? {} : { type, typeVersion: 1, crimes };
  const said = parseInnerHeader({ ...example.inner, ...own });
  const inner: InnerHeader = { ...said, ...makeSealedWords(header) };
  const body = encodeBody(type, parseBody(type, change.body ?? example.body));
  const parts = makeParts(encodeInnerHeader(inner), body, chance);
  const open = renderParts(parts);
  const envelope: Envelope = {
    ...makeOuterHeader(header),
    bodyRoot: partsRoot(parts),
    bodyDigest: sha256(open),
  };
  const { signatures = [heldSignature] } = change;
  const message = encodeMessage({ envelope: encodeEnvelope(envelope), signatures, open });
  return { message, parts: open };
}
