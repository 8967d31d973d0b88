import {
  addSignatures,
  checkQuorum,
  leafHash,
  makeCosigner,
  makeNoteSigner,
  makeQuorumPolicy,
  parseCheckpoint,
  findEntry,
  parseEntries,
  parseNote,
  parsePolicy,
  parseProof,
  parseTile,
  parseTilePath,
  parseVerifierKey,
  renderCheckpoint,
  renderEntries,
  renderNote,
  renderPolicy,
  renderProof,
  renderTilePath,
  renderVerifierKey,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
  verifyNote,
} from "../../../certs/log/index.ts";
import { parseBase64, renderBase64 } from "../../../certs/log/base64.ts";
import { parseCosignatureTime } from "../../../certs/log/signatures.ts";
import { type Bytes, renderHex, sameBytes, utf8 } from "../../../schemas/ground/index.ts";
import { noteKey } from "../../kit/note-key.ts";
import { fuzzNow } from "../ground.ts";
import { hold, holdSame } from "../promises.ts";
import { type Target, textTarget } from "../target.ts";

const origin = "atumpan/ecowas/hub";
const log = makeNoteSigner(origin, noteKey("ed25519"));
const witnesses = [
  makeCosigner("w1.example", noteKey("ed25519")),
  makeCosigner("w2.example", noteKey("ml-dsa-44")),
];
const text = renderCheckpoint({ origin, size: 1, root: leafHash(utf8("entry")), extensions: [] });
const lines = witnesses.map((one) => one.cosign(text, fuzzNow));
const note = { text, signatures: [log.sign(text), ...lines] };
const signed = renderNote(note);
const vkeys = [log, ...witnesses].map(({ verifierKey }) => verifierKey);
const known = vkeys.map(renderVerifierKey);
const policy = makeQuorumPolicy(witnesses.map(({ verifierKey }) => ({ name: verifierKey.name, keys: [verifierKey] })), 1); // prettier-ignore

/** Only what was signed is taken for signed. */
function holdSigned(input: Bytes): void {
  const read = parseNote(input);
  const verified = verifyNote(read, vkeys);
  hold(verified.length === 0 || read.text === text, "a changed note bears a good signature");
}

const noteTargets: readonly Target[] = [
  {
    name: "certs/parseNote",
    shape: "text",
    codes: ["LOG_"],
    seeds: [signed],
    material: [renderNote({ text: "a\n\nb\n", signatures: lines })],
    run: (input) => {
      const read = parseNote(input);
      hold(sameBytes(renderNote(read), input), "a note has two spellings");
      hold(addSignatures(read, []).signatures.length <= read.signatures.length, "lines were made");
      holdSigned(input);
      checkQuorum(read, policy);
      if (parseCheckpoint(read.text).origin === origin) verifyCheckpoint(input, ...vkeys);
    },
  },
  {
    name: "certs/parseCosignatureTime",
    shape: "bytes",
    codes: ["LOG_"],
    seeds: lines.map(({ signature }) => signature),
    run: (input) => {
      const seconds = parseCosignatureTime(input) ?? 0;
      hold(Number.isSafeInteger(seconds * 1000), "a time is no moment");
      if (lines.some(({ signature }) => sameBytes(signature, input))) return;
      for (const line of lines) {
        verifyNote({ text, signatures: [{ ...line, signature: input }] }, vkeys);
        hold(false, "a changed cosignature is good");
      }
    },
  },
];
const textTargets: readonly Target[] = [
  textTarget("certs/parseVerifierKey", known, (input) => {
    hold(renderVerifierKey(parseVerifierKey(input)) === input, "a key has two spellings");
  }),
  textTarget("certs/parseCheckpoint", [text, `${text}more\n`], (input) => {
    hold(renderCheckpoint(parseCheckpoint(input)) === input, "a checkpoint has two spellings");
  }),
  textTarget("certs/parseTilePath", ["tile/0/x001/x234/067", "tile/entries/000.p/17"], (input) => {
    hold(renderTilePath(parseTilePath(input)) === input, "a tile has two paths");
  }),
  textTarget("certs/log/parseBase64", ["", "AA==", "AAA=", "AAAA"], (input) => {
    const read = parseBase64(input);
    hold(read === undefined || renderBase64(read) === input, "bytes have two spellings");
  }),
];

const file = utf8(
  `# remark\nlog ${known[0] ?? ""} https://hub.example\nwitness a ${known[1] ?? ""}\nwitness b ${known[2] ?? ""}\ngroup g 2 a b\nquorum g\n`,
);
const hash = leafHash(utf8("sibling"));

const fileTargets: readonly Target[] = [
  {
    name: "certs/parsePolicy",
    shape: "text",
    codes: ["LOG_POLICY_INVALID"],
    seeds: [file, utf8("quorum none\n"), renderPolicy({ logs: [log.verifierKey], policy })],
    run: (input) => {
      const read = parsePolicy(input);
      const isPlain = [...read.policy.witnesses, ...read.policy.groups].every(({ name }) => !/[\s#]/.test(name));
      if (isPlain) holdSame(parsePolicy(renderPolicy(read)), read, "a rule does not come back");
    },
  },
  {
    name: "certs/parseProof",
    shape: "text",
    codes: ["LOG_"],
    seeds: [
      renderProof({ index: 0, hashes: [], checkpoint: signed }),
      renderProof({ extra: hash, index: 7, hashes: [hash, hash], checkpoint: signed }),
    ],
    run: (input) => {
      const read = parseProof(input);
      hold(sameBytes(renderProof(read), input), "a proof has two spellings");
      holdSigned(read.checkpoint);
    },
  },
  {
    name: "certs/parseEntries",
    shape: "bytes",
    codes: ["LOG_TILE_INVALID"],
    seeds: [renderEntries([hash, utf8("")]), renderEntries([utf8("a"), hash])],
    run: (input) => {
      const entries = parseEntries(input, 2);
      hold(sameBytes(renderEntries(entries), input), "a bundle has two spellings");
      hold(entries.every((entry, i) => sameBytes(findEntry(input, i), entry)), "an entry alone is another");
    },
  },
  {
    name: "certs/parseTile",
    shape: "bytes",
    codes: ["LOG_TILE_INVALID"],
    seeds: [Buffer.concat([hash, hash])],
    run: (input) => hold(sameBytes(Buffer.concat([...parseTile(input, 2)]), input), "a tile has two spellings"),
  },
]; // prettier-ignore

/** Numbers and hashes of a claim, drawn from the input: no proof of them holds, and each ends by a refusal. */
const claimTarget: Target = {
  name: "certs/verifyInclusion",
  shape: "bytes",
  codes: ["LOG_PROOF_INVALID"],
  seeds: [Buffer.alloc(0)],
  material: [Buffer.concat([Buffer.of(0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 7), hash, hash, hash])],
  run: (input) => {
    const padded = Buffer.concat([input, Buffer.alloc(32)]);
    const [index, size] = [padded.readUIntBE(0, 6), padded.readUIntBE(6, 6)];
    const proof = Array.from({ length: Math.floor(input.length / 32) }, (_, i) => padded.subarray(i * 32, i * 32 + 32));
    if (proof.length === 0) return;
    const claims = [
      () => verifyInclusion({ index, size, leafHash: hash, proof, root: hash }),
      () => verifyConsistency({ oldSize: Math.min(index, size), oldRoot: hash, newSize: size, newRoot: leafHash(hash), proof }),
    ];
    for (const claim of claims) {
      claim();
      hold(false, `a made proof holds: ${renderHex(input)}`);
    }
  },
}; // prettier-ignore

/** Readers of the transparency log: its files, its notes and what proves an entry. */
export const logTargets: readonly Target[] = [
  ...noteTargets,
  ...textTargets,
  ...fileTargets,
  claimTarget,
];
