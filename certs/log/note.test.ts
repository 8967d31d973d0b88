import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";

import { noteKey } from "../../test/kit/note-key.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { type Bytes, utf8 } from "../../schemas/ground/index.ts";
import { leafHash } from "./node-hash.ts";
import { maxNoteBytes, type Note, parseNote, renderNote } from "./note.ts";
import { verifyNote } from "./signatures.ts";
import { addSignatures } from "./add-signatures.ts";
import { makeCosigner, makeNoteSigner } from "./signer.ts";
import {
  makeVerifierKey,
  parseVerifierKey,
  renderVerifierKey,
  type VerifierKey,
} from "./verifier-key.ts";
import { renderCheckpoint } from "./checkpoint.ts";
import { verifyCheckpoint } from "./verify-checkpoint.ts";

// the example of C2SP signed-note
const exampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const exampleNote = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

const signer = makeNoteSigner("hub.example/log", noteKey("ed25519"));
const stranger = makeNoteSigner("other.example/log", noteKey("ed25519"));
const text = "a first line\n\nand another after an empty one\n";
const signed: Note = { text, signatures: [signer.sign(text), stranger.sign(text)] };

function codeOfNote(changed: string): string {
  return codeOf(() => parseNote(utf8(changed)));
}

describe("a signed note", () => {
  it("of the specification is verified by the key of the specification", () => {
    const note = parseNote(utf8(exampleNote));
    expect(note.text).toBe("This is an example message.\n");
    expect(verifyNote(note, [parseVerifierKey(exampleKey)])).toHaveLength(1);
    const changed = parseNote(utf8(exampleNote.replace("an example", "no example")));
    expect(codeOf(() => verifyNote(changed, [parseVerifierKey(exampleKey)]))).toBe("LOG_NOTE_INVALID");
  }); // prettier-ignore

  it("is cut at its last empty line, and comes back as it was", () => {
    const read = parseNote(renderNote(signed));
    expect(read.text).toBe(text);
    expect(renderNote(read)).toEqual(renderNote(signed));
  });

  it("lines by others are passed over: known keys count, and in a note without them nobody does", () => {
    expect(verifyNote(signed, [signer.verifierKey]).map(({ key }) => key.name)).toEqual(["hub.example/log"]);
    expect(verifyNote(signed, [makeNoteSigner("hub.example/log", noteKey("ed25519")).verifierKey])).toEqual([]);
    expect(verifyNote(signed, [])).toEqual([]);
  }); // prettier-ignore

  it("a line in a known key's name that does not fit spoils the note, though others fit", () => {
    const [own, other] = signed.signatures;
    const forged = { text, signatures: [{ ...own!, signature: other!.signature }, other!] };
    const keys = [signer.verifierKey, stranger.verifierKey];
    expect(codeOf(() => verifyNote(forged, keys))).toBe("LOG_NOTE_INVALID");
    expect(codeOf(() => verifyNote({ ...signed, text: `${text}more\n` }, keys))).toBe("LOG_NOTE_INVALID");
  }); // prettier-ignore

  const good = Buffer.from(renderNote(signed)).toString();
  const line = good.split("\n").at(-2)!;
  it.each([
    ["without a blank line", good.replace("\n\n—", "\n—").replace("line\n\nand", "line\nand")],
    ["without signatures", "a text\n\n"],
    ["without its last newline", good.slice(0, -1)],
    ["with a blank line at its end", `${good}\n`],
    ["with a carriage return", good.replace("line\n", "line\r\n")],
    ["with a tab", good.replace("a first", "a\tfirst")],
    ["with a null", good.replace("a first", "a\0first")],
    ["with a hyphen for the dash", good.replace("— ", "- ")],
    ["with two spaces", good.replace("log ", "log  ")],
    ["with a plus in a name", good.replace("hub.example", "hub+example")],
    ["with a name of a space of another script", good.replace("hub.example", "hub\u2003example")],
    ["with a nameless line", good.replace("hub.example/log", "")],
    // "+" and "/" of the usual one, which not every signature has, are "-" and "_" in another
    ["with base64 of another alphabet", good.replace(line, `${line.slice(0, -4)}A-A=`)],
    ["with base64 of another alphabet, underlined", good.replace(line, `${line.slice(0, -4)}A_A=`)],
    ["with base64 without padding", good.replace(line, line.replaceAll("=", ""))],
    ["with stray bits in base64", good.replace(line, line.replace(/.==$|.=$/, (end) => `${String.fromCodePoint(end.codePointAt(0)! + 1)}${end.slice(1)}`))],
    ["with a signature of nothing", good.replace(line, "— a.example AAAAAA==")],
    ["with a word after a signature", good.replace(line, `${line} more`)],
    ["with 101 signatures", `a\n\n${`${line}\n`.repeat(101)}`],
    ["of nothing", ""],
  ])("%s is refused", (_, changed) => {
    expect(changed).not.toBe(good);
    expect(codeOfNote(changed)).toBe("LOG_NOTE_INVALID");
  }); // prettier-ignore

  it("with the base64 of those, but in the usual alphabet, is read", () => {
    for (const end of ["A+A=", "A/A="]) {
      expect(codeOfNote(good.replace(line, `${line.slice(0, -4)}${end}`))).toBe("accepted");
    }
  });

  it("that is no UTF-8 or over 128 KiB is refused; one just below is read", () => {
    expect(codeOf(() => parseNote(Buffer.concat([Buffer.of(0xff), utf8(good)])))).toBe("LOG_NOTE_INVALID");
    const rest = maxNoteBytes - Buffer.byteLength(good);
    expect(codeOfNote(`${"a".repeat(rest)}${good}`)).toBe("accepted");
    expect(codeOfNote(`${"a".repeat(rest + 1)}${good}`)).toBe("LOG_NOTE_INVALID");
  }); // prettier-ignore

  it("that could not be read back is not written", () => {
    const { signatures } = signed;
    for (const wrong of [{ text: "no newline", signatures }, { text: "a\n", signatures: [] }, { text: "a\n\n— b c\n", signatures: [] }, { text: "a\r\n", signatures }]) {
      expect(codeOf(() => renderNote(wrong))).toBe("LOG_NOTE_INVALID");
    }
  }); // prettier-ignore
});

describe("a verifier key", () => {
  it.each(["ed25519", "ml-dsa-44"] as const)("of %s comes back as it was written", (type) => {
    const { verifierKey } = makeCosigner("witness.example/w1", noteKey(type));
    const read = parseVerifierKey(renderVerifierKey(verifierKey));
    expect(renderVerifierKey(read)).toBe(renderVerifierKey(verifierKey));
    expect(read.algorithm).toBe(type === "ed25519" ? 4 : 6);
  });

  it("its id follows from name, algorithm and key: each of them changes it", () => {
    const { spki } = noteKey("ed25519");
    const ids = [["a", 1], ["b", 1], ["a", 4]] as const;
    const made = ids.map(([name, algorithm]) => Buffer.from(makeVerifierKey(name, algorithm, spki).keyId).toString("hex"));
    expect(new Set(made).size).toBe(3);
  }); // prettier-ignore

  it.each([
    ["of another id", exampleKey.replace("530d903a", "530d903b")],
    ["of an id in capitals", exampleKey.replace("530d903a", "530D903A")],
    ["of another name", exampleKey.replace("foo", "fox")],
    ["without a name", exampleKey.replace("example.com/foo", "")],
    ["with a space in its name", exampleKey.replace("foo", "f o")],
    ["of an algorithm that is not used", exampleKey.replace("+Ae", "+Ce")],
    ["cut short", exampleKey.slice(0, -4)],
    ["without a key", "example.com/foo+530d903a+"],
    ["of one piece", "example.com"],
    ["over all lengths", `${"a".repeat(2201)}+530d903a+AA==`],
    ["with a name over 255 bytes", exampleKey.replace("foo", "é".repeat(125))],
  ])("%s is refused", (_, changed) => {
    expect(codeOf(() => parseVerifierKey(changed))).toBe("LOG_NOTE_INVALID");
  });

  it("of another kind of key than its algorithm is not made", () => {
    for (const [algorithm, type] of [[1, "ml-dsa-44"], [6, "ed25519"]] as const) {
      expect(codeOf(() => makeVerifierKey("a", algorithm, noteKey(type).spki))).toBe("LOG_NOTE_INVALID");
    }
    const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "der", type: "spki" });
    expect(codeOf(() => makeVerifierKey("a", 1, p256))).toBe("LOG_NOTE_INVALID");
  }); // prettier-ignore
});

const origin = "hub.example/log";
const checkpoint = { origin, size: 7, root: leafHash(utf8("root")), extensions: [] };
const body = renderCheckpoint(checkpoint);
const logged = { text: body, signatures: [signer.sign(body)] };
const at = Date.UTC(2026, 5, 1, 8, 0, 1, 999);

describe.each(["ed25519", "ml-dsa-44"] as const)("a cosignature of %s", (type) => {
  const witness = makeCosigner("witness.example/w1", noteKey(type));
  const line = witness.cosign(body, at);
  const keys = [witness.verifierKey];
  const withLine = (signature: Bytes): Note => ({
    text: body,
    signatures: [{ ...line, signature }],
  });

  it("says when the witness saw the tree, in whole seconds", () => {
    const note = addSignatures(logged, [line]);
    expect(verifyNote(note, keys)).toEqual([{ key: witness.verifierKey, at: at - 999 }]);
    expect(parseNote(renderNote(note)).signatures).toHaveLength(2);
    expect(addSignatures(note, [line]).signatures).toHaveLength(2);
  });

  it("does not stand for another text, time or name, nor for one cut short", () => {
    const otherTime = Buffer.from(line.signature);
    otherTime[7]! ^= 1;
    const far = Buffer.from(line.signature);
    far[0] = 0x7f;
    for (const signature of [otherTime, far, line.signature.subarray(0, 8), line.signature.subarray(8), line.signature.subarray(0, -1)]) {
      expect(codeOf(() => verifyNote(withLine(signature), keys))).toBe("LOG_NOTE_INVALID");
    }
    const other = renderCheckpoint({ ...checkpoint, size: 8 });
    expect(codeOf(() => verifyNote({ text: other, signatures: [line] }, keys))).toBe("LOG_NOTE_INVALID");
  }); // prettier-ignore

  it("is not the log's own signature", () => {
    const note = { text: body, signatures: [line] };
    expect(codeOf(() => verifyCheckpoint(renderNote(note), signer.verifierKey))).toBe("LOG_CHECKPOINT_INVALID");
  }); // prettier-ignore

  it("before 1970 is not made", () => {
    for (const wrong of [-1, Number.NaN]) expect(codeOf(() => witness.cosign(body, wrong))).toBe("LOG_NOTE_INVALID");
  }); // prettier-ignore
});

describe("what ML-DSA-44 cosigns", () => {
  const key = noteKey("ml-dsa-44");

  it("binds the witness's own name: the same key under another name is another witness", () => {
    const line = makeCosigner("witness.example/w1", key).cosign(body, at);
    const other = makeCosigner("witness.example/w2", key).verifierKey;
    const moved = { ...line, name: other.name, keyId: other.keyId };
    expect(codeOf(() => verifyNote({ text: body, signatures: [moved] }, [other]))).toBe("LOG_NOTE_INVALID");
  }); // prettier-ignore

  it("is a checkpoint and no other text", () => {
    const witness = makeCosigner("witness.example/w1", key);
    expect(codeOf(() => witness.cosign("a\n", at))).toBe("LOG_CHECKPOINT_INVALID");
    const note = { text: "a\n", signatures: [witness.cosign(body, at)] };
    expect(codeOf(() => verifyNote(note, [witness.verifierKey]))).toBe("LOG_CHECKPOINT_INVALID");
  });
});

describe("a signed checkpoint", () => {
  it("is read when its log signed it, by an old key or a new one", () => {
    const newer = makeNoteSigner(origin, noteKey("ed25519"));
    const read = verifyCheckpoint(renderNote(logged), newer.verifierKey, signer.verifierKey);
    expect(read.checkpoint).toEqual(checkpoint);
  });

  it("of another log, or by nobody known, is refused", () => {
    const bytes = renderNote(logged);
    const newer: VerifierKey = makeNoteSigner(origin, noteKey("ed25519")).verifierKey;
    expect(codeOf(() => verifyCheckpoint(bytes, stranger.verifierKey))).toBe("LOG_CHECKPOINT_INVALID");
    expect(codeOf(() => verifyCheckpoint(bytes, newer))).toBe("LOG_CHECKPOINT_INVALID");
    expect(codeOf(() => verifyCheckpoint(bytes))).toBe("LOG_CHECKPOINT_INVALID");
    // signed by a key that is known, but for another origin
    const foreign = { text: body, signatures: [stranger.sign(body)] };
    expect(codeOf(() => verifyCheckpoint(renderNote(foreign), stranger.verifierKey, signer.verifierKey))).toBe("LOG_CHECKPOINT_INVALID");
  }); // prettier-ignore

  it("with its log's line spoilt is refused as a note", () => {
    const spoilt = { text: body.replace("\n7\n", "\n8\n"), signatures: logged.signatures };
    expect(codeOf(() => verifyCheckpoint(renderNote(spoilt), signer.verifierKey))).toBe("LOG_NOTE_INVALID");
  }); // prettier-ignore
});
