import { beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../schemas/ground/index.ts";
import { type ConsumerPlan, makeConsumerKeeper } from "./consumers.ts";
import type { JetStream } from "./jetstream.ts";

const plans: readonly ConsumerPlan[] = [
  { stream: "DIRECT", consumer: "ng_tcu", filters: ["direct.a.*"] },
  { stream: "DIRECT", consumer: "gh_tcu", filters: ["direct.b.*"] },
];
/** The filters of what stands at the server, by name. */
let server: Map<string, unknown>;
let puts: number;

function unused(): never {
  throw new Fault("INTERNAL", "not asked here");
}

const jetStream: JetStream = {
  stream: unused,
  spread: () => expect.unreachable(),
  createStream: unused,
  updateStream: unused,
  deleteStream: unused,
  erase: unused,
  purgeStream: unused,
  streamsOn: unused,
  consumerPlace: unused,
  resetConsumer: unused,
  lastOn: unused,
  nextOn: unused,
  at: unused,
  putConsumer: async (_stream, config) => {
    puts += 1;
    server.set(String(config["name"]), config["filter_subjects"]);
    return String(config["name"]);
  },
  deleteConsumer: async (_stream, consumer) => void server.delete(consumer),
  consumers: async () => [...server.keys()],
};

beforeEach(() => {
  server = new Map([["sn_tcu", []]]);
  puts = 0;
});

describe("makeConsumerKeeper", () => {
  it("makes what is planned, deletes what is not, and asks no more for what stands", async () => {
    const keeper = makeConsumerKeeper(jetStream);
    await keeper.apply(["DIRECT"], plans);
    expect(Object.fromEntries(server)).toEqual({ ng_tcu: ["direct.a.*"], gh_tcu: ["direct.b.*"] });
    await keeper.apply(["DIRECT"], plans);
    expect(puts).toBe(2);
    await keeper.apply(["DIRECT"], plans.slice(1));
    expect([...server.keys()]).toEqual(["gh_tcu"]);
  });

  it("a consumer that the server lost while its stream stayed is made again", async () => {
    const keeper = makeConsumerKeeper(jetStream);
    await keeper.apply(["DIRECT"], plans);
    server.delete("gh_tcu");
    await keeper.apply(["DIRECT"], plans);
    expect([...server.keys()].toSorted()).toEqual(["gh_tcu", "ng_tcu"]);
    expect(puts).toBe(3);
  });
});
