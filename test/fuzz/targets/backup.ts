import { createSecretKey } from "node:crypto";

import { openFrames, sealFrames } from "../../../gateways/backup/frames.ts";
import { type Manifest, parseManifest, renderManifest } from "../../../gateways/backup/manifest.ts";
import { parseHead } from "../../../gateways/backup/open.ts";
import { openBackupKey } from "../../../gateways/crypto/index.ts";
import { readPlace } from "../../../gateways/exchange/places.ts";
import { encodePlacesQuestion, parsePlacesQuestion } from "../../../schemas/index.ts";
import { type Bytes, concatBytes, utf8 } from "../../../schemas/ground/index.ts";
import { hold } from "../promises.ts";
import { type Target, textTarget } from "../target.ts";

const head = `ATUMPAN BACKUP 1\n${JSON.stringify({ agency: "ng/tcu", createdAt: 1, key: {} })}\n`;
const jwe = { protected: "e30", iv: "AA", ciphertext: "AA", tag: "AA" };
const recipients = [{ header: { alg: "ECDH-ES+A256KW", kid: "00" }, encrypted_key: "AA" }];
const frameKey = { key: new Uint8Array(32).fill(7), bound: utf8(head) };
const manifest: Manifest = {
  version: 1,
  agency: "ng/tcu",
  createdAt: 1,
  epoch: 1,
  messages: 2,
  withKeys: false,
  withFiles: false,
  entries: [{ name: "store.db", bytes: 3, sha256: "0".repeat(64) }],
};
const signer = { signer: "ng/tcu", sign: () => "a..b", signAll: () => [] };

async function join(pieces: AsyncIterable<Bytes>): Promise<Bytes> {
  const found: Bytes[] = [];
  for await (const piece of pieces) found.push(piece);
  return concatBytes(...found);
}

async function* once(bytes: Bytes): AsyncGenerator<Bytes> {
  yield await Promise.resolve(bytes);
}

const headTarget: Target = {
  name: "gateways/parseHead of a backup",
  shape: "text",
  codes: ["BACKUP_INVALID"],
  seeds: [utf8(head), utf8(head.replace("{}", JSON.stringify({ ...jwe, recipients })))],
  run: async (input) => {
    const found = parseHead(input);
    hold(found.bytes.length <= input.length, "a beginning is longer than what was read");
    // whoever has another key learns nothing, and nothing else happens
    const other = createSecretKey(Buffer.alloc(32));
    await openBackupKey(found.key, other).then(
      () => hold(false, "a backup opens with another key"),
      () => undefined,
    );
  },
};

const manifestTarget: Target = {
  name: "gateways/parseManifest of a backup",
  shape: "json",
  codes: ["BACKUP_INVALID"],
  seeds: [renderManifest(manifest, signer)],
  run: (input) => {
    const { manifest: found } = parseManifest(input);
    const isInside = found.entries.every(
      ({ name }) => !name.startsWith("/") && !name.includes(".."),
    );
    hold(isInside, "an entry leads out of the folder it is put into");
  },
};

async function makeFramesTarget(): Promise<Target> {
  const plain = utf8("some words of a store".repeat(40));
  const seed = await join(sealFrames(frameKey, once(plain)));
  return {
    name: "gateways/openFrames of a backup",
    shape: "bytes",
    codes: ["BACKUP_INVALID"],
    seeds: [seed],
    run: async (input) => {
      let at = 0;
      const read = (bytes: number): Promise<Bytes> => {
        const piece = input.subarray(at, at + bytes);
        at += piece.length;
        return Promise.resolve(piece);
      };
      const found = await join(openFrames(frameKey, read));
      hold(Buffer.from(found).equals(Buffer.from(plain)), "changed frames open");
    },
  };
}

const questionTarget: Target = {
  name: "broker/parsePlacesQuestion",
  shape: "proto",
  seeds: [
    Buffer.from(
      encodePlacesQuestion({ again: [{ stream: "DIRECT", instance: "one", from: 3 }], taken: [] }),
    ),
    Buffer.from(
      encodePlacesQuestion({
        again: [{ stream: "FEED_ECOWAS", from: 1 }],
        taken: [{ stream: "DIRECT", instance: "one", sequence: 4 }],
      }),
    ),
  ],
  run: (input) => {
    const { again } = parsePlacesQuestion(input);
    hold(again.length <= 16 && again.every(({ from }) => from >= 1), "a place before the first");
  },
};

const placeTarget = textTarget(
  "gateways/readPlace",
  ["$JS.ACK.DIRECT.ng_tcu.1.5.5.1795298123942000000.0", "$JS.ACK.RECEIPTS.ng_tcu.2.7.1.1.0"],
  (text) => {
    const place = readPlace(text);
    hold(place === undefined || place.sequence > 0, "a place before the first");
  },
);

/** Readers of backups, and of places in the hub's streams. */
export async function makeBackupTargets(): Promise<readonly Target[]> {
  return [headTarget, manifestTarget, await makeFramesTarget(), questionTarget, placeTarget];
}
