import { parseToldStatus } from "../../../broker/status-file.ts";
import { readBatch, renderBatch, signHead } from "../../../broker/log/checkpoint.ts";
import { extendHead, makeEmptyHead } from "../../../broker/log/head.ts";
import { makeNoteSigner } from "../../../certs/log/index.ts";
import {
  encodeLogActQuestion,
  encodeLogBatch,
  encodeLogLeaf,
  encodeLogLeafQuestion,
  encodeLogSizesQuestion,
  agencyActs,
  parseLogActQuestion,
  parseLogBatch,
  parseLogLeaf,
  parseLogLeafQuestion,
  parseLogSizesQuestion,
} from "../../../schemas/index.ts";
import { sameBytes, sha256, utf8 } from "../../../schemas/ground/index.ts";
import { noteKey } from "../../kit/note-key.ts";
import { fuzzNow } from "../ground.ts";
import { hold } from "../promises.ts";
import type { Target } from "../target.ts";

const commitment = sha256(utf8("fuzz"));
const place = { time: fuzzNow, instance: "one", sequence: 1 };
const channel = {
  rec: "ecowas",
  crime: "drugs",
  handling: "H1",
  family: "alert",
  type: "incident",
};
const leaves = [
  encodeLogLeaf({ ...place, ...channel, kind: "FEED", stream: "FEED_ECOWAS", commitment, origin: "ng/tcu" }),
  encodeLogLeaf({ ...place, kind: "DIRECT", stream: "DIRECT", commitment }),
  encodeLogLeaf({ ...place, kind: "VOID", stream: "DIRECT", sequence: 2 }),
  encodeLogLeaf({ time: fuzzNow, kind: "REGISTER", stream: "REGISTER", sequence: 9, commitment }),
  encodeLogLeaf({ ...place, kind: "ACT", stream: "JOURNAL", commitment, act: "MESSAGE_ERASED" }),
  encodeLogLeaf({ ...place, kind: "ACT", stream: "JOURNAL", instance: "ng/tcu", origin: "ng/tcu", commitment, act: "RIGHTS_CHANGED" }),
].map((leaf) => Buffer.from(leaf)); // prettier-ignore
const signer = makeNoteSigner("atumpan/ecowas/hub", noteKey("ed25519"));
const empty = makeEmptyHead();
const extension = extendHead(empty, leaves);
const batch = Buffer.from(renderBatch({ extension, checkpoint: signHead(signer, extension.head) }));
const codes = ["CODEC_", "SCHEMA_", "BYTES_NOT_TEXT", "SUBJECT_INVALID"];

const toldStatus = JSON.stringify({
  at: fuzzNow, ready: true, epoch: 7, registerExpiresAt: fuzzNow, accepted: 1, refused: 0, heldBack: 0, underWay: 0,
  log: { size: 4, checkpointAt: fuzzNow, room: { bytes: 1, maxBytes: 2, daysLeft: 3.5 }, waiting: "LOG_FULL" },
  witnesses: { size: 3, at: fuzzNow, missingSince: fuzzNow, missing: ["w/one"], isDisputed: false },
}); // prettier-ignore

/** What stands in a hub's log, and what is asked of it. */
export const hubLogTargets: readonly Target[] = [
  {
    name: "broker/parseToldStatus",
    shape: "text",
    codes: ["INTEGRITY_STORE"],
    seeds: [utf8(toldStatus), utf8(toldStatus.replace(/,"log".*/, "}"))],
    run: (input) => void parseToldStatus(Buffer.from(input).toString("utf8")),
  },
  {
    name: "schemas/parseLogLeaf",
    shape: "proto",
    codes,
    seeds: leaves,
    run: (input) => {
      const leaf = parseLogLeaf(input);
      hold(sameBytes(encodeLogLeaf(leaf), input), "a leaf has two spellings");
      const said = [leaf.rec, leaf.crime, leaf.family, leaf.type, leaf.handling];
      const isSilent = said.every((one) => one === undefined);
      hold(leaf.kind === "FEED" || isSilent, "a leaf of mail says more than its time");
      const mayName = leaf.kind === "FEED" || leaf.origin === leaf.instance;
      hold(mayName || leaf.origin === undefined, "a leaf names an agency in another's place");
    },
  },
  {
    name: "schemas/parseLogBatch",
    shape: "proto",
    codes,
    seeds: [batch],
    run: (input) => {
      hold(sameBytes(encodeLogBatch(parseLogBatch(input)), input), "a batch has two spellings");
    },
  },
  {
    name: "broker/readBatch",
    shape: "proto",
    codes: ["LOG_INCONSISTENT"],
    seeds: [batch],
    run: (input) => {
      const read = readBatch(empty, input, [signer.verifierKey]);
      hold(read.extension.head.size === leaves.length, "what nobody signed is taken into the log");
    },
  },
  {
    name: "schemas/parseLogLeafQuestion",
    shape: "proto",
    codes,
    seeds: [{ index: 3 }, { stream: "DIRECT", instance: "one", sequence: 4, size: 9 }].map((one) =>
      Buffer.from(encodeLogLeafQuestion(one)),
    ),
    run: (input) => {
      const { stream, sequence, index } = parseLogLeafQuestion(input);
      const isPlace = stream !== undefined && sequence !== undefined;
      hold(isPlace !== (index !== undefined), "two leaves are asked for at once, or none");
    },
  },
  {
    name: "schemas/parseLogActQuestion",
    shape: "proto",
    codes: [...codes, "LOG_ACT_UNKNOWN"],
    seeds: agencyActs.map((act, at) =>
      Buffer.from(encodeLogActQuestion({ act, commitment, sequence: at + 1 })),
    ),
    run: (input) => {
      const question = parseLogActQuestion(input);
      hold(sameBytes(encodeLogActQuestion(question), input), "an act has two spellings");
    },
  },
  {
    name: "schemas/parseLogSizesQuestion",
    shape: "proto",
    codes,
    seeds: [Buffer.from(encodeLogSizesQuestion({ from: 3, to: 9 }))],
    run: (input) => parseLogSizesQuestion(input),
  },
];
