import { describe, expect, it } from "vitest";

import { noteKey } from "../../test/kit/note-key.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { type Bytes, utf8 } from "../../schemas/ground/index.ts";
import { renderCheckpoint } from "./checkpoint.ts";
import { makeFrontier } from "./frontier.ts";
import { leafHash } from "./node-hash.ts";
import { renderNote } from "./note.ts";
import { makeQuorumPolicy } from "./policy.ts";
import { type LogProof, parseProof, renderProof } from "./proof-file.ts";
import { verifyProof } from "./verify-proof.ts";
import { makeCosigner, makeNoteSigner } from "./signer.ts";
import { proveInclusion } from "./tree.ts";

const origin = "hub.example/log";
const log = makeNoteSigner(origin, noteKey("ed25519"));
const witness = makeCosigner("witness.example/w1", noteKey("ed25519"));
const absent = makeCosigner("witness.example/w2", noteKey("ed25519"));

const leaves = Array.from({ length: 11 }, (_, i) => leafHash(utf8(`entry ${i}`)));
const stored = new Map<string, Bytes>();
const frontier = makeFrontier();
for (const leaf of leaves) {
  for (const { level, index, hash } of frontier.append(leaf)) stored.set(`${level}/${index}`, hash);
}
const text = renderCheckpoint({ origin, size: 11, root: frontier.root(), extensions: [] });
const checkpoint = renderNote({
  text,
  signatures: [log.sign(text), witness.cosign(text, Date.UTC(2026, 5, 1))],
});
const hashes = proveInclusion(6, 11, (all) =>
  all.map(({ level, index }) => stored.get(`${level}/${index}`)!),
);
const proof: LogProof = { extra: utf8("salt"), index: 6, hashes, checkpoint };
const keys = [log.verifierKey];
const witnesses = [witness, absent].map(({ verifierKey }) => ({
  name: verifierKey.name,
  keys: [verifierKey],
}));
const question = { proof, leafHash: leaves[6]!, keys, policy: makeQuorumPolicy(witnesses, 1) };

describe("a proof file", () => {
  it("proves to whoever has no network that the leaf stands in the tree, and who witnessed it", () => {
    const read = parseProof(renderProof(proof));
    const { checkpoint: found, quorum } = verifyProof({ ...question, proof: read });
    expect(found).toMatchObject({ origin, size: 11 });
    expect(quorum).toEqual({ isMet: true, by: ["witness.example/w1"], missing: ["witness.example/w2"] });
  });

  it("without enough witnesses says so", () => {
    expect(verifyProof({ ...question, policy: makeQuorumPolicy(witnesses, 2) }).quorum.isMet).toBe(false);
  });

  it("comes back as it was written, without extra data and of one leaf too", () => {
    for (const one of [proof, { index: 0, hashes: [], checkpoint }]) {
      expect(renderProof(parseProof(renderProof(one)))).toEqual(renderProof(one));
    }
    expect(Buffer.from(renderProof(proof)).toString()).toMatch(/^c2sp.org\/tlog-proof@v1\nextra c2FsdA==\nindex 6\n/);
  });

  it("proves no other leaf or place, and nothing by a key that is not the log's", () => {
    const other = makeNoteSigner(origin, noteKey("ed25519")).verifierKey;
    expect(codeOf(() => verifyProof({ ...question, leafHash: leaves[5]! }))).toBe("LOG_PROOF_INVALID");
    expect(codeOf(() => verifyProof({ ...question, proof: { ...proof, index: 7 } }))).toBe("LOG_PROOF_INVALID");
    expect(codeOf(() => verifyProof({ ...question, proof: { ...proof, hashes: hashes.slice(1) } }))).toBe("LOG_PROOF_INVALID");
    expect(codeOf(() => verifyProof({ ...question, keys: [other] }))).toBe("LOG_CHECKPOINT_INVALID");
  });

  const good = Buffer.from(renderProof(proof)).toString();
  it.each([
    ["of another edition", good.replace("@v1", "@v2"), "LOG_PROOF_INVALID"],
    ["without an index", good.replace("index 6\n", ""), "LOG_PROOF_INVALID"],
    ["of an index with a zero before it", good.replace("index 6", "index 06"), "LOG_PROOF_INVALID"],
    ["of an index beyond 2^53-1", good.replace("index 6", "index 9007199254740992"), "LOG_PROOF_INVALID"],
    ["of two indices", good.replace("index 6", "index 6\nindex 6"), "LOG_PROOF_INVALID"],
    ["with extra data of nothing", good.replace("extra c2FsdA==", "extra "), "LOG_PROOF_INVALID"],
    ["with extra data in another base64", good.replace("c2FsdA==", "c2FsdA"), "LOG_PROOF_INVALID"],
    ["with a hash too short", good.replace("index 6\n", "index 6\nAAAA\n"), "LOG_PROOF_INVALID"],
    ["with 65 hashes", good.replace("index 6\n", `index 6\n${`${"A".repeat(43)}=\n`.repeat(65)}`), "LOG_PROOF_INVALID"],
    ["with a carriage return", good.replace("index 6\n", "index 6\r\n"), "LOG_PROOF_INVALID"],
    ["without a blank line", "c2sp.org/tlog-proof@v1\nindex 6\n", "LOG_PROOF_INVALID"],
    ["over all lengths", `${good}${"a".repeat(230_000)}`, "LOG_PROOF_INVALID"],
    ["without a checkpoint", good.slice(0, good.indexOf("\n\n") + 2), "LOG_NOTE_INVALID"],
    ["with a checkpoint that is none", good.replace("\n11\n", "\n011\n"), "LOG_CHECKPOINT_INVALID"],
    ["of nothing", "", "LOG_PROOF_INVALID"],
  ])("%s is refused", (_, changed, code) => {
    expect(changed).not.toBe(good);
    expect(codeOf(() => parseProof(utf8(changed)))).toBe(code);
  });

  it("that could not be read back is not written", () => {
    for (const change of [{ index: -1 }, { extra: Buffer.alloc(0) }, { extra: Buffer.alloc(65_537) }, { hashes: [utf8("a")] }, { hashes: Array.from({ length: 65 }, () => leaves[0]!) }]) {
      expect(codeOf(() => renderProof({ ...proof, ...change }))).toBe("LOG_PROOF_INVALID");
    }
    expect(codeOf(() => renderProof({ ...proof, checkpoint: utf8("a\n") }))).toBe("LOG_NOTE_INVALID");
  });
}); // prettier-ignore
