import { encodeLogSizesQuestion, type LogAnswer, type logActs } from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { type Note, parseCheckpoint, parseNote, renderNote } from "../../certs/log/index.ts";
import {
  findCosignatures,
  type LogWitness,
  parseCosignatures,
  renderAddCheckpoint,
} from "../../certs/witness/index.ts";

/** Asks a hub of its log. @throws {Fault} HUB_UNREACHABLE, CODEC_MALFORMED */
export type AskLog = (act: (typeof logActs)[number], question: Bytes) => Promise<LogAnswer>;

/** What came of a visit at a hub. */
export type Visit =
  | { readonly kind: "cosigned"; readonly origin: string; readonly size: number }
  /** There is nothing to be cosigned, or it was before. */
  | { readonly kind: "nothing"; readonly says: string }
  /** What the hub offers is not cosigned; with the note, if it is one that its log signed. */
  | {
      readonly kind: "refused";
      readonly origin: string;
      readonly after: Note | undefined;
      readonly says: string;
    };

const noBytes = new Uint8Array();

async function prove(ask: AskLog, from: number, to: number): Promise<LogAnswer["hashes"]> {
  if (from === 0 || from === to) return [];
  const { refused, hashes } = await ask("consistency", encodeLogSizesQuestion({ from, to }));
  if (refused === undefined) return hashes;
  throw new Fault("HUB_UNREACHABLE", `the hub proves nothing now (${refused.slice(0, 60)})`);
}

/** The hub offers an older tree than was cosigned. That may be an offer that stood for a while; the newest may not be. */
async function judgeShorter(ask: AskLog, { origin, last }: { origin: string; last: number }): Promise<Visit> {
  const { checkpoint } = await ask("checkpoint", noBytes);
  if (checkpoint === undefined) return { kind: "nothing", says: "the log is not open" };
  const after = parseNote(checkpoint);
  const { size } = parseCheckpoint(after.text);
  if (size >= last) return { kind: "nothing", says: "an older tree is offered" };
  return { kind: "refused", origin, after, says: `the log had ${last} entries and now says ${size}` };
} // prettier-ignore

/** What bears a line of ours already was written down before it was signed. */
function judgeOwn(witness: LogWitness, { origin, text }: { origin: string; text: string }): Visit {
  if (witness.isLast(origin, text)) return { kind: "nothing", says: "cosigned before" };
  throw new Fault(
    "INTEGRITY_STORE",
    "this witness signed what it has no record of: its folder was put back from a copy; make another with witness init",
  );
}

async function cosign(ask: AskLog, witness: LogWitness, checkpoint: Bytes): Promise<Visit> {
  const note = parseNote(checkpoint);
  const { origin, size } = parseCheckpoint(note.text);
  const last = witness.sizeOf(origin);
  if (size < last) return judgeShorter(ask, { origin, last });
  const own = findCosignatures({ text: note.text, lines: note.signatures }, witness.keys);
  if (own.length > 0) return judgeOwn(witness, { origin, text: note.text });
  const request = { oldSize: last, proof: await prove(ask, last, size), checkpoint };
  const { status, body } = witness.add(renderAddCheckpoint(request));
  const isSigned = status === 409 || status === 422;
  if (status !== 200) {
    const says = `not cosigned (${status}): the log does not go on from what it said before, or is not its signer's`;
    return { kind: "refused", origin, after: isSigned ? note : undefined, says };
  }
  const back = renderNote({ text: note.text, signatures: parseCosignatures(body) });
  const { refused } = await ask("cosign", back);
  if (refused === undefined) return { kind: "cosigned", origin, size };
  return { kind: "nothing", says: `the hub did not take the cosignature (${refused.slice(0, 60)})` };
} // prettier-ignore

/**
 * Takes what a hub offers to be cosigned, has the proof for it, cosigns and hands it back.
 *
 * @throws {Fault} HUB_UNREACHABLE, CODEC_*, LOG_*; INTEGRITY_STORE, after which nothing is cosigned any more
 */
export async function visitHub(ask: AskLog, witness: LogWitness): Promise<Visit> {
  const { checkpoint, refused = "" } = await ask("cosign", noBytes);
  if (checkpoint !== undefined) return await cosign(ask, witness, checkpoint);
  return { kind: "nothing", says: `the hub offers nothing (${refused.slice(0, 60)})` };
}
