import { makeCosigner, type Note, parseCheckpoint } from "../../../certs/log/index.ts";
import {
  findCosignatures,
  makeWitness,
  parseAddCheckpoint,
  parseCosignatures,
  renderAddCheckpoint,
  renderCosignatures,
} from "../../../certs/witness/index.ts";
import { sameBytes, utf8 } from "../../../schemas/ground/index.ts";
import { noteKey } from "../../kit/note-key.ts";
import { makeTestLog } from "../../kit/test-log.ts";
import { fuzzNow } from "../ground.ts";
import { hold } from "../promises.ts";
import type { Target } from "../target.ts";

const origin = "atumpan/ecowas/hub";
const log = makeTestLog(origin, 40);
const cosigner = makeCosigner("w.example/one", noteKey("ed25519"));
const text = "o\n1\nAAAA\n";
const requests = ([[0, 7], [7, 40], [7, 7]] as const).map(([oldSize, size]) =>
  Buffer.from(renderAddCheckpoint({ oldSize, proof: log.prove(oldSize, size), checkpoint: log.checkpoint(size) })),
); // prettier-ignore

/** What a witness is sent, and what it answers. */
export const witnessTargets: readonly Target[] = [
  {
    name: "certs/parseAddCheckpoint",
    shape: "text",
    codes: ["LOG_PROOF_INVALID"],
    seeds: requests,
    run: (input) => {
      hold(sameBytes(renderAddCheckpoint(parseAddCheckpoint(input)), input), "a request has two spellings");
    },
  },
  {
    name: "certs/parseCosignatures",
    shape: "text",
    codes: ["LOG_NOTE_INVALID"],
    seeds: [Buffer.from(renderCosignatures([cosigner.cosign(text, fuzzNow)]))],
    run: (input) => {
      const lines = parseCosignatures(input);
      hold(sameBytes(renderCosignatures(lines), input), "lines have two spellings");
      findCosignatures({ text, lines }, [cosigner.verifierKey]);
    },
  },
  {
    name: "certs/judgeAddCheckpoint",
    shape: "text",
    codes: [],
    seeds: requests,
    run: (input) => {
      const last = log.checkpoint(7);
      let held: Note = { text: Buffer.from(last).toString().split("\n\n")[0]!.concat("\n"), signatures: [] };
      const store = { lastOf: () => held, save: (_: string, note: Note) => void (held = note) };
      const clock = { now: () => fuzzNow };
      const witness = makeWitness({ store, cosigners: [cosigner], keysOf: () => [log.key], clock, onLie: () => undefined });
      const { status } = witness.add(input);
      const { size, root } = parseCheckpoint(held.text);
      const isLogs = utf8(held.text).length > 0 && Buffer.from(log.checkpoint(size)).includes(Buffer.from(root).toString("base64"));
      hold(isLogs, "what the log did not sign is cosigned");
      hold(status === 200 || size === 7, "what is not cosigned is written down");
    },
  },
]; // prettier-ignore
