import {
  leafHash,
  makeFrontier,
  makeNoteSigner,
  type NoteSigner,
  proveConsistency,
  proveInclusion,
  renderCheckpoint,
  renderNote,
  rootOf,
} from "../../certs/log/index.ts";
import type { AskHub } from "../../gateways/proofs/questions.ts";
import type { PlacedMessage } from "../../gateways/store/index.ts";
import {
  commitToMessage,
  encodeLogAnswer,
  encodeLogLeaf,
  isDirectChannel,
  leafChannel,
  type LogAnswer,
  type LogLeaf,
  makeLogSalt,
  parseLogLeaf,
  parseLogLeafQuestion,
  parseLogSizesQuestion,
} from "../../schemas/index.ts";
import { type Bytes, sha256, utf8 } from "../../schemas/ground/index.ts";
import { noteKey } from "./note-key.ts";

/** One log that a hub shows; a hub that lies has several, all under one key. */
export interface ShownLog {
  readonly leaves: Bytes[];
  /** The signed note of a size; of all of it when left out. */
  note(size?: number): Bytes;
  ask: AskHub;
  /** What it says that witnesses cosigned; nothing yet. */
  cosigned: Bytes | undefined;
  /** What was asked, such as `prove` and `consistency`. */
  readonly asked: string[];
}

/** An answer about one entry, or about two sizes. */
type Told = Omit<LogAnswer, "leaves">;

/** What a hub in memory does to its answers. */
export type Lie = (act: string, answer: Told) => Told | undefined;

export const logHubStart = Date.UTC(2026, 2, 9, 14);
export const honestSigner: NoteSigner = makeNoteSigner("atumpan/ecowas/hub", noteKey("ed25519"));

/** A message at a place of the hub, told apart by its number. */
export function placedMessage(sequence: number, change: Partial<PlacedMessage> = {}): PlacedMessage {
  const envelope = utf8(`envelope ${sequence}`);
  return {
    box: "out", originator: "ng/tcu", id: sha256(utf8(`id ${sequence}`)).subarray(0, 16), digest: sha256(envelope),
    channel: "ecowas.drugs.h1.alert.incident", salt: makeLogSalt(envelope), stream: "FEED_ECOWAS", instance: "i1", sequence,
    after: logHubStart, before: logHubStart + 60_000, ...change,
  };
} // prettier-ignore

/** The leaf of a message, as an honest hub makes it, or changed. */
export function leafOf(message: PlacedMessage, change: Partial<LogLeaf> = {}): Bytes {
  const { id, digest: envelopeDigest, channel, salt, stream, instance, sequence, originator } = message;
  const commitment = commitToMessage(salt, { id, envelopeDigest, channel });
  const base = { time: logHubStart + 1_000, stream, instance, sequence, commitment };
  const leaf: LogLeaf = isDirectChannel(channel)
    ? { ...base, kind: "DIRECT" }
    : { ...base, kind: "FEED", ...leafChannel(channel), origin: originator };
  return encodeLogLeaf({ ...leaf, ...change });
} // prettier-ignore

function hashesOf(leaves: readonly Bytes[]): Parameters<typeof rootOf>[1] {
  const held = new Map<string, Bytes>();
  const frontier = makeFrontier();
  for (const leaf of leaves) {
    for (const { level, index, hash } of frontier.append(leafHash(leaf))) held.set(`${level} ${index}`, hash);
  }
  return (positions) => positions.map(({ level, index }) => held.get(`${level} ${index}`)!);
} // prettier-ignore

function isAt(leaf: Bytes, at: { stream?: string | undefined; instance?: string | undefined; sequence?: number | undefined }): boolean {
  const { stream, instance, sequence } = parseLogLeaf(leaf);
  return stream === at.stream && instance === at.instance && sequence === at.sequence;
} // prettier-ignore

/** A log in memory that answers as a hub does; a lie changes what it answers, or swallows it. */
export function makeShownLog(leaves: readonly Bytes[], { signer = honestSigner, lie }: { signer?: NoteSigner; lie?: Lie } = {}): ShownLog {
  const shown = [...leaves];
  const asked: string[] = [];
  const note = (size = shown.length): Bytes => {
    const text = renderCheckpoint({ origin: signer.verifierKey.name, size, root: rootOf(size, hashesOf(shown)), extensions: [] });
    return renderNote({ text, signatures: [signer.sign(text)] });
  };
  const refuse: Told = { hashes: [], refused: "LOG_ENTRY_MISSING" };
  const prove = (question: Bytes): Told => {
    const { size = shown.length, ...at } = parseLogLeafQuestion(question);
    const index = at.index ?? shown.findIndex((leaf) => isAt(leaf, at));
    if (index < 0 || index >= size || size > shown.length) return refuse;
    return { checkpoint: note(), index, leaf: shown[index]!, hashes: [...proveInclusion(index, size, hashesOf(shown))] };
  };
  const grow = (question: Bytes): Told => {
    const { from, to } = parseLogSizesQuestion(question);
    return to > shown.length ? refuse : { checkpoint: note(), hashes: [...proveConsistency(from, to, hashesOf(shown))] };
  };
  const held: ShownLog = {
    leaves: shown, note, asked, cosigned: undefined,
    ask: (subject, question) => {
      const act = subject.slice("out.log.".length);
      asked.push(act);
      const cosigned = held.cosigned === undefined ? refuse : { checkpoint: held.cosigned, hashes: [] };
      const answer = act === "cosigned" ? cosigned : act === "prove" ? prove(question) : grow(question);
      const told = lie === undefined ? answer : lie(act, answer);
      return Promise.resolve(told && encodeLogAnswer({ leaves: [], ...told }));
    },
  };
  return held;
} // prettier-ignore
