import { createPublicKey, type KeyObject } from "node:crypto";

import { z } from "zod";

import { makeKeyPair, makeSigner, makeSigningKey } from "../../../certs/keys/index.ts";
import { parseSubjectKey } from "../../../certs/shape/index.ts";
import {
  isSignatureValid,
  metadataShapes,
  parseKeys,
  parseMetadata,
  parseSignature,
  parseStatePart,
  parseTrustedRoot,
  renderCanonical,
  renderKey,
  repositoryLimits,
} from "../../../certs/trust/index.ts";
import { keyShape, parseKey } from "../../../certs/trust/repository/key.ts";
import { encodeStatePart, parseJsonText } from "../../../schemas/index.ts";
import { type Bytes, Fault, sameBytes, sha256, utf8 } from "../../../schemas/ground/index.ts";
import { bareState, makeRepository } from "../../kit/repository.ts";
import { registerParts } from "../../kit/register-edit.ts";
import type { FuzzGround } from "../ground.ts";
import { hold, holdSame } from "../promises.ts";
import { jsonTarget, type Target, textOf } from "../target.ts";

function spkiOf(type: Parameters<typeof makeKeyPair>[0]): Bytes {
  return createPublicKey(makeKeyPair(type)).export({ format: "der", type: "spki" });
}

function publicOf(spki: Bytes): KeyObject {
  return createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
}

function subjectKeyTarget(): Target {
  return {
    name: "certs/parseSubjectKey",
    shape: "der",
    codes: ["CERT_MALFORMED"],
    seeds: (["P-256", "P-384", "Ed25519", "X25519"] as const).map(spkiOf),
    run: (input) => {
      const { spki, publicKey } = parseSubjectKey(input);
      const again = publicKey.export({ format: "der", type: "spki" });
      hold(sameBytes(spki, again) && sameBytes(spki, input), "a key has two encodings");
    },
  };
}

/** What a shape refuses never comes to the reader behind it. */
function shaped<T>(shape: z.ZodType<T>, text: string): T {
  const json = parseJsonText(text, repositoryLimits.targetsBytes);
  try {
    return shape.parse(json);
  } catch (cause) {
    throw new Fault("REGISTER_INVALID", "it is not of its shape", { cause });
  }
}

function keyTargets(): readonly Target[] {
  const named = (["P-256", "Ed25519"] as const).map((type) => renderKey(spkiOf(type)));
  const one = z.strictObject({ keyid: z.string().max(64), entry: keyShape });
  const many = z.strictObject({
    keys: metadataShapes.root.shape.keys,
    role: metadataShapes.root.shape.roles.shape.root,
  });
  const keys = Object.fromEntries(named.map(({ keyid, entry }) => [keyid, entry]));
  const role = { keyids: named.map(({ keyid }) => keyid), threshold: 2 };
  return [
    jsonTarget("certs/parseKey", named, (text) => {
      const { keyid, entry } = shaped(one, text);
      const { publicKey } = parseKey(keyid, entry);
      const again = renderKey(publicKey.export({ format: "der", type: "spki" }));
      holdSame(again, { keyid, entry }, "one key has two names or two spellings");
    }),
    jsonTarget("certs/parseKeys", [{ keys, role }], (text) => {
      const { keys: found, role: asked } = shaped(many, text);
      const read = parseKeys(found)(asked);
      const names = new Set(read.keys.map(({ keyid }) => keyid));
      hold(names.size === read.keys.length, "one key has two votes");
      hold(read.threshold <= names.size, "a role can never sign");
    }),
  ].map((target) => ({ ...target, codes: ["REGISTER_INVALID", "JSON_", "CODEC_TOO_DEEP"] }));
}

function metadataTargets(): readonly Target[] {
  const made = makeRepository();
  const files = [...made.seal(made.parts).values()].filter((one) => one[0] === 0x7b);
  const seedOf = (kind: string): readonly Bytes[] =>
    files.filter((one) => textOf(one).includes(`"_type":"${kind}"`)).map((one) => Buffer.from(one));
  const kinds = ["root", "timestamp", "snapshot"] as const;
  const [targets = new Uint8Array()] = seedOf("targets").filter((one) =>
    textOf(one).includes("delegations"),
  );
  const parts = seedOf("targets").filter((one) => !sameBytes(one, targets));
  const read = (name: keyof typeof metadataShapes, seeds: readonly Bytes[]): Target => ({
    name: `certs/parseMetadata ${name}`,
    shape: "json",
    codes: ["REGISTER_INVALID"],
    seeds,
    run: (input) => {
      const shape: z.ZodType = metadataShapes[name];
      const { canonical, digest } = parseMetadata(name, input, { shape, maxBytes: 100_000 });
      hold(sameBytes(digest, sha256(canonical)), "a digest is of something else");
      // two readers that see two values would prove two registers
      const { signed } = JSON.parse(textOf(input)) as { readonly signed: unknown };
      hold(textOf(canonical) === renderCanonical(signed), "two readers sign two texts");
    },
  });
  return [
    ...kinds.map((kind) => read(kind, seedOf(kind))),
    read("targets", [targets]),
    read("authority", parts),
    {
      name: "certs/parseTrustedRoot",
      shape: "json",
      codes: ["REGISTER_"],
      seeds: [Buffer.from(made.root)],
      run: (input) => {
        const { digest } = parseTrustedRoot(input);
        holdSame(
          digest,
          parseTrustedRoot(made.root).digest,
          "a root that nobody signed is trusted",
        );
      },
    },
  ];
}

function statePartTarget({ register }: FuzzGround): Target {
  const { states } = registerParts(register);
  const ng = states.get("ng") ?? bareState("ng");
  return {
    name: "certs/parseStatePart",
    shape: "proto",
    seeds: [ng, bareState("ng")].map((one) => Buffer.from(encodeStatePart(one))),
    run: (input) => {
      const { authority, agencies } = parseStatePart("ng", input);
      const isOwn = agencies.every(({ agency }) => agency.startsWith("ng/"));
      hold(authority === "ng" && isOwn, "an authority speaks of another's agency");
    },
  };
}

const statement = utf8("a statement");

/** Signatures of the kind that stands beside the others until it stands alone. */
function latticeTarget(): Target {
  const key = makeSigningKey(makeKeyPair("ML-DSA-65"));
  const other = publicOf(spkiOf("ML-DSA-65"));
  const thumbprint = sha256(key.spki);
  const text = makeSigner({ signer: "ng/tcu", key, thumbprint }).sign("atumpan-envelope", statement);
  const known = publicOf(key.spki);
  return {
    name: "certs/isSignatureValid ML-DSA-65",
    shape: "text",
    codes: ["SIGNATURE_", "BYTES_NOT_CANONICAL"],
    seeds: [utf8(text)],
    run: (input) => {
      const found = parseSignature(textOf(input));
      const isValid = isSignatureValid(found, statement, known);
      hold(!isValid || textOf(input) === text, "a changed signature is good");
      hold(!isSignatureValid(found, statement, other), "another key signed it too");
    },
  };
} // prettier-ignore

/** Readers of the files of a register, one by one: keys, roles, metadata, roots, parts. */
export function makeRegisterFileTargets(ground: FuzzGround): readonly Target[] {
  return [
    subjectKeyTarget(),
    ...keyTargets(),
    ...metadataTargets(),
    statePartTarget(ground),
    latticeTarget(),
  ];
}
