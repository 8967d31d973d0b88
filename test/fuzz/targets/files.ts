import { checkFile, digestOf } from "../../../gateways/attachments/check-file.ts";
import { fileOf } from "../../../gateways/attachments/clear-file.ts";
import { cleanName } from "../../../gateways/attachments/file-name.ts";
import {
  openManifest,
  parseManifest,
  sealManifest,
} from "../../../gateways/attachments/manifest.ts";
import { parseRange } from "../../../gateways/api/attachments-range.ts";
import { chunksOf } from "../../../gateways/attachments/seal-chunk.ts";
import { stripMetadata } from "../../../gateways/attachments/strip.ts";
import { type Bytes, makeSeededChance, sameBytes, utf8 } from "../../../schemas/ground/index.ts";
import {
  docxType,
  makeDocx,
  makeJpeg,
  makePdf,
  makePng,
  makeTiff,
  makeWebp,
} from "../../kit/attachment-files.ts";
import { hold } from "../promises.ts";
import { type Target, textTarget } from "../target.ts";

const chance = makeSeededChance("fuzz files");
const codes = ["ATTACHMENT_UNSAFE", "ATTACHMENT_TYPE_DIFFERS"];

/** Whatever is made of a good file, it is taken or refused, and ends. */
function fileTarget(type: string, seeds: readonly Bytes[]): Target {
  return {
    name: `gateways/checkFile ${type}`,
    shape: "bytes",
    codes,
    seeds: seeds.map((seed) => Uint8Array.from(seed)),
    run: async (input) => {
      await checkFile(fileOf(input), type);
    },
  };
}

const seal = { key: chance.bytes(32), size: 70_000, mediaType: "image/jpeg" };
const chunks = Array.from({ length: chunksOf(seal.size) }, () => chance.bytes(32));
const manifest = sealManifest(seal, { digest: chance.bytes(32), chunks });
const clear = Buffer.concat([Uint8Array.of(1, 0, 1, 0x11, 0x70), chance.bytes(32), ...chunks]);

const stripTarget: Target = {
  name: "gateways/stripMetadata",
  shape: "bytes",
  codes,
  seeds: [Uint8Array.from(makeJpeg({ points: 400 })), Uint8Array.from(makeJpeg({ points: 400, comment: "x", after: "y" }))],
  run: async (input) => {
    const bare = await stripMetadata(fileOf(input), "image/jpeg");
    hold(bare.size <= input.length, "what is taken out makes a file longer");
    const again = await stripMetadata(bare, "image/jpeg");
    hold(sameBytes(await digestOf(again), await digestOf(bare)), "what is bare is stripped again");
  },
}; // prettier-ignore

/** Files beside messages: what is read of them, their names, their lists of chunks, the runs that are asked for. */
export const fileTargets: readonly Target[] = [
  fileTarget("image/jpeg", [makeJpeg({ points: 300 })]),
  fileTarget("image/png", [makePng()]),
  fileTarget("image/webp", [makeWebp()]),
  fileTarget("image/tiff", [makeTiff()]),
  fileTarget("application/pdf", [makePdf()]),
  fileTarget("text/plain", [utf8("A seal, 4471"), utf8("")]),
  fileTarget("application/xml", [utf8('<?xml version="1.0"?><a b="c">d</a>')]),
  fileTarget(docxType, [makeDocx()]),
  stripTarget,
  {
    name: "gateways/parseManifest",
    shape: "bytes",
    codes: ["ATTACHMENT_UNSAFE"],
    seeds: [Uint8Array.from(clear)],
    run: (input) => {
      const read = parseManifest(input, seal.size);
      hold(read.chunks.length === chunks.length, "a list has not its file's chunks");
    },
  },
  {
    name: "gateways/openManifest",
    shape: "bytes",
    codes: ["ATTACHMENT_UNSAFE"],
    seeds: [manifest],
    run: (input) => {
      openManifest(seal, input);
      hold(sameBytes(input, manifest), "another list opens");
    },
  },
  textTarget("gateways/cleanName", ["photo.jpg", "../x\u202Egpj.exe", "con"], (text) => {
    const name = cleanName(text, "jpg");
    hold(name.endsWith(".jpg") && Array.from(name).length <= 120, "a name has no end");
    hold(!/[/\\:\p{Cc}\p{Cf}]|^\./u.test(name), "a name is a path, or hides something");
  }),
  textTarget("gateways/parseRange", ["bytes=0-9", "bytes=5-", "bytes=-5"], (text) => {
    let headers: Headers;
    try {
      headers = new Headers({ range: text });
    } catch {
      return;
    }
    const range = parseRange(headers, 1_000, '"a"');
    if (range === undefined) return;
    hold(
      range.from >= 0 && range.from < range.to && range.to <= 1_000,
      "a run leads out of its file",
    );
  }),
];
