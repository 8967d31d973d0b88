import {
  leafHash,
  makeFrontier,
  makeNoteSigner,
  type NoteSigner,
  type ProofHashes,
  proveConsistency,
  renderCheckpoint,
  renderNote,
  rootOf,
  type VerifierKey,
} from "../../certs/log/index.ts";
import { type Bytes, utf8 } from "../../schemas/ground/index.ts";
import { noteKey } from "./note-key.ts";

/** A log in memory, which says of itself whatever it is asked for. */
export interface TestLog {
  readonly signer: NoteSigner;
  readonly key: VerifierKey;
  /** The signed note of one of its sizes. */
  checkpoint(size: number): Bytes;
  prove(oldSize: number, size: number): ProofHashes;
}

/** How one log differs from another: who signs, and from which leaf on it tells another story. */
interface Split {
  readonly signer: NoteSigner;
  readonly from: number;
}

/** Makes a log of so many leaves; with a split, one that begins as every other and then lies. */
export function makeTestLog(origin: string, leaves: number, split?: Split): TestLog {
  const { signer = makeNoteSigner(origin, noteKey("ed25519")), from = leaves } = split ?? {};
  const held = new Map<string, Bytes>();
  const frontier = makeFrontier();
  for (let i = 0; i < leaves; i += 1) {
    const leaf = leafHash(utf8(i < from ? `leaf ${i}` : `another ${i}`));
    for (const { level, index, hash } of frontier.append(leaf)) held.set(`${level} ${index}`, hash);
  }
  const readHashes: Parameters<typeof rootOf>[1] = (positions) =>
    positions.map(({ level, index }) => held.get(`${level} ${index}`)!);
  return {
    signer,
    key: signer.verifierKey,
    checkpoint: (size) => {
      const root = rootOf(size, readHashes);
      const text = renderCheckpoint({ origin, size, root, extensions: [] });
      return renderNote({ text, signatures: [signer.sign(text)] });
    },
    prove: (oldSize, size) => proveConsistency(oldSize, size, readHashes),
  };
}
