import type { NoteSigner } from "../../certs/log/index.ts";
import {
  leafHash,
  makeCosigner,
  makeNoteSigner,
  nodeHash,
  proveInclusion,
  renderCheckpoint,
  renderNote,
  renderProof,
  renderVerifierKey,
  rootOf,
} from "../../certs/log/index.ts";
import {
  collectDocuments,
  type Evidence,
  type EvidenceTrust,
  trustRegister,
} from "../../certs/evidence/index.ts";
import { type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import {
  channelsOf,
  commitToMessage,
  decodeMessage,
  encodeLogLeaf,
  encodeReceipt,
  encodeSignedReceipt,
  leafChannel,
  limits,
  makeLogSalt,
  parseEnvelope,
  parseFraming,
} from "../../schemas/index.ts";
import type { Store } from "../../gateways/store/index.ts";
import { type Bytes, parseUuid, sha256 } from "../../schemas/ground/index.ts";
import { type Forged, forge, type Forgery } from "./forge.ts";
import { type GatewayWorld, makeGatewayWorld } from "./gateway-world.ts";
import { noteKey } from "./note-key.ts"; // prettier-ignore

/** When everything here happens. */
export const evidenceNow = 1_780_272_000_000;
const hub = "ecowas/hub";
const origin = `atumpan/${hub}`;

/** A region whose hub keeps a log, and what makes evidence of messages in it. */
export interface EvidenceWorld {
  readonly world: GatewayWorld;
  readonly register: Bytes;
  readonly view: RegisterView;
  readonly trust: EvidenceTrust;
  readonly logSigner: NoteSigner;
  make(forgery?: Forgery, asSeen?: RegisterView): Evidence & { readonly forged: Forged };
}

/** Direct mail as its reader opened it, which says inside when it ends. */
export function openedMail(expiresAt: number): Forgery {
  const place = { type: undefined, typeVersion: undefined, recs: [], crimes: [], mailboxes: ["a".repeat(26)] };
  const outside = { urgency: "NORMAL", action: undefined, createdAt: evidenceNow, expiresAt: evidenceNow + limits.maxLifetimeMs };
  return { envelope: { scope: "DIRECT", form: "SEALED", ...place, ...outside }, inner: { expiresAt } };
} // prettier-ignore

/** Leaves of a tree of seven, ours at the fourth place. */
function treeWith(leaf: Bytes): { readonly root: Bytes; readonly hashes: readonly Bytes[] } {
  const leaves = [0, 1, 2, 3, 4, 5, 6].map((i) => leafHash(i === 3 ? leaf : Uint8Array.of(i)));
  const hashOf = (start: number, end: number): Bytes => {
    if (end - start === 1) return leaves[start]!;
    let half = 1;
    while (half * 2 < end - start) half *= 2;
    return nodeHash(hashOf(start, start + half), hashOf(start + half, end));
  };
  const read = (positions: readonly { readonly level: number; readonly index: number }[]): Bytes[] =>
    positions.map(({ level, index }) => hashOf(index << level, (index + 1) << level));
  return { root: rootOf(7, read), hashes: proveInclusion(3, 7, read) };
} // prettier-ignore

/** Makes the region: two witnesses of two states, whose quorum is two, when they are asked for. */
export async function makeEvidenceWorld(): Promise<EvidenceWorld> {
  const world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now: evidenceNow });
  const logSigner = makeNoteSigner(origin, noteKey("ed25519"));
  const cosigners = ["w.ng.example", "w.gh.example"].map((name) => makeCosigner(name, noteKey("ed25519")));
  const from = evidenceNow - 86_400_000;
  const register = world.publish((parts) => ({
    ...parts,
    hubs: parts.hubs.map((one) => ({ ...one, log: { keys: [{ verifierKey: renderVerifierKey(logSigner.verifierKey), from }] } })),
    witnessing: {
      witnesses: cosigners.map(({ verifierKey }, i) => ({
        name: verifierKey.name,
        agency: i === 0 ? "ng/tcu" : "gh/tcu",
        keys: [{ verifierKey: renderVerifierKey(verifierKey), from }],
      })),
      quorum: 2,
    },
  }));
  const view = verifyRegister(register, world.anchors);
  const signer = world.agency("ng/tcu").signer;
  const hubSigner = world.agency(hub).signer;
  const make = (forgery: Forgery = {}, asSeen = view): Evidence & { readonly forged: Forged } => {
    const forged = forge(signer, { now: evidenceNow, ...forgery });
    const { publication, message } = parseFraming(forged.bytes);
    const { channel, id } = forged;
    const envelopeDigest = sha256(message.envelope);
    const salt = makeLogSalt(message.envelope);
    const isDirect = channel.startsWith("direct.");
    const place = { stream: isDirect ? "DIRECT" : "FEED_ECOWAS", instance: "feed-1", sequence: 7 };
    const time = (forgery.now ?? evidenceNow) + 1000;
    const commitment = commitToMessage(salt, { id, envelopeDigest, channel });
    const said = isDirect ? { kind: "DIRECT" } : { kind: "FEED", ...leafChannel(channel), origin: "ng/tcu" };
    const leaf = encodeLogLeaf({ time, ...place, commitment, ...said });
    const { root, hashes } = treeWith(leaf);
    const text = renderCheckpoint({ origin, size: 7, root, extensions: [] });
    const signatures = [logSigner.sign(text), ...cosigners.map((one) => one.cosign(text, time + 60_000))];
    const proof = renderProof({ index: 3, hashes, checkpoint: renderNote({ text, signatures }) });
    const { stream, instance, sequence: streamSequence } = place;
    const receipt = encodeReceipt({
      version: 1, issuer: hub, recipient: "ng/tcu", issuedAt: time,
      accepted: [{ messageId: id, envelopeDigest, channel, stream, instance, streamSequence, logIndex: 3 }],
      refused: [], held: [], heads: [], opened: [],
    });
    const signed = encodeSignedReceipt({ receipt, signature: hubSigner.sign("atumpan-receipt", receipt) });
    return {
      subject: { id, channel, envelopeDigest, salt },
      message: publication.message,
      ...collectDocuments(asSeen, publication.message),
      register: { epoch: asSeen.epoch, digest: asSeen.digest },
      leaf, proof, receipts: [signed], forged,
    };
  };
  return { world, register, view, trust: trustRegister(view), logSigner, make };
} // prettier-ignore

/** A log's signer that no register names. */
export function evidenceLog(): NoteSigner {
  return makeNoteSigner(origin, noteKey("ed25519"));
}

/** Keeps a proof of a stored message as a gateway keeps it once its hub proved it. */
export async function proveIn(
  store: Store,
  id: string,
  { log, now }: { readonly log: NoteSigner; readonly now: number },
): Promise<void> {
  const { box, originator, digest, raw, ...stored } = store.messages.find(parseUuid(id))!;
  const { envelope } = decodeMessage(raw);
  const [channel = ""] = channelsOf(parseEnvelope(envelope));
  const salt = makeLogSalt(envelope);
  const place = { stream: "FEED_ECOWAS", instance: "feed-1", sequence: 7 };
  const commitment = commitToMessage(salt, { id: stored.id, envelopeDigest: digest, channel });
  const kind = channel.startsWith("direct.") ? "DIRECT" : "FEED";
  const more = kind === "DIRECT" ? {} : { ...leafChannel(channel), origin: originator };
  const leaf = encodeLogLeaf({ kind, time: now, ...place, commitment, ...more });
  const { root, hashes } = treeWith(leaf);
  const text = renderCheckpoint({ origin, size: 7, root, extensions: [] });
  const note = renderNote({ text, signatures: [log.sign(text)] });
  const placed = { box, originator, id: stored.id, digest, channel, salt, ...place, after: 0, before: now };
  const entry = { origin, index: 3, leaf, leafTime: now, size: 7, root, hashes, at: now };
  await store.write(() => {
    store.logProofs.place(placed, now);
    const [line] = store.logProofs.of(box, digest);
    store.logProofs.prove(line!.seq, place.instance, entry);
    store.logHeads.keepNote({ origin, size: 7, root, note });
  });
} // prettier-ignore
