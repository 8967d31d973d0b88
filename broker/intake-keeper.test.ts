import { describe, expect, it } from "vitest";

import {
  Fault,
  type LogFields,
  makeSeededChance,
  silentLog,
  systemClock,
} from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { fixtureHub, makeRegion } from "../test/kit/hub-region.ts";
import { type IntakeKeeper, makeIntakeKeeper } from "./intake-keeper.ts";
import { hubLimits, type JetStream } from "./nats/index.ts";

async function viewOf(...agencies: readonly string[]): Promise<RegisterView> {
  const { view } = await makeRegion({
    recs: ["ecowas"],
    agencies: [
      { agency: fixtureHub, kind: "HUB" },
      ...agencies.map((agency) => ({ agency, kind: "TCU" as const })),
    ],
    mandates: [],
  });
  return view;
}

function unused(): never {
  throw new Fault("INTERNAL", "not asked here");
}

interface FakeServer {
  readonly jetStream: JetStream;
  /** Bytes set aside by stream. */
  readonly streams: Map<string, number>;
  readonly consumers: string[];
  readonly calls: string[];
}

/** A server that sets aside what a stream in memory may hold, and refuses what it has no room for. */
function makeServer(memoryBytes: number): FakeServer {
  const streams = new Map<string, number>();
  const configs = new Map<string, Readonly<Record<string, unknown>>>();
  const consumers: string[] = [];
  const calls: string[] = [];
  const stateOf = (name: string): Awaited<ReturnType<JetStream["createStream"]>> => {
    const config = configs.get(name) ?? {};
    const { instance } = config["metadata"] as { instance: string };
    return { config, instance, messages: 0, bytes: 0, firstSequence: 1, lastSequence: 0 };
  };
  const write: JetStream["createStream"] = async (config) => {
    const [name, bytes] = [String(config["name"]), Number(config["max_bytes"])];
    const others = [...streams].filter(([one]) => one !== name).map(([, held]) => held);
    if (bytes + others.reduce((sum, held) => sum + held, 0) > memoryBytes) {
      throw new Fault("HUB_STREAM_WRITE_FAILED", "10028");
    }
    calls.push(`${streams.has(name) ? "change" : "make"} ${name}`);
    streams.set(name, bytes);
    configs.set(name, config);
    return stateOf(name);
  };
  return {
    streams,
    consumers,
    calls,
    jetStream: {
      stream: async (name) => (streams.has(name) ? stateOf(name) : undefined),
      spread: (config) => ({ ...config, name: String(config["name"]) }),
      createStream: write,
      updateStream: write,
      erase: unused,
      deleteStream: async (name) => {
        calls.push(`delete ${name}`);
        streams.delete(name);
      },
      purgeStream: unused,
      streamsOn: async () => [...streams.keys()],
      putConsumer: async (stream, config) => {
        consumers.push(stream);
        return String(config["name"]);
      },
      deleteConsumer: unused,
      consumers: unused,
      consumerPlace: unused,
      resetConsumer: unused,
      lastOn: unused,
      nextOn: unused,
      at: unused,
    },
  };
}

interface Kept {
  readonly server: FakeServer;
  readonly keeper: IntakeKeeper;
  readonly instances: Map<string, string>;
  readonly told: (readonly [string, LogFields | undefined])[];
}

function make(memoryBytes: number, server = makeServer(memoryBytes)): Kept {
  const instances = new Map<string, string>();
  const told: (readonly [string, LogFields | undefined])[] = [];
  const log = {
    ...silentLog,
    error: (event: string, fields?: LogFields) => void told.push([event, fields]),
  };
  const chance = makeSeededChance("intakes");
  const { jetStream } = server;
  const keeper = makeIntakeKeeper({
    jetStream,
    clock: systemClock,
    chance,
    log,
    memoryBytes,
    instances,
  });
  return { server, keeper, instances, told };
}

const mebi = 2 ** 20;

describe("makeIntakeKeeper", () => {
  it("each agency of the register has an intake and the hub a consumer on it; the hub itself has none", async () => {
    const { server, keeper, instances } = make(64 * mebi);
    expect(await keeper.ensure(await viewOf("ng/tcu", "gh/fiu"))).toBe(true);
    const names = ["INTAKE_gh_fiu", "INTAKE_ng_tcu"];
    expect([...server.streams.keys()]).toEqual(names);
    expect(server.consumers).toEqual(names);
    expect([...instances.keys()]).toEqual(names);
  });

  it("what stands is not asked about again; what is lost is made anew, and that is told", async () => {
    const { server, keeper, instances } = make(64 * mebi);
    const view = await viewOf("ng/tcu", "gh/fiu");
    await keeper.ensure(view);
    const before = new Map(instances);
    server.calls.length = 0;
    expect(await keeper.ensure(view)).toBe(false);
    expect(server.calls).toEqual([]);
    server.streams.delete("INTAKE_ng_tcu");
    expect(await keeper.ensure(view)).toBe(true);
    expect(server.calls).toEqual(["make INTAKE_ng_tcu"]);
    expect(instances.get("INTAKE_ng_tcu")).not.toBe(before.get("INTAKE_ng_tcu"));
    expect(instances.get("INTAKE_gh_fiu")).toBe(before.get("INTAKE_gh_fiu"));
  });

  it("who leaves the register leaves no intake; nor does the one that all once shared stay", async () => {
    const { server, keeper, instances } = make(64 * mebi);
    server.streams.set("INTAKE", 1);
    await keeper.ensure(await viewOf("ng/tcu", "gh/fiu"));
    expect(server.calls[0]).toBe("delete INTAKE");
    await keeper.ensure(await viewOf("ng/tcu"));
    expect([...server.streams.keys()]).toEqual(["INTAKE_ng_tcu"]);
    expect([...instances.keys()]).toEqual(["INTAKE_ng_tcu"]);
  });

  it("a broker that comes back finds what waits, and does not take it away", async () => {
    const first = make(64 * mebi);
    const view = await viewOf("ng/tcu");
    await first.keeper.ensure(view);
    first.server.calls.length = 0;
    const second = make(64 * mebi, first.server);
    await second.keeper.ensure(view);
    expect(first.server.calls).toEqual([]);
    expect(second.instances).toEqual(first.instances);
  });

  it("the parts become smaller and larger with the number of agencies, and never more than there is", async () => {
    const { server, keeper } = make(16 * mebi);
    await keeper.ensure(await viewOf("ng/tcu"));
    expect(server.streams.get("INTAKE_ng_tcu")).toBe(hubLimits.intakeMaxBytes);
    await keeper.ensure(await viewOf("ng/tcu", "gh/fiu", "sn/tcu"));
    expect([...server.streams.values()]).toEqual([4 * mebi, 4 * mebi, 4 * mebi]);
    await keeper.ensure(await viewOf("gh/fiu"));
    expect([...server.streams]).toEqual([["INTAKE_gh_fiu", hubLimits.intakeMaxBytes]]);
  });

  it("without room for all, the others have theirs, the register counts, and it is told once", async () => {
    const { server, keeper, told } = make(mebi);
    const view = await viewOf("ng/tcu", "gh/fiu", "sn/tcu");
    await keeper.ensure(view);
    await keeper.ensure(view);
    expect([...server.streams.values()]).toEqual([mebi / 2, mebi / 2]);
    expect(told.map(([, fields]) => fields)).toEqual([{ count: 1 }]);
  });
});
