import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import {
  checkQuorum,
  findNewTiles,
  leafHash,
  makeCosigner,
  makeFrontier,
  makeNoteSigner,
  makeTileHashReader,
  parseEntries,
  parseNote,
  parsePolicy,
  parseProof,
  parseVerifierKey,
  proveConsistency,
  proveInclusion,
  renderCheckpoint,
  renderNote,
  renderProof,
  renderTilePath,
  renderVerifierKey,
  rootOf,
  type Note,
  type TileReader,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
  verifyNote,
  verifyProof,
  makeQuorumPolicy,
} from "../../certs/log/index.ts";
import { makeWitness, renderAddCheckpoint } from "../../certs/witness/index.ts";
import { type Bytes, renderHex, utf8 } from "../../schemas/ground/index.ts";
import { codeOf } from "../kit/code-of.ts";
import { noteKey } from "../kit/note-key.ts";
import {
  type Answer,
  askReader,
  base64,
  buildLogReader,
  bytesOf,
  type Order,
} from "./log-reader.ts";

const reader = buildLogReader();
const folder = mkdtempSync(join(tmpdir(), "interop-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

const origin = "atumpan/ecowas/hub";
const entryOf = (i: number): Bytes => utf8(`entry ${i}`);
/** Three rows of tiles, each of them with a partial one. */
const size = 66_000;
const oldSize = 257;

function ask(...orders: readonly Order[]): readonly Answer[] {
  return askReader(reader ?? "", orders);
}

function readFrom(dir: string): TileReader {
  return (tiles) => tiles.map((tile) => readFileSync(join(dir, renderTilePath({ holds: "hashes", ...tile }))));
} // prettier-ignore

/** A log of ours as files. */
function writeOurs(): { readonly dir: string; readonly root: Bytes; readonly oldRoot: Bytes } {
  const dir = join(folder, "ours");
  const rows: Bytes[][] = [];
  const frontier = makeFrontier();
  let oldRoot = frontier.root();
  for (let i = 0; i < size; i += 1) {
    for (const { level, hash } of frontier.append(leafHash(entryOf(i)))) {
      if (level % 8 === 0) (rows[level / 8] ??= []).push(hash);
    }
    if (i + 1 === oldSize) oldRoot = frontier.root();
  }
  for (const tile of findNewTiles(0, size)) {
    const path = join(dir, renderTilePath({ holds: "hashes", ...tile }));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.concat(rows[tile.level]!.slice(tile.index * 256, tile.index * 256 + tile.width)));
  }
  return { dir, root: frontier.root(), oldRoot };
} // prettier-ignore

describe.runIf(reader !== undefined)("other people's readers of logs", () => {
  const { dir, root, oldRoot } =
    reader === undefined ? { dir: "", root: utf8(""), oldRoot: utf8("") } : writeOurs();
  const log = makeNoteSigner(origin, noteKey("ed25519"));
  const witnesses = [
    makeCosigner("w1.example/a", noteKey("ed25519")),
    makeCosigner("w2.example/b", noteKey("ml-dsa-44")),
  ];
  const text = reader === undefined ? "" : renderCheckpoint({ origin, size, root, extensions: [] });
  const at = Date.UTC(2026, 5, 1);
  const note =
    reader === undefined
      ? utf8("")
      : renderNote({
          text,
          signatures: [log.sign(text), ...witnesses.map((one) => one.cosign(text, at))],
        });
  const vkeys = [log, ...witnesses].map(({ verifierKey }) => renderVerifierKey(verifierKey));
  const readHashes = makeTileHashReader(size, readFrom(dir));

  it("read our notes, checkpoints and cosignatures of both algorithms, and refuse changed ones", () => {
    const changed = Buffer.from(note.toString().replace(`\n${size}\n`, `\n${size + 1}\n`));
    const [read, checkpoint, refused] = ask(
      { do: "note", note: base64(note), vkeys },
      { do: "checkpoint", note: base64(note), origin, vkeys },
      { do: "note", note: base64(changed), vkeys },
    );
    const ids = [log, ...witnesses].map(
      ({ verifierKey }) => `${verifierKey.name}+${renderHex(verifierKey.keyId)}`,
    );
    expect(read).toEqual({ text, verified: ids });
    expect(checkpoint).toMatchObject({ origin, size, root: base64(root), verified: ["", "", ""] });
    expect(refused?.error).toBeDefined();
  });

  it("take our tiles and make of them the proofs that we make", () => {
    const tree = { dir, size, root: base64(root) };
    const places = [0, 255, 256, 65_535, 65_536, size - 1];
    const answers = ask(
      ...places.map((index) => ({ do: "proveRecord", ...tree, index })),
      { do: "proveTree", ...tree, oldSize },
      { do: "proveRecord", ...tree, root: base64(oldRoot), index: 0 },
    );
    expect(answers.slice(0, places.length).map(({ hashes }) => hashes)).toEqual(
      places.map((index) => proveInclusion(index, size, readHashes).map(base64)),
    );
    expect(answers.at(-2)?.hashes).toEqual(proveConsistency(oldSize, size, readHashes).map(base64));
    expect(answers.at(-1)?.error).toBeDefined();
  });

  it("verify our proofs, and refuse them for other leaves, places and trees", () => {
    const index = 65_000;
    const hashes = proveInclusion(index, size, readHashes).map(base64);
    const inclusion = {
      do: "checkRecord",
      size,
      root: base64(root),
      index,
      leaf: base64(leafHash(entryOf(index))),
      hashes,
    };
    const between = proveConsistency(oldSize, size, readHashes).map(base64);
    const consistency = {
      do: "checkTree",
      size,
      root: base64(root),
      oldSize,
      oldRoot: base64(oldRoot),
      hashes: between,
    };
    const answers = ask(
      inclusion,
      consistency,
      { ...inclusion, index: index + 1 },
      { ...inclusion, leaf: base64(root) },
      { ...consistency, oldRoot: base64(root) },
    );
    expect(answers.map(({ error }) => error === undefined)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("read our proof files", () => {
    const index = 300;
    const file = renderProof({
      extra: utf8("salt"),
      index,
      hashes: proveInclusion(index, size, readHashes),
      checkpoint: note,
    });
    const order = { do: "proof", file: base64(file), origin, vkeys };
    const [good, bad] = ask(
      { ...order, leaf: base64(leafHash(entryOf(index))) },
      { ...order, leaf: base64(root) },
    );
    expect(good).toMatchObject({ size, text: "salt", verified: ["", "", ""] });
    expect(bad?.error).toBeDefined();
  });

  it("read a checkpoint with the lines that our witness answered, and the request that asked for them", () => {
    const held = new Map<string, Note>();
    const store = { lastOf: (name: string) => held.get(name), save: (name: string, said: Note) => void held.set(name, said) };
    const witness = makeWitness({ store, cosigners: witnesses, keysOf: () => [log.verifierKey], clock: { now: () => at }, onLie: () => undefined });
    const signed = (of: string) => renderNote({ text: of, signatures: [log.sign(of)] });
    const oldText = renderCheckpoint({ origin, size: oldSize, root: oldRoot, extensions: [] });
    const proof = proveConsistency(oldSize, size, readHashes);
    const asked = [{ oldSize: 0, proof: [], checkpoint: signed(oldText) }, { oldSize, proof, checkpoint: signed(text) }];
    const answers = asked.map((one) => witness.add(renderAddCheckpoint(one)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    // as a client does: the answer is put under the checkpoint as it is
    const [read, checkpoint] = ask(
      { do: "note", note: base64(Buffer.concat([signed(text), answers[1]!.body])), vkeys },
      { do: "checkpoint", note: base64(Buffer.concat([signed(oldText), answers[0]!.body])), origin, vkeys },
    );
    expect(read?.verified).toHaveLength(3);
    expect(read?.others).toBeUndefined();
    expect(checkpoint).toMatchObject({ origin, size: oldSize, root: base64(oldRoot), verified: ["", "", ""] });
  }); // prettier-ignore

  it("judge by our rules about witnesses as we do", () => {
    const lines = witnesses.map(
      ({ verifierKey }, i) =>
        `witness w${i} ${renderVerifierKey(verifierKey)} https://w${i}.example/`,
    );
    const rules = ["all w0 w1", "any w0 w1", "2 w0 w1"].map((group) =>
      utf8(`${lines.join("\n")}\ngroup g ${group}\nquorum g\n`),
    );
    const one = renderNote({ text, signatures: [log.sign(text), witnesses[0]!.cosign(text, at)] });
    const cases = rules.flatMap((rule) => [note, one].map((signed) => ({ rule, signed })));
    const theirs = ask(
      ...cases.map(({ rule, signed }) => ({
        do: "policy",
        policy: base64(rule),
        note: base64(signed),
      })),
    );
    const ours = cases.map(
      ({ rule, signed }) => checkQuorum(parseNote(signed), parsePolicy(rule).policy).isMet,
    );
    expect(theirs.map(({ satisfied }) => satisfied ?? false)).toEqual(ours);
    expect(ours).toEqual([true, false, true, true, true, false]);
  });
});

describe.runIf(reader !== undefined)("we", () => {
  const dir = join(folder, "theirs");
  const index = 65_700;
  const [made = {}] = reader === undefined ? [] : ask({ do: "make", dir, size, index, origin });
  const keys = (made.vkeys ?? []).map(parseVerifierKey);
  const read = (path: string): Bytes => readFileSync(join(dir, path));
  const readHashes = makeTileHashReader(size, readFrom(dir));

  it("read their keys, checkpoints and cosignatures of both algorithms", () => {
    const { checkpoint, note } = verifyCheckpoint(read("checkpoint"), keys[0]!);
    expect(checkpoint).toMatchObject({ origin, size });
    expect(base64(checkpoint.root)).toBe(made.root);
    expect(verifyNote(note, keys).map(({ key }) => key.algorithm)).toEqual([1, 4, 6]);
    expect(keys.map(renderVerifierKey)).toEqual(made.vkeys);
    const changed = Buffer.from(Buffer.from(read("checkpoint")).toString().replace(`\n${size}\n`, `\n${size - 1}\n`));
    expect(codeOf(() => verifyCheckpoint(changed, keys[0]!))).toBe("LOG_NOTE_INVALID");
  });

  it("read their tiles and bundles: the root is theirs, and each entry is in its place", () => {
    expect(base64(rootOf(size, readHashes))).toBe(made.root);
    const entries = parseEntries(read("tile/entries/257.p/208"), 208);
    expect(entries).toHaveLength(208);
    const at = 257 * 256 + 207;
    const root = bytesOf(made.root);
    verifyInclusion({ index: at, size, leafHash: leafHash(entries[207]!), proof: proveInclusion(at, size, readHashes), root });
  });

  it("verify between their trees", () => {
    const [theirs] = ask({ do: "proveTree", dir, size, root: made.root, oldSize });
    const oldRoot = rootOf(oldSize, readHashes);
    const claim = { oldSize, oldRoot, newSize: size, newRoot: bytesOf(made.root), proof: (theirs?.hashes ?? []).map(bytesOf) };
    verifyConsistency(claim);
    expect(codeOf(() => verifyConsistency({ ...claim, oldSize: oldSize + 1 }))).toBe("LOG_PROOF_INVALID");
  });

  it("verify their proof files", () => {
    const proof = parseProof(bytesOf(made.file));
    expect(renderProof(proof)).toEqual(bytesOf(made.file));
    const witnesses = keys.slice(1).map((key) => ({ name: key.name, keys: [key] }));
    const question = { proof, leafHash: leafHash(entryOf(index)), keys: keys.slice(0, 1), policy: makeQuorumPolicy(witnesses, 2) };
    expect(verifyProof(question).quorum).toMatchObject({ isMet: true, missing: [] });
    expect(codeOf(() => verifyProof({ ...question, leafHash: leafHash(entryOf(index + 1)) }))).toBe("LOG_PROOF_INVALID");
  });
}); // prettier-ignore
