import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { loadBrokerConfig } from "../../broker/index.ts";
import { serverNameOf } from "../../broker/nats/index.ts";
import { type Gate, openGate } from "./gate.ts";
import { editRegister, readRegister, replaceRegister } from "./register-edit.ts";
import { natsServerBinary, type Server, startServer } from "./server.ts";
import type { World, WorldOptions } from "./world.ts";

/** One of three servers, that can be hurt. */
export interface ClusterNode extends Omit<Server, "port"> {
  readonly name: string;
  /** What it calls itself. */
  readonly serverName: string;
  /** The program it is started as from the next start on. */
  binary: string;
  /** SIGSTOP and SIGCONT: it is there and does nothing. */
  freeze(): void;
  thaw(): void;
  /** Deletes all that it keeps; it must not run. */
  wipe(): void;
  readonly storeDir: string;
  /** Cuts it off from the other two, both ways, and lets nobody know; and joins it again. */
  cutOff(): void;
  rejoin(): void;
}

/** Three servers of one hub on this machine, each with ways to the others that can be cut. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[];
  /** What a world is started with, so that its hub has them. */
  readonly options: Required<Pick<WorldOptions, "prepare" | "serve">>;
  /** The node that leads a stream. */
  leaderOf(world: World, stream: string): Promise<ClusterNode>;
  node(name: string): ClusterNode;
  /** Whether every stream has all of its copies, or that many, in reach and up to date. */
  isWhole(world: World, copies?: number): Promise<boolean>;
  stop(): Promise<void>;
}

const names = ["a", "b", "c"] as const;
/** Beyond what a region's gateways listen at. */
const clientPort = 30;
const routePort = 33;
const gatePort = 36;

interface Ports {
  readonly base: number;
  readonly client: (at: number) => number;
  readonly route: (at: number) => number;
  /** From one to another. */
  readonly gate: (from: number, to: number) => number;
}

function portsFrom(base: number): Ports {
  return {
    base,
    client: (at) => (at === 0 ? base : base + clientPort + at),
    route: (at) => base + routePort + at,
    gate: (from, to) => base + gatePort + from * names.length + to,
  };
}

type Prepared = Parameters<NonNullable<WorldOptions["prepare"]>>[0];

function writeConfig({ layout }: Prepared, ports: Ports, hasGates: boolean): void {
  const {
    url: _url,
    server,
    ...rest
  } = JSON.parse(readFileSync(layout.brokerConfig, "utf8")) as {
    url: string;
    server: Record<string, unknown>;
  };
  const { certificateFile, keyFile, caFile, maxMemoryBytes, maxFileBytes } = server;
  const servers = names.map((name, at) => {
    const others = [...names.keys()].filter((other) => other !== at);
    const routesTo = others.map((to) => [names[to], `127.0.0.1:${ports.gate(at, to)}`]);
    return {
      name,
      url: `tls://127.0.0.1:${ports.client(at)}`,
      listen: { host: "127.0.0.1", port: ports.client(at) },
      route: { host: "127.0.0.1", port: ports.route(at) },
      // nobody finds a way past the gates
      ...(hasGates ? { routesTo: Object.fromEntries(routesTo), advertise: "127.0.0.1:9" } : {}),
      configFile: `server-${name}.conf`,
      storeDir: `store-${name}`,
      logFile: join(layout.logs, `nats-server-${name}.log`),
    };
  });
  const common = { certificateFile, keyFile, caFile, maxMemoryBytes, maxFileBytes };
  const cluster = { ...common, servers };
  writeFileSync(layout.brokerConfig, JSON.stringify({ ...rest, cluster }, null, 2));
}

function writeRegister({ layout, offices }: Prepared, ports: Ports): void {
  const urls = [...names.keys()].map((at) => `tls://127.0.0.1:${ports.client(at)}`);
  const region = (
    now: Parameters<NonNullable<Parameters<typeof editRegister>[1]["region"]>>[0],
  ) => ({
    ...now,
    hubs: now.hubs.map((hub) => ({ ...hub, urls })),
  });
  const ground = { offices, now: Date.now() };
  replaceRegister(layout.register, editRegister(readRegister(layout.register), { region }, ground));
}

interface StreamInfo {
  readonly config: { readonly num_replicas: number };
  readonly cluster?: {
    readonly leader?: string;
    readonly replicas?: readonly { readonly current: boolean; readonly offline?: boolean }[];
  };
}

async function infoOf({ desk }: World, stream: string): Promise<StreamInfo> {
  const reply = await desk.link.request(`$JS.API.STREAM.INFO.${stream}`, "", { timeout: 5_000 });
  const info = reply.json<StreamInfo & { error?: unknown }>();
  if (info.error !== undefined) throw new Error(`no ${stream} at this moment`);
  return info;
}

function isComplete({ config, cluster }: StreamInfo, copies: number): boolean {
  const { leader, replicas = [] } = cluster ?? {};
  const inReach = replicas.filter(({ current, offline }) => current && offline !== true);
  return leader !== undefined && config.num_replicas === names.length && inReach.length >= copies - 1;
} // prettier-ignore

class Node implements ClusterNode {
  readonly name: string;
  readonly serverName: string;
  readonly storeDir: string;
  binary: string;
  readonly #start: (binary: () => string) => Promise<Server>;
  readonly #gates: () => readonly Gate[];
  #server: Server | undefined;

  constructor(
    said: Pick<ClusterNode, "name" | "serverName" | "storeDir" | "binary">,
    start: (binary: () => string) => Promise<Server>,
    gates: () => readonly Gate[],
  ) {
    ({ name: this.name, serverName: this.serverName, storeDir: this.storeDir } = said);
    this.binary = said.binary;
    this.#start = start;
    this.#gates = gates;
  }

  get pid(): number | undefined {
    return this.#server?.pid;
  }

  async start(): Promise<void> {
    if (this.#server === undefined) this.#server = await this.#start(() => this.binary);
    else await this.#server.start();
  }

  async kill(): Promise<void> {
    await this.#server?.kill();
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.#server?.stop();
  }

  freeze(): void {
    if (this.pid !== undefined) process.kill(this.pid, "SIGSTOP");
  }

  thaw(): void {
    if (this.pid !== undefined) process.kill(this.pid, "SIGCONT");
  }

  wipe(): void {
    if (existsSync(this.storeDir)) rmSync(this.storeDir, { recursive: true });
  }

  cutOff(): void {
    for (const gate of this.#gates()) gate.hold();
  }

  rejoin(): void {
    for (const gate of this.#gates()) gate.release();
  }
}

/** Makes three servers of what a world is started with; `gates` are the ways between them that can be cut, and cost time. */
export function makeCluster({
  gates: hasGates = true,
  binary: first = natsServerBinary(),
} = {}): Cluster {
  let nodes: readonly Node[] = [];
  const gates = new Map<string, Gate>();
  const node = (name: string): ClusterNode => {
    const found = nodes.find((one) => one.name === name || one.serverName === name);
    if (found === undefined) throw new Error(`there is no server ${name}`);
    return found;
  };
  const openGates = async (ports: Ports): Promise<void> => {
    for (const from of names.keys()) {
      for (const to of names.keys()) {
        if (from === to) continue;
        gates.set(`${from} ${to}`, await openGate(ports.gate(from, to), ports.route(to)));
      }
    }
  };
  const gatesOf = (at: number): readonly Gate[] =>
    [...gates].filter(([way]) => way.split(" ").includes(String(at))).map(([, gate]) => gate);
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((one) => one.stop()));
    await Promise.all([...gates.values()].map((gate) => gate.stop()));
  };

  const prepare = async (made: Prepared): Promise<void> => {
    const { url } = JSON.parse(readFileSync(made.layout.brokerConfig, "utf8")) as { url: string };
    const ports = portsFrom(Number(new URL(url.replace("tls:", "http:")).port));
    writeConfig(made, ports, hasGates);
    writeRegister(made, ports);
    if (hasGates) await openGates(ports);
    const { hub, cluster } = loadBrokerConfig(made.layout.brokerConfig);
    nodes = (cluster?.servers ?? []).map(({ cluster: place, storeDir, configFile, listen }, at) => {
      const said = { name: place.name, serverName: serverNameOf(hub, place), storeDir, binary: first };
      return new Node(said, (binary) => startServer(configFile, listen.port, binary), () => gatesOf(at));
    }); // prettier-ignore
  };
  const serve = async (_home: string, _config: string, port: number): Promise<Server> => {
    const all = async (act: (one: Node) => Promise<void>): Promise<void> => {
      await Promise.all(nodes.map(act));
    };
    await all((one) => one.start());
    return {
      port,
      get pid() {
        return nodes[0]?.pid;
      },
      kill: () => all((one) => one.kill()),
      start: () => all((one) => one.start()),
      stop,
    };
  };

  return {
    get nodes() {
      return nodes;
    },
    options: { prepare, serve },
    node,
    leaderOf: async (world, stream) => node((await infoOf(world, stream)).cluster?.leader ?? ""),
    isWhole: async (world, copies = names.length) => {
      try {
        const streams = await world.desk.jetStream.streamsOn(">");
        const infos = await Promise.all(streams.map((stream) => infoOf(world, stream)));
        return streams.includes("LOG") && infos.every((info) => isComplete(info, copies));
      } catch {
        // one of them has nobody that leads it, or the desk's own server is away
        return false;
      }
    },
    stop,
  };
}
