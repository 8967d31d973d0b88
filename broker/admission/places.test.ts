import { describe, expect, it } from "vitest";

import { encodePlacesQuestion, type Head, type PlaceAgain } from "../../schemas/index.ts";
import { type Bytes, systemClock } from "../../schemas/ground/index.ts";
import type { ConsumerPlace, JetStream } from "../nats/index.ts";
import { makePlaces } from "./places.ts";

const unreached = (): never => {
  throw new Error("not asked here");
};
const heads: readonly Head[] = [
  { stream: "DIRECT", instance: "one", lastSequence: 9 },
  { stream: "FEED_ECCAS", instance: "two", lastSequence: 4 },
];

interface Desk {
  readonly resets: readonly (readonly [string, string, number])[];
  ask(again: readonly PlaceAgain[], origin?: string): Promise<readonly Head[]>;
  askRaw(question: Bytes): Promise<readonly Head[]>;
  pass(ms: number): void;
}

/** A reader of DIRECT alone, who acknowledged all up to 7. */
function makeDesk(): Desk {
  const stands = new Map<string, ConsumerPlace>();
  let elapsed = 1_000;
  const resets: (readonly [string, string, number])[] = [];
  const jetStream: JetStream = {
    stream: unreached,
    createStream: unreached,
    updateStream: unreached,
    putConsumer: unreached,
    deleteConsumer: unreached,
    consumers: unreached,
    lastOn: unreached,
    consumerPlace: (stream, consumer) =>
      Promise.resolve(
        stream === "DIRECT" ? (stands.get(consumer) ?? { settled: 7, pending: 2 }) : undefined,
      ),
    resetConsumer: (stream, consumer, from) => {
      resets.push([stream, consumer, from]);
      stands.set(consumer, { settled: from - 1, pending: 9 });
      return Promise.resolve();
    },
  };
  const places = makePlaces(jetStream, { ...systemClock, elapsed: () => elapsed });
  const askRaw = (question: Bytes, origin = "ng/tcu"): Promise<readonly Head[]> =>
    places.answer(origin, question, heads);
  return {
    resets,
    askRaw,
    ask: (again, origin) => askRaw(encodePlacesQuestion({ again }), origin),
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

  it("a question that is none is refused and moves nothing", async () => {
    const desk = makeDesk();
    const zero = encodePlacesQuestion({ again: [{ stream: "DIRECT", from: 0 }] });
    await expect(desk.askRaw(zero)).rejects.toMatchObject({ code: "SCHEMA_INVALID" });
    await expect(desk.askRaw(Buffer.from("zz"))).rejects.toMatchObject({ code: "CODEC_MALFORMED" });
    const many = Array.from({ length: 17 }, () => ({ stream: "DIRECT", from: 1 }));
    await expect(desk.ask(many)).rejects.toMatchObject({ code: "SCHEMA_INVALID" });
    expect(desk.resets).toEqual([]);
  });
});
