import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { loadBrokerConfig } from "../../broker/index.ts";
import { serverNameOf } from "../../broker/nats/index.ts";
import { type Gate, openGate } from "./gate.ts";
import { editRegister, readRegister, replaceRegister } from "./register-edit.ts";
import { natsServerBinary, type Server, startServer, until } from "./server.ts";
import type { World, WorldOptions } from "./world.ts";

/** One of several servers, that can be hurt. */
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

/** One agency's ways to every server of its hub, that can be cut: nothing passes, and nobody is told. */
export interface Doors {
  cut(): void;
  open(): void;
}

/** How many servers there are, and what each is for. */
export interface ClusterChoice {
  /** Whether the ways between them can be cut, and cost time; only of three. */
  readonly gates?: boolean;
  readonly binary?: string;
  /** Three or five; the first three letters when left out. */
  readonly names?: readonly string[];
  /** By name: what streams may be bound to. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  /** By REC: the tags of those that keep its feed. */
  readonly placement?: Readonly<Record<string, readonly string[]>>;
}

/** Several servers of one hub on this machine. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[];
  /** What a world is started with, so that its hub has them. */
  readonly options: Required<Pick<WorldOptions, "prepare" | "serve">>;
  /** The node that leads a stream. */
  leaderOf(world: World, stream: string): Promise<ClusterNode>;
  node(name: string): ClusterNode;
  /** The names of the nodes that keep a stream, sorted. */
  keepersOf(world: World, stream: string): Promise<readonly string[]>;
  /** Puts gates before every server for one agency, whose gateway has not been started yet. */
  openDoors(world: Pick<World, "layout">, agency: string): Promise<Doors>;
  /** Writes other servers, or another placement, into the broker's configuration; what ran goes on as it is. */
  rewrite(made: Prepared, choice: Pick<ClusterChoice, "names" | "tags" | "placement">): void;
  /** Whether every stream has all of its copies, or that many, in reach and up to date. */
  isWhole(world: World, copies?: number): Promise<boolean>;
  /** Waits until it is so; on a machine that does other things too, a new region takes minutes. */
  untilWhole(world: World): Promise<void>;
  stop(): Promise<void>;
}

const three = ["a", "b", "c"] as const;
/** Each has its ports for good, whoever else there is. */
const letters = [...three, "d", "e"] as const;
const copiesOfEach = 3;
/** Far beyond what a new region takes on a quiet machine. */
const mostWholeSeconds = 600;
/** Beyond what a region's gateways listen at. */
const clientPort = 30;
const routePort = 35;
const gatePort = 40;
const doorPort = 46;

type Prepared = Parameters<NonNullable<WorldOptions["prepare"]>>[0];
type Name = string;

interface Ports {
  readonly base: number;
  readonly client: (name: Name) => number;
  readonly route: (name: Name) => number;
  /** From one to another. */
  readonly gate: (from: Name, to: Name) => number;
  /** One agency's way to a server. */
  readonly door: (to: Name) => number;
}

function placeOf(name: Name): number {
  const at = letters.findIndex((letter) => letter === name);
  if (at < 0) throw new Error(`a server is called one of ${letters.join(" ")}`);
  return at;
}

function portsFrom(base: number): Ports {
  return {
    base,
    client: (name) => (placeOf(name) === 0 ? base : base + clientPort + placeOf(name)),
    route: (name) => base + routePort + placeOf(name),
    // each of three has two others
    gate: (from, to) =>
      base + gatePort + 2 * placeOf(from) + ((placeOf(to) - placeOf(from) + 3) % 3) - 1,
    door: (to) => base + doorPort + placeOf(to),
  };
}

interface Written {
  readonly url?: string;
  readonly server?: Record<string, unknown>;
  readonly cluster?: Record<string, unknown>;
}

function writeConfig({ layout }: Pick<Prepared, "layout">, ports: Ports, choice: ClusterChoice): void {
  const { gates = true, names = three, tags = {}, placement = {} } = choice;
  const { url: _url, server, cluster: before, ...rest } = JSON.parse(readFileSync(layout.brokerConfig, "utf8")) as Written;
  const { certificateFile, keyFile, caFile, maxMemoryBytes, maxFileBytes } = server ?? before ?? {};
  const servers = names.map((name) => {
    const others = names.filter((other) => other !== name);
    const routesTo = others.map((to) => [to, `127.0.0.1:${ports.gate(name, to)}`]);
    return {
      name,
      url: `tls://127.0.0.1:${ports.client(name)}`,
      listen: { host: "127.0.0.1", port: ports.client(name) },
      route: { host: "127.0.0.1", port: ports.route(name) },
      // nobody finds a way past the gates
      ...(gates ? { routesTo: Object.fromEntries(routesTo), advertise: "127.0.0.1:9" } : {}),
      configFile: `server-${name}.conf`,
      storeDir: `store-${name}`,
      logFile: join(layout.logs, `nats-server-${name}.log`),
      tags: tags[name] ?? [],
    };
  });
  const common = { certificateFile, keyFile, caFile, maxMemoryBytes, maxFileBytes };
  const cluster = { ...common, servers, placement };
  writeFileSync(layout.brokerConfig, JSON.stringify({ ...rest, cluster }, null, 2));
} // prettier-ignore

function writeRegister({ layout, offices }: Prepared, ports: Ports, names: readonly Name[]): void {
  const urls = names.map((name) => `tls://127.0.0.1:${ports.client(name)}`);
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
    readonly replicas?: readonly {
      readonly name: string;
      readonly current: boolean;
      readonly offline?: boolean;
    }[];
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
  return leader !== undefined && config.num_replicas === copiesOfEach && inReach.length >= copies - 1;
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

async function isWhole(world: World, copies = copiesOfEach): Promise<boolean> {
  try {
    const streams = await world.desk.jetStream.streamsOn(">");
    const infos = await Promise.all(streams.map((stream) => infoOf(world, stream)));
    return streams.includes("LOG") && infos.every((info) => isComplete(info, copies));
  } catch {
    // one of them has nobody that leads it, or the desk's own server is away
    return false;
  }
}

/** Makes several servers of what a world is started with. */
export function makeCluster(choice: ClusterChoice = {}): Cluster {
  const { gates: hasGates = true, binary: first = natsServerBinary(), names = three } = choice;
  if (hasGates && names.length > three.length) throw new Error("gates are for three servers");
  const nodes = new Map<Name, Node>();
  const gates = new Map<string, Gate>();
  let ports = portsFrom(0);
  const node = (name: string): ClusterNode => {
    const found = [...nodes.values()].find((one) => one.name === name || one.serverName === name);
    if (found === undefined) throw new Error(`there is no server ${name}`);
    return found;
  };
  const openGates = async (): Promise<void> => {
    for (const from of names) {
      for (const to of names) {
        if (from === to) continue;
        gates.set(`${from} ${to}`, await openGate(ports.gate(from, to), ports.route(to)));
      }
    }
  };
  const gatesOf = (name: Name): readonly Gate[] =>
    [...gates].filter(([way]) => way.split(" ").includes(name)).map(([, gate]) => gate);
  const stop = async (): Promise<void> => {
    await Promise.all([...nodes.values()].map((one) => one.stop()));
    await Promise.all([...gates.values()].map((gate) => gate.stop()));
  };
  /** Those that are configured and not known yet. */
  const meet = ({ layout }: Pick<Prepared, "layout">): void => {
    const { hub, cluster } = loadBrokerConfig(layout.brokerConfig);
    for (const { cluster: place, storeDir, configFile, listen } of cluster?.servers ?? []) {
      if (nodes.has(place.name)) continue;
      const said = { name: place.name, serverName: serverNameOf(hub, place), storeDir, binary: first };
      const start = (binary: () => string): Promise<Server> => startServer(configFile, listen.port, binary);
      nodes.set(place.name, new Node(said, start, () => gatesOf(place.name)));
    }
  }; // prettier-ignore

  const prepare = async (made: Prepared): Promise<void> => {
    const { url } = JSON.parse(readFileSync(made.layout.brokerConfig, "utf8")) as { url: string };
    ports = portsFrom(Number(new URL(url.replace("tls:", "http:")).port));
    writeConfig(made, ports, choice);
    writeRegister(made, ports, names);
    if (hasGates) await openGates();
    meet(made);
  };
  const serve = async (_home: string, _config: string, port: number): Promise<Server> => {
    const all = async (act: (one: Node) => Promise<void>): Promise<void> => {
      await Promise.all([...nodes.values()].map(act));
    };
    await all((one) => one.start());
    return {
      port,
      get pid() {
        return [...nodes.values()][0]?.pid;
      },
      kill: () => all((one) => one.kill()),
      start: () => all((one) => one.start()),
      stop,
    };
  };
  const openDoors: Cluster["openDoors"] = async ({ layout }, agency) => {
    const doors: Gate[] = [];
    for (const name of names) {
      const door = await openGate(ports.door(name), ports.client(name));
      gates.set(`door ${name}`, door);
      doors.push(door);
    }
    const file = join(layout.gateway(agency), "gateway.json");
    const config = JSON.parse(readFileSync(file, "utf8")) as object;
    const hubs = names.map((name) => `tls://127.0.0.1:${ports.door(name)}`);
    writeFileSync(file, JSON.stringify({ ...config, hubs }));
    return {
      cut: () => doors.forEach((door) => door.hold()),
      open: () => doors.forEach((door) => door.release()),
    };
  };

  return {
    get nodes() {
      return [...nodes.values()];
    },
    options: { prepare, serve },
    node,
    leaderOf: async (world, stream) => node((await infoOf(world, stream)).cluster?.leader ?? ""),
    keepersOf: async (world, stream) => {
      const { leader = "", replicas = [] } = (await infoOf(world, stream)).cluster ?? {};
      return [leader, ...replicas.map(({ name }) => name)].map((name) => node(name).name).toSorted();
    },
    openDoors,
    rewrite: (made, other) => {
      writeConfig(made, ports, { ...choice, ...other });
      if (other.names !== undefined) writeRegister(made, ports, other.names);
      meet(made);
    },
    isWhole,
    untilWhole: (world) => until("every stream has its copies", () => isWhole(world), mostWholeSeconds),
    stop,
  }; // prettier-ignore
}
