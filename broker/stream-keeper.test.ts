import { describe, expect, it } from "vitest";

import { Fault, makeSeededChance, silentLog, systemClock } from "../schemas/ground/index.ts";
import { fixtureHub, makeRegion } from "../test/kit/hub-region.ts";
import { makeKnown } from "./admission/index.ts";
import { type JetStream, type Link, makeConsumerKeeper, makeStoredCells } from "./nats/index.ts";
import { makeStreamKeeper, type StreamKeeper } from "./stream-keeper.ts";

const stream = "FEED_ECOWAS";
const { view } = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
  ],
  mandates: [],
});

interface FakeServer {
  readonly jetStream: JetStream;
  readonly lastSequences: Map<string, number>;
  canUpdate: boolean;
  /** Whoever answers was cut off from the others. */
  isCutOff: boolean;
}

function unused(): never {
  throw new Fault("INTERNAL", "not asked here");
}

function makeServer(): FakeServer {
  const configs = new Map<string, Readonly<Record<string, unknown>>>();
  const lastSequences = new Map<string, number>();
  const stateOf = (name: string): Awaited<ReturnType<JetStream["createStream"]>> => {
    const config = configs.get(name) ?? {};
    const { instance } = config["metadata"] as { instance: string };
    return {
      config,
      instance,
      messages: 0,
      bytes: 0,
      firstSequence: 1,
      lastSequence: lastSequences.get(name) ?? 0,
    };
  };
  const write: JetStream["createStream"] = async (config) => {
    const name = String(config["name"]);
    configs.set(name, config);
    return stateOf(name);
  };
  const server: FakeServer = {
    lastSequences,
    canUpdate: true,
    isCutOff: false,
    jetStream: {
      stream: async (name) =>
        configs.has(name) ? { ...stateOf(name), isDoubtful: server.isCutOff } : undefined,
      spread: (config) => ({ ...config, name: String(config["name"]) }),
      createStream: write,
      updateStream: (config) =>
        server.canUpdate
          ? write(config)
          : Promise.reject(new Fault("HUB_STREAM_WRITE_FAILED", "not now")),
      erase: unused,
      deleteStream: async (name) => void configs.delete(name),
      purgeStream: unused,
      streamsOn: async () => [...configs.keys()].filter((name) => name.startsWith("INTAKE")),
      putConsumer: async (_stream, config) => String(config["name"]),
      deleteConsumer: unused,
      consumers: unused,
      consumerPlace: unused,
      resetConsumer: unused,
      lastOn: unused,
      nextOn: unused,
      at: unused,
    },
  };
  return server;
}

function makeKeeper(
  { jetStream }: FakeServer,
  rebuilt: string[],
  maxFileBytes?: number,
): StreamKeeper {
  const chance = makeSeededChance("keeper");
  // no message is read back here, so the link is never used
  const link = undefined as unknown as Link;
  return makeStreamKeeper({
    source: { link, jetStream, clock: systemClock, chance, inbox: "_INBOX.test" },
    consumers: makeConsumerKeeper(jetStream),
    known: makeKnown(),
    cells: makeStoredCells(),
    log: silentLog,
    hub: fixtureHub,
    memoryBytes: 2 ** 28,
    maxFileBytes,
    onRebuilt: (name) => void rebuilt.push(name),
  });
}

describe("makeStreamKeeper", () => {
  it("a feed has its part of the server's files, grows with them, and never shrinks", async () => {
    const server = makeServer();
    const roomWith = async (gibi: number): Promise<unknown> => {
      await makeKeeper(server, [], gibi * 2 ** 30).ensure(view);
      return Number((await server.jetStream.stream(stream))?.config["max_bytes"]) / 2 ** 30;
    };
    expect(await roomWith(4)).toBe(1);
    expect(await roomWith(64)).toBe(16);
    expect(await roomWith(16)).toBe(16);
  });

  it("a stream that stands behind where it stood is another instance from then on, and once", async () => {
    const server = makeServer();
    const rebuilt: string[] = [];
    const keeper = makeKeeper(server, rebuilt);
    await keeper.ensure(view);
    const first = keeper.instances.get(stream);
    keeper.notePlace({ stream, instance: first ?? "", sequence: 10 });
    server.lastSequences.set(stream, 10);
    rebuilt.length = 0;
    await keeper.ensure(view);
    expect([keeper.instances.get(stream), rebuilt]).toEqual([first, []]);

    server.lastSequences.set(stream, 7);
    await keeper.ensure(view);
    const second = keeper.instances.get(stream);
    expect(second).not.toBe(first);
    expect((await server.jetStream.stream(stream))?.instance).toBe(second);
    await keeper.ensure(view);
    expect([keeper.instances.get(stream), rebuilt]).toEqual([second, [stream]]);
  });

  it("what could not be given a new instance at once gets it at the next turn, however full it is by then", async () => {
    const server = makeServer();
    const keeper = makeKeeper(server, []);
    await keeper.ensure(view);
    const first = keeper.instances.get(stream);
    keeper.notePlace({ stream, instance: first ?? "", sequence: 10 });
    server.lastSequences.set(stream, 7);
    server.canUpdate = false;
    await expect(keeper.ensure(view)).rejects.toMatchObject({ code: "HUB_STREAM_WRITE_FAILED" });
    server.lastSequences.set(stream, 20);
    server.canUpdate = true;
    await keeper.ensure(view);
    expect(keeper.instances.get(stream)).not.toBe(first);
  });

  it("a stream stands behind only by the word of who leads it: one that was cut off says what held a while ago", async () => {
    const server = makeServer();
    const rebuilt: string[] = [];
    const keeper = makeKeeper(server, rebuilt);
    await keeper.ensure(view);
    const first = keeper.instances.get(stream);
    keeper.notePlace({ stream, instance: first ?? "", sequence: 10 });
    rebuilt.length = 0;
    server.lastSequences.set(stream, 7);
    server.isCutOff = true;
    await expect(keeper.ensure(view)).rejects.toMatchObject({ code: "HUB_UNREACHABLE" });
    server.lastSequences.set(stream, 10);
    server.isCutOff = false;
    await keeper.ensure(view);
    expect([keeper.instances.get(stream), rebuilt]).toEqual([first, []]);

    server.lastSequences.set(stream, 7);
    await keeper.ensure(view);
    expect(rebuilt).toEqual([stream]);
  });
});
