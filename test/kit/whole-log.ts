import { leafHash, makeFrontier, verifyCheckpoint } from "../../certs/log/index.ts";
import { decodeReceipt, decodeSignedReceipt, type LogLeaf, parseLogBatch, parseLogLeaf } from "../../schemas/index.ts"; // prettier-ignore
import { type Bytes, renderHex } from "../../schemas/ground/index.ts";
import type { World } from "./world.ts";

/** What stands in a hub's log and feed, and what was said of it. */
export interface WholeLog {
  /** Of each leaf of the feed, its number in the feed, in the log's order. */
  readonly entered: readonly number[];
  /** Messages in the feed. */
  readonly held: number;
  /** Receipts that name another leaf than their message's. */
  readonly wrong: number;
  /** Checkpoints that were shown to somebody, and those of them that are no beginning of the log: a split. */
  readonly shown: number;
  readonly split: number;
}

interface ApiMessage {
  readonly message?: { readonly data: string };
}

async function readStream({ desk }: World, stream: string): Promise<readonly Bytes[]> {
  const { lastSequence = 0, firstSequence = 1 } = (await desk.jetStream.stream(stream)) ?? {};
  const asked = Array.from({ length: lastSequence - firstSequence + 1 }, async (_, i) => {
    const question = JSON.stringify({ seq: firstSequence + i });
    const answer = await desk.link.request(`$JS.API.STREAM.MSG.GET.${stream}`, question, { timeout: 10_000 });
    const { message } = answer.json<ApiMessage>();
    return message === undefined ? [] : [Buffer.from(message.data, "base64")];
  });
  return (await Promise.all(asked)).flat();
} // prettier-ignore

/** Reads the log of a hub whole, and holds every checkpoint against it that stands in the log or in a receipt. */
export async function readWholeLog(world: World, feed: string): Promise<WholeLog> {
  const receipts = (await readStream(world, "RECEIPTS")).map((data) => decodeReceipt(decodeSignedReceipt(data).receipt));
  const shown = new Map<string, Bytes>();
  const note = (bytes: Bytes | undefined): void => {
    if (bytes !== undefined) shown.set(renderHex(bytes), bytes);
  };
  for (const { checkpoint, issuer } of receipts) if (issuer === world.plan.hub) note(checkpoint);
  const frontier = makeFrontier();
  const roots = new Map([[0, renderHex(frontier.root())]]);
  const leaves: LogLeaf[] = [];
  for (const data of await readStream(world, "LOG")) {
    const batch = parseLogBatch(data);
    for (const leaf of batch.leaves) {
      frontier.append(leafHash(leaf));
      leaves.push(parseLogLeaf(leaf));
      roots.set(frontier.size(), renderHex(frontier.root()));
    }
    note(batch.checkpoint);
  }
  const keys = world.register().logKeys(world.plan.hub, world.clock.now());
  const accepted = receipts.flatMap((receipt) => receipt.accepted);
  const split = [...shown.values()].filter((bytes) => {
    const { size, root } = verifyCheckpoint(bytes, ...keys).checkpoint;
    return renderHex(root) !== roots.get(size);
  });
  return {
    entered: leaves.flatMap(({ stream, sequence }) => (stream === feed ? [sequence] : [])),
    held: (await readStream(world, feed)).length,
    wrong: accepted.filter(({ logIndex = -1, streamSequence }) => leaves[logIndex]?.sequence !== streamSequence).length,
    shown: shown.size,
    split: split.length,
  };
} // prettier-ignore
