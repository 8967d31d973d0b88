import { type Bytes, type Clock, Fault, utf8 } from "../../schemas/ground/index.ts";
import {
  type Cosigner,
  type Note,
  parseCheckpoint,
  type VerifierKey,
  verifyNote,
} from "../log/index.ts";
import { renderCosignatures } from "./cosignatures.ts";
import { judgeAddCheckpoint, type Lie } from "./judge.ts";

/** What a witness cosigned last, on a disk. */
export interface WitnessStore {
  /** The note that was cosigned last of a log. @throws {Fault} INTEGRITY_STORE */
  lastOf(origin: string): Note | undefined;
  /**
   * Writes down that this note is cosigned now; it is on the disk, whole, when this returns.
   *
   * @throws {Fault} INTEGRITY_STORE when that is not certain
   */
  save(origin: string, note: Note): void;
}

/** What a witness is made of. */
export interface WitnessOptions {
  readonly store: WitnessStore;
  readonly cosigners: readonly Cosigner[];
  /** Keys of a log; none: it is not known. */
  readonly keysOf: (origin: string) => readonly VerifierKey[];
  readonly clock: Pick<Clock, "now">;
  /** Told of a log that contradicts itself, with what it signed before. */
  readonly onLie: (lie: Lie, before: Note) => void;
}

/** An answer as it goes over HTTP. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly type: "text/plain; charset=utf-8" | "text/x.tlog.size";
  readonly body: Bytes;
}

/** A witness. */
export interface LogWitness {
  readonly keys: readonly VerifierKey[];
  /** The size that was cosigned last; 0 before the first. */
  sizeOf(origin: string): number;
  /** Whether this is the very text that was cosigned last of that log. */
  isLast(origin: string, text: string): boolean;
  /**
   * Answers a request to cosign (C2SP tlog-witness, `add-checkpoint`). What it cosigns is written down before.
   *
   * @throws {Fault} INTEGRITY_STORE, KEY_UNUSABLE: then nothing was cosigned
   */
  add(request: Bytes): WitnessAnswer;
}

const text = "text/plain; charset=utf-8" as const;

/** Of a note only what its log signed is kept: what others hung under it is theirs. */
function ownLines(note: Note, keys: readonly VerifierKey[]): Note {
  const signatures = note.signatures.filter(
    (line) => keys.some(({ name }) => name === line.name) && verifyNote({ ...note, signatures: [line] }, keys).length > 0,
  );
  return { text: note.text, signatures };
} // prettier-ignore

/** Makes a witness. Judging, writing down and signing are one step: nothing else is done in between. */
export function makeWitness(options: WitnessOptions): LogWitness {
  const { store, cosigners, keysOf, clock, onLie } = options;
  if (cosigners.length === 0) throw new Fault("KEY_UNUSABLE", "a witness has a key");
  const lastOf = (origin: string): ReturnType<typeof parseCheckpoint> | undefined => {
    const note = store.lastOf(origin);
    return note === undefined ? undefined : parseCheckpoint(note.text);
  };

  const cosign = (origin: string, note: Note): Bytes => {
    const before = store.lastOf(origin);
    if (before?.text !== note.text) store.save(origin, ownLines(note, keysOf(origin)));
    const at = clock.now();
    return renderCosignatures(cosigners.map((one) => one.cosign(note.text, at)));
  };

  return {
    keys: cosigners.map(({ verifierKey }) => verifierKey),
    sizeOf: (origin) => lastOf(origin)?.size ?? 0,
    isLast: (origin, said) => store.lastOf(origin)?.text === said,
    add: (request) => {
      const verdict = judgeAddCheckpoint(request, { lastOf, keysOf });
      if (verdict.status === 200) {
        const body = cosign(verdict.checkpoint.origin, verdict.note);
        return { status: 200, type: text, body };
      }
      const { lie, says } = verdict;
      const before = lie === undefined ? undefined : store.lastOf(lie.origin);
      if (lie !== undefined && before !== undefined) onLie(lie, before);
      if (verdict.status === 409) {
        return { status: 409, type: "text/x.tlog.size", body: utf8(`${verdict.size}\n`) };
      }
      return { status: verdict.status, type: text, body: utf8(`${says}\n`) };
    },
  };
}
