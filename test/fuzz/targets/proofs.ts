import { readToldNote } from "../../../gateways/proofs/note.ts";
import { checkLeaf } from "../../../gateways/proofs/leaf.ts";
import { encodeLogAnswer, parseLogAnswer } from "../../../schemas/index.ts";
import { sameBytes } from "../../../schemas/ground/index.ts";
import { honestSigner, leafOf, makeShownLog, placedMessage } from "../../kit/log-hub.ts";
import { fuzzNow } from "../ground.ts";
import { hold } from "../promises.ts";
import type { Target } from "../target.ts";

const message = placedMessage(1);
const leaf = Buffer.from(leafOf(message));
const note = Buffer.from(makeShownLog([leaf]).note());
const keys = [honestSigner.verifierKey];
const register = { hubs: [{ hub: "ecowas/hub" }], logKeys: () => keys };
const answers = [
  { checkpoint: note, index: 3, leaf, hashes: [message.digest], leaves: [] },
  { hashes: [], leaves: [], refused: "LOG_ENTRY_MISSING" },
];

/** What a hub answers about its log, and what agencies tell of it. */
export const proofTargets: readonly Target[] = [
  {
    name: "schemas/parseLogAnswer",
    shape: "proto",
    codes: ["CODEC_", "SCHEMA_", "BYTES_NOT_TEXT"],
    seeds: answers.map((one) => Buffer.from(encodeLogAnswer(one))),
    run: (input) => {
      hold(parseLogAnswer(input).hashes.length <= 64, "a proof is longer than any tree is high");
    },
  },
  {
    name: "gateways/checkLeaf",
    shape: "proto",
    codes: ["LOG_PROOF_INVALID"],
    seeds: [leaf],
    run: (input) => {
      const at = checkLeaf(message, input);
      const isTimely = at >= message.after && at <= message.before;
      hold(isTimely, "a leaf of another time passes for that of the message");
      hold(input.length === leaf.length, "a leaf that says more passes for that of the message");
    },
  },
  {
    name: "gateways/readToldNote",
    shape: "text",
    codes: ["LOG_NOTE_INVALID", "LOG_CHECKPOINT_INVALID"],
    seeds: [note],
    run: (input) => {
      const { hub, told } = readToldNote(input, register, fuzzNow);
      hold(hub === "ecowas/hub" && told.size === 1, "what the log did not sign is believed");
      hold(sameBytes(told.note, input), "a note is kept otherwise than it came");
    },
  },
];
