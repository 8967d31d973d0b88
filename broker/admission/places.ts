import {
  consumerOf,
  type Head,
  parsePlacesQuestion,
  type PlaceAgain,
  type PlaceTaken,
} from "../../schemas/index.ts";
import { type Bytes, type Clock, Fault } from "../../schemas/ground/index.ts";
import { type ConsumerPlace, hubLimits, type JetStream } from "../nats/index.ts";

/** Says where agencies stand in the streams, and hands them again what they ask for. */
export interface Places {
  /**
   * The heads, each with how far the asker is in it. Where he asks for it, all that stands for him from a place on is
   * handed over again; never less than he is owed: a place further on than he acknowledged changes nothing.
   *
   * @throws {Fault} CODEC_MALFORMED, SCHEMA_INVALID, QUOTA_EXCEEDED, HUB_UNREACHABLE, HUB_STREAM_WRITE_FAILED
   */
  answer(origin: string, question: Bytes, heads: readonly Head[]): Promise<readonly Head[]>;
}

/** From where he is to be served again; undefined when he is served that anyway. */
function startOf(
  again: readonly PlaceAgain[],
  { stream, instance }: Head,
  { settled }: ConsumerPlace,
): number | undefined {
  const asked = again.find((one) => one.stream === stream);
  if (asked === undefined) return undefined;
  // a place in a stream that is gone says nothing of the one that stands
  const isSame = asked.instance === undefined || asked.instance === instance;
  const from = isSame ? asked.from : 1;
  return from <= settled ? from : undefined;
}

function told(head: Head, { settled, pending }: ConsumerPlace): Head {
  return { ...head, settled, pending };
}

/**
 * Whether somebody acknowledged more than he says he was given. The floor of his acknowledgements alone does not tell: the
 * server moves it on over what stands there for others.
 */
async function isBeyond(
  jetStream: JetStream,
  { stream, instance, sequence }: PlaceTaken,
  { settled, filters }: ConsumerPlace,
): Promise<boolean> {
  if (settled <= sequence) return false;
  const state = await jetStream.stream(stream);
  if (state?.instance !== instance) return false;
  // nobody can say any more for whom that was
  if (state.firstSequence > sequence + 1) return true;
  for (const filter of filters) {
    const next = await jetStream.nextOn(stream, filter, sequence + 1);
    if (next !== undefined && next.sequence <= settled) return true;
  }
  return false;
}

/** Builds what answers; nothing is known yet of who asked when. */
export function makePlaces(jetStream: JetStream, clock: Clock): Places {
  const handedAt = new Map<string, number>();

  const checkPause = (origin: string): void => {
    const now = clock.elapsed();
    const last = handedAt.get(origin);
    if (last !== undefined && now - last < hubLimits.againEveryMs) {
      const seconds = hubLimits.againEveryMs / 1000;
      throw new Fault("QUOTA_EXCEEDED", `messages are handed again once in ${seconds} seconds`);
    }
    handedAt.set(origin, now);
  };

  return {
    answer: async (origin, question, heads) => {
      const { again, taken } = parsePlacesQuestion(question);
      const consumer = consumerOf(origin);
      if (again.length > 0) checkPause(origin);
      const answered = heads.map(async (head): Promise<Head> => {
        const { stream } = head;
        const place = await jetStream.consumerPlace(stream, consumer);
        if (place === undefined) return head;
        const from = startOf(again, head, place);
        if (from === undefined) {
          const named = taken.find((one) => one.stream === stream);
          const beyond = named !== undefined && (await isBeyond(jetStream, named, place));
          return { ...told(head, place), ...(beyond ? { beyond } : {}) };
        }
        await jetStream.resetConsumer(stream, consumer, from);
        return told(head, (await jetStream.consumerPlace(stream, consumer)) ?? place);
      });
      return await Promise.all(answered);
    },
  };
}
