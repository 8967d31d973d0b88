import { describe, expect, it } from "vitest";

import { codeOf } from "../../test/kit/code-of.ts";
import { makeTestLog, type TestLog } from "../../test/kit/test-log.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import { type Bytes, Fault, sameBytes, utf8 } from "../../schemas/ground/index.ts";
import {
  makeCosigner,
  type Note,
  noteAlgorithms,
  parseNote,
  renderNote,
  renderVerifierKey,
} from "../log/index.ts";
import {
  findCosignatures,
  type Lie,
  type LogWitness,
  makeWitness,
  parseAddCheckpoint,
  parseCosignatures,
  renderAddCheckpoint,
  renderCosignatures,
  type WitnessStore,
} from "./index.ts";

const origin = "atumpan/au/hub-one";
const now = Date.UTC(2026, 10, 22, 9, 0, 7);
const cosigners = [
  makeCosigner("w.example/one", noteKey("ed25519")),
  makeCosigner("w.example/one", noteKey("ml-dsa-44")),
];

interface Seat {
  readonly witness: LogWitness;
  readonly held: Map<string, Note>;
  readonly lies: { readonly lie: Lie; readonly before: Note }[];
}

function makeSeat(log: TestLog, spoil: Partial<WitnessStore> = {}, held = new Map<string, Note>()): Seat {
  const lies: Seat["lies"] = [];
  const store: WitnessStore = {
    lastOf: (name) => held.get(name),
    save: (name, note) => void held.set(name, note),
    ...spoil,
  };
  const keysOf = (name: string) => (name === origin ? [log.key] : []);
  const onLie = (lie: Lie, before: Note): void => void lies.push({ lie, before });
  const witness = makeWitness({ store, cosigners, keysOf, clock: { now: () => now }, onLie });
  return { witness, held, lies };
} // prettier-ignore

function requestOf(log: TestLog, oldSize: number, size: number): Bytes {
  const proof = log.prove(oldSize, size);
  return renderAddCheckpoint({ oldSize, proof, checkpoint: log.checkpoint(size) });
}

const log = makeTestLog(origin, 40);
/** The same key, and another history from leaf 20 on. */
const fork = makeTestLog(origin, 40, { signer: log.signer, from: 20 });
const textOf = (body: Bytes): string => Buffer.from(body).toString();

describe("a witness", () => {
  it("cosigns what a log signed, with the time, with every key it has, and writes it down before", () => {
    const { witness, held } = makeSeat(log);
    const { status, body } = witness.add(requestOf(log, 0, 7));
    expect(status).toBe(200);
    const note = parseNote(log.checkpoint(7));
    const found = findCosignatures({ text: note.text, lines: parseCosignatures(body) }, witness.keys);
    expect(found.map(({ key, at }) => [key.algorithm, at])).toEqual([
      [noteAlgorithms.COSIGNATURE_ED25519, now],
      [noteAlgorithms.COSIGNATURE_ML_DSA_44, now],
    ]);
    expect(held.get(origin)).toEqual(note);
    expect(witness.sizeOf(origin)).toBe(7);
    expect(witness.sizeOf("another")).toBe(0);
  });

  it("goes on with a log by proof, and cosigns the same tree as often as it is asked", () => {
    const { witness } = makeSeat(log);
    for (const [from, to] of [[0, 1], [1, 9], [9, 9], [9, 40]] as const) {
      expect(witness.add(requestOf(log, from, to)).status).toBe(200);
    }
  }); // prettier-ignore

  const refused: readonly (readonly [rule: string, request: () => Bytes, status: number, body?: string])[] = [
    ["what is no request: 400", () => utf8("hello"), 400],
    ["a request without a checkpoint: 400", () => utf8("old 10\n\nhello\n"), 400],
    ["an old size beyond the new one: 400", () => renderAddCheckpoint({ oldSize: 12, proof: [], checkpoint: log.checkpoint(11) }), 400],
    ["a log that is not known: 404", () => requestOf(makeTestLog("atumpan/au/other", 12), 0, 12), 404],
    ["a checkpoint by another key: 403", () => requestOf(makeTestLog(origin, 12), 10, 12), 403],
    ["a checkpoint whose line does not fit: 403", () => {
      const { signatures } = parseNote(log.checkpoint(12));
      const { text } = parseNote(log.checkpoint(13));
      return renderAddCheckpoint({ oldSize: 10, proof: log.prove(10, 13), checkpoint: renderNote({ text, signatures }) });
    }, 403],
    ["an old size that is not the last: 409 and the last", () => requestOf(log, 9, 12), 409, "10\n"],
    ["a smaller tree: 409 and the last", () => requestOf(log, 3, 9), 409, "10\n"],
    ["the beginning anew: 409 and the last", () => requestOf(log, 0, 12), 409, "10\n"],
    ["a proof with a hash too few: 422", () => renderAddCheckpoint({ oldSize: 10, proof: log.prove(10, 12).slice(1), checkpoint: log.checkpoint(12) }), 422],
    ["a proof of another size: 422", () => renderAddCheckpoint({ oldSize: 10, proof: log.prove(9, 12), checkpoint: log.checkpoint(12) }), 422],
  ]; // prettier-ignore

  it.each(refused.map((row) => ({ rule: row[0], row })))("$rule", ({ row: [, make, status, body] }) => {
    const { witness, held, lies } = makeSeat(log);
    witness.add(requestOf(log, 0, 10));
    const before = held.get(origin);
    const answer = witness.add(make());
    expect(answer.status).toBe(status);
    expect(textOf(answer.body)).not.toContain("\u2014");
    if (body !== undefined) expect([answer.type, textOf(answer.body)]).toEqual(["text/x.tlog.size", body]);
    expect([held.get(origin), lies]).toEqual([before, []]);
  });

  it("a log that shows another tree of one size is not cosigned, and both notes are handed on", () => {
    const { witness, lies, held } = makeSeat(log);
    witness.add(requestOf(log, 0, 30));
    expect(witness.add(requestOf(fork, 30, 30)).status).toBe(409);
    expect(witness.add(requestOf(fork, 10, 30)).status).toBe(409);
    expect(lies.map(({ lie, before }) => [lie.note, before])).toEqual([
      [parseNote(fork.checkpoint(30)), parseNote(log.checkpoint(30))],
      [parseNote(fork.checkpoint(30)), parseNote(log.checkpoint(30))],
    ]);
    expect(held.get(origin)).toEqual(parseNote(log.checkpoint(30)));
  });

  it("a fork that grew is not proved: 422; up to where it parts from the log it is the log", () => {
    const { witness } = makeSeat(log);
    witness.add(requestOf(log, 0, 20));
    witness.add(requestOf(fork, 20, 20));
    expect(witness.add(requestOf(fork, 20, 24)).status).toBe(200);
    expect(witness.add(requestOf(log, 24, 40)).status).toBe(422);
    expect(witness.add(requestOf(fork, 24, 40)).status).toBe(200);
  });

  it("what others hung under a note is not kept, and does not hinder", () => {
    const { witness, held } = makeSeat(log);
    const { text, signatures } = parseNote(log.checkpoint(5));
    const stranger = makeCosigner("w.example/two", noteKey("ed25519")).cosign(text, now);
    const checkpoint = renderNote({ text, signatures: [...signatures, stranger] });
    expect(witness.add(renderAddCheckpoint({ oldSize: 0, proof: [], checkpoint })).status).toBe(200);
    expect(held.get(origin)?.signatures).toEqual(signatures);
  });

  it("what cannot be written down is not cosigned", () => {
    const save = (): never => {
      throw new Fault("INTEGRITY_STORE", "the disk is full");
    };
    const { witness } = makeSeat(log, { save });
    expect(codeOf(() => witness.add(requestOf(log, 0, 7)))).toBe("INTEGRITY_STORE");
  });

  it("killed anywhere between writing and answering, it never signs two trees that contradict", () => {
    for (const isWritten of [true, false]) {
      const held = new Map<string, Note>();
      const save = (name: string, note: Note): never => {
        if (isWritten) held.set(name, note);
        throw new Error("killed");
      };
      expect(() => makeSeat(log, { save }, held).witness.add(requestOf(log, 0, 30))).toThrow("killed");
      const { witness } = makeSeat(log, {}, held);
      const answers = [requestOf(fork, 0, 30), requestOf(fork, 30, 30), requestOf(log, 0, 30), requestOf(log, 30, 30)];
      const signed = answers.map((request) => witness.add(request).status === 200);
      // either the one history or the other, never both
      expect(signed).toEqual(isWritten ? [false, false, false, true] : [true, true, false, false]);
    }
  });
}); // prettier-ignore

describe("lines of cosignatures", () => {
  const text = "o\n1\nAAAA\n";
  const lines = cosigners.slice(0, 1).map((one) => one.cosign(text, now));

  it("are read as they were written", () => {
    expect(parseCosignatures(renderCosignatures(lines))).toEqual(lines);
  });

  it("with a text above, a blank line, or nothing at all are refused", () => {
    const good = textOf(renderCosignatures(lines));
    for (const bad of ["", "x\n", `\n${good}`, `x\n\n${good}`, good.slice(0, -1), `${good}\n`]) {
      expect(codeOf(() => parseCosignatures(utf8(bad)))).toBe("LOG_NOTE_INVALID");
    }
  });

  it("one that does not fit is passed over, and does not take others with it", () => {
    const [line] = lines;
    const spoilt = { ...line!, signature: Buffer.from(line!.signature).fill(1, 20, 24) };
    const keys = cosigners.map(({ verifierKey }) => verifierKey);
    const found = findCosignatures({ text, lines: [spoilt, line!] }, keys);
    expect(found.map(({ key }) => renderVerifierKey(key))).toEqual([renderVerifierKey(keys[0]!)]);
    expect(findCosignatures({ text: `${text}x\n`, lines }, keys)).toEqual([]);
  });
});

describe("a request", () => {
  const checkpoint = log.checkpoint(12);
  const hash = Buffer.alloc(32, 7).toString("base64");
  const rest = textOf(checkpoint);

  it("is read as it was written", () => {
    const request = { oldSize: 3, proof: log.prove(3, 12), checkpoint };
    const read = parseAddCheckpoint(renderAddCheckpoint(request));
    expect(read.oldSize).toBe(3);
    expect(sameBytes(Buffer.concat(read.proof), Buffer.concat(request.proof))).toBe(true);
    expect(sameBytes(read.checkpoint, checkpoint)).toBe(true);
  });

  it.each([
    ["a size with a leading zero", `old 03\n\n${rest}`],
    ["a size that numbers do not hold", `old 9007199254740993\n\n${rest}`],
    ["another first line", `new 3\n\n${rest}`],
    ["no empty line", "old 3\n"],
    ["64 hashes", `old 3\n${`${hash}\n`.repeat(64)}\n${rest}`],
    ["a hash of another length", `old 3\n${hash.slice(4)}\n\n${rest}`],
    ["a hash with stray bits", `old 3\n${hash.slice(0, 42)}/=\n\n${rest}`],
  ])("with %s is refused", (_, text) => {
    expect(codeOf(() => parseAddCheckpoint(utf8(text)))).toBe("LOG_PROOF_INVALID");
  });

  it("with 63 hashes is taken", () => {
    expect(parseAddCheckpoint(utf8(`old 3\n${`${hash}\n`.repeat(63)}\n${rest}`)).proof).toHaveLength(63);
  });
}); // prettier-ignore
