import { describe, expect, it } from "vitest";

import { encodePlacesQuestion, type Head, type PlaceAgain } from "../../schemas/index.ts";
import { type Bytes, systemClock } from "../../schemas/ground/index.ts";
import type { ConsumerPlace, JetStream } from "../nats/index.ts";
import { makePlaces } from "./places.ts";

const unreached = (): never => {
  throw new Error("not asked here");
};
const filters = ["theirs", "mine"];
const heads: readonly Head[] = [
  { stream: "DIRECT", instance: "one", lastSequence: 9 },
  { stream: "FEED_ECCAS", instance: "two", lastSequence: 4 },
];

/** What stands in DIRECT for the reader, and from where on it is still there. */
interface Stands {
  readonly mine: readonly number[];
  readonly first: number;
}

interface Desk {
  readonly resets: readonly (readonly [string, string, number])[];
  ask(again: readonly PlaceAgain[], origin?: string): Promise<readonly Head[]>;
  /** Asks with the place in DIRECT that was given so far. */
  askTaken(sequence: number, instance?: string): Promise<readonly Head[]>;
  askRaw(question: Bytes): Promise<readonly Head[]>;
  pass(ms: number): void;
}

/** A reader of DIRECT alone, who acknowledged all up to 7. */
function makeDesk({ mine, first }: Stands = { mine: [], first: 1 }): Desk {
  const stands = new Map<string, ConsumerPlace>();
  let elapsed = 1_000;
  const resets: (readonly [string, string, number])[] = [];
  const jetStream: JetStream = {
    stream: (name) =>
      Promise.resolve({
        config: { name },
        instance: "one",
        bytes: 0,
        messages: 9,
        firstSequence: first,
        lastSequence: 9,
      }),
    spread: () => expect.unreachable(),
    createStream: unreached,
    updateStream: unreached,
    deleteStream: unreached,
    erase: unreached,
    purgeStream: unreached,
    streamsOn: unreached,
    putConsumer: unreached,
    deleteConsumer: unreached,
    consumers: unreached,
    lastOn: unreached,
    at: unreached,
    nextOn: (_, filter, from) => {
      const sequence = filter === "theirs" ? undefined : mine.find((one) => one >= from);
      const note = sequence === undefined ? undefined : { subject: filter, sequence, headers: new Map<string, string>() };
      return Promise.resolve(note);
    }, // prettier-ignore
    consumerPlace: (stream, consumer) =>
      Promise.resolve(
        stream === "DIRECT"
          ? (stands.get(consumer) ?? { settled: 7, pending: 2, filters })
          : undefined,
      ),
    resetConsumer: (stream, consumer, from) => {
      resets.push([stream, consumer, from]);
      stands.set(consumer, { settled: from - 1, pending: 9, filters });
      return Promise.resolve();
    },
  };
  const places = makePlaces(jetStream, { ...systemClock, elapsed: () => elapsed });
  const askRaw = (question: Bytes, origin = "ng/tcu"): Promise<readonly Head[]> =>
    places.answer(origin, question, heads);
  return {
    resets,
    askRaw,
    ask: (again, origin) => askRaw(encodePlacesQuestion({ again, taken: [] }), origin),
    askTaken: (sequence, instance = "one") => {
      const taken = [{ stream: "DIRECT", instance, sequence }];
      return askRaw(encodePlacesQuestion({ again: [], taken }));
    },
    pass: (ms) => {
      elapsed += ms;
    },
  };
}

describe("where an agency stands in the streams", () => {
  it("whoever asks for nothing is told how far he is, and nothing is moved", async () => {
    const desk = makeDesk();
    expect(await desk.ask([])).toEqual([{ ...heads[0], settled: 7, pending: 2 }, heads[1]]);
    expect(await desk.ask([])).toHaveLength(2);
    expect(desk.resets).toEqual([]);
  });

  it("what was acknowledged is handed again from the place asked for, by the asker's own consumer", async () => {
    const desk = makeDesk();
    const [direct] = await desk.ask([{ stream: "DIRECT", instance: "one", from: 3 }]);
    expect(desk.resets).toEqual([["DIRECT", "ng_tcu", 3]]);
    expect(direct).toMatchObject({ settled: 2, pending: 9 });
  });

  it("a place in an instance of the stream that is gone means all of it", async () => {
    const desk = makeDesk();
    await desk.ask([{ stream: "DIRECT", instance: "older", from: 6 }]);
    expect(desk.resets).toEqual([["DIRECT", "ng_tcu", 1]]);
  });

  it("nobody passes over messages: a place further on than he acknowledged changes nothing", async () => {
    const desk = makeDesk();
    const [direct] = await desk.ask([{ stream: "DIRECT", from: 8 }]);
    expect(desk.resets).toEqual([]);
    expect(direct).toMatchObject({ settled: 7, pending: 2 });
  });

  it("a stream he does not read, or that is none, is passed over", async () => {
    const desk = makeDesk();
    await desk.ask([
      { stream: "FEED_ECCAS", from: 1 },
      { stream: "INTAKE", from: 1 },
    ]);
    expect(desk.resets).toEqual([]);
  });

  it("an agency is handed its messages once in 20 seconds, however often it asks; others are not kept from theirs", async () => {
    const desk = makeDesk();
    await desk.ask([{ stream: "DIRECT", from: 5 }]);
    const again = [{ stream: "DIRECT", from: 1 }];
    await expect(desk.ask(again)).rejects.toMatchObject({ code: "QUOTA_EXCEEDED" });
    expect(desk.resets).toHaveLength(1);
    await desk.ask(again, "gh/tcu");
    desk.pass(20_000);
    await desk.ask([{ stream: "DIRECT", from: 2 }]);
    expect(desk.resets.map(([, consumer, from]) => [consumer, from])).toEqual([
      ["ng_tcu", 5],
      ["gh_tcu", 1],
      ["ng_tcu", 2],
    ]);
  });
  it("whoever acknowledged more than he says he was given is told so, when that was for him", async () => {
    const desk = makeDesk({ mine: [2, 7], first: 1 });
    expect(await desk.askTaken(6)).toEqual([
      { ...heads[0], settled: 7, pending: 2, beyond: true },
      heads[1],
    ]);
    expect((await desk.askTaken(7))[0]).not.toHaveProperty("beyond");
  });

  it("what stands there for others is not counted as his, nor what came for him since", async () => {
    const desk = makeDesk({ mine: [2, 9], first: 1 });
    expect((await desk.askTaken(2))[0]).not.toHaveProperty("beyond");
  });

  it("a place in an instance of the stream that is gone tells nothing", async () => {
    const desk = makeDesk({ mine: [7], first: 1 });
    expect((await desk.askTaken(6, "older"))[0]).not.toHaveProperty("beyond");
  });

  it("where nobody can say any more for whom it was, it counts as his", async () => {
    expect((await makeDesk({ mine: [], first: 8 }).askTaken(6))[0]).toMatchObject({ beyond: true });
    expect((await makeDesk({ mine: [], first: 7 }).askTaken(6))[0]).not.toHaveProperty("beyond");
  });

  it("a question that is none is refused and moves nothing", async () => {
    const desk = makeDesk();
    const zero = encodePlacesQuestion({ again: [{ stream: "DIRECT", from: 0 }], taken: [] });
    await expect(desk.askRaw(zero)).rejects.toMatchObject({ code: "SCHEMA_INVALID" });
    await expect(desk.askRaw(Buffer.from("zz"))).rejects.toMatchObject({ code: "CODEC_MALFORMED" });
    const many = Array.from({ length: 17 }, () => ({ stream: "DIRECT", from: 1 }));
    await expect(desk.ask(many)).rejects.toMatchObject({ code: "SCHEMA_INVALID" });
    expect(desk.resets).toEqual([]);
  });
});
