import type { StartedNetwork } from "testcontainers";

import { type HubDesk, openHubDesk } from "../kit/hub-desk.ts";
import { until } from "../kit/server.ts";
import { type Agency, openAgency } from "./agency.ts";
import { haveImages } from "./images.ts";
import { harden, makeNetwork, type Program, runOnce, startProgram } from "./program.ts";
import {
  countries,
  type Country,
  hostOf,
  makeRegionFolders,
  type RegionFolders,
  servers,
} from "./region-folders.ts";

/** A hub of three servers and a gateway in each of four countries, every part in a container, every country in a network of its own. */
export interface CountryRegion {
  readonly folders: RegionFolders;
  readonly images: Readonly<Record<"hub" | "gateway" | "nats-server", string>>;
  /** By name. */
  readonly servers: ReadonlyMap<string, Program>;
  readonly broker: Program;
  /** In which each country meets the hub's servers, and where those meet their broker. */
  readonly networks: Readonly<Record<Country | "hub", StartedNetwork>>;
  agency(country: Country): Agency;
  /** The server that leads a stream. */
  leaderOf(stream: string): Promise<Program>;
  /** Waits until every stream has its three copies, and every gateway its link. */
  whole(): Promise<void>;
  /** What every program said; for when a test failed. */
  logs(): Promise<string>;
  stop(): Promise<void>;
}

interface StreamInfo {
  readonly config: { readonly num_replicas: number };
  readonly cluster?: {
    readonly leader?: string;
    readonly replicas?: readonly { readonly current: boolean; readonly offline?: boolean }[];
  };
}

async function infoOf({ link }: HubDesk, stream: string): Promise<StreamInfo> {
  const reply = await link.request(`$JS.API.STREAM.INFO.${stream}`, "", { timeout: 5_000 });
  const info = reply.json<StreamInfo & { error?: unknown }>();
  if (info.error !== undefined) throw new Error(`no ${stream} at this moment`);
  return info;
}

async function isWhole(desk: HubDesk): Promise<boolean> {
  try {
    const streams = await desk.jetStream.streamsOn(">");
    const infos = await Promise.all(streams.map((stream) => infoOf(desk, stream)));
    return streams.includes("LOG") && infos.every(({ config, cluster }) => {
      const { leader, replicas = [] } = cluster ?? {};
      const current = replicas.filter((one) => one.current && one.offline !== true);
      return leader !== undefined && config.num_replicas === servers.length && current.length === servers.length - 1;
    });
  } catch {
    // nobody leads one of them, or the desk's own server is away
    return false;
  }
} // prettier-ignore

type Networks = CountryRegion["networks"];

async function makeNetworks(run: string): Promise<Networks> {
  const names = [...countries, "hub"] as const;
  const made = await Promise.all(names.map(async (name) => [name, await makeNetwork(`${run}-${name}`)] as const));
  return Object.fromEntries(made) as Record<(typeof names)[number], StartedNetwork>;
} // prettier-ignore

class Region implements CountryRegion {
  readonly folders: RegionFolders;
  readonly images: CountryRegion["images"];
  readonly networks: Networks;
  readonly servers = new Map<string, Program>();
  readonly #agencies = new Map<Country, Agency>();
  #broker: Program | undefined;
  #desk: HubDesk | undefined;

  constructor(folders: RegionFolders, images: CountryRegion["images"], networks: Networks) {
    [this.folders, this.images, this.networks] = [folders, images, networks];
  }

  get broker(): Program {
    if (this.#broker === undefined) throw new Error("there is no broker yet");
    return this.#broker;
  }

  agency(country: Country): Agency {
    const found = this.#agencies.get(country);
    if (found === undefined) throw new Error(`there is no ${country} yet`);
    return found;
  }

  async start(): Promise<void> {
    const { folders, images, networks } = this;
    const hub = { image: images.hub, mounts: { "/data": folders.hub } };
    await runOnce(
      harden({ ...hub, command: ["render", "--config", "/data/broker.json"], networks: [] }),
    );
    const all = [networks.hub, ...countries.map((country) => networks[country])];
    await Promise.all(
      servers.map(async (name) => {
        const { own, store } = folders.server(name);
        const plan = harden({
          image: images["nats-server"],
          command: ["-c", "/server/nats-server.conf"],
          mounts: { "/server": own, "/store": store },
          networks: all.map((network) => ({ network, alias: hostOf(name) })),
        });
        this.servers.set(name, await startProgram(plan));
      }),
    );
    this.#broker = await startProgram(harden({ ...hub, networks: [{ network: networks.hub }] }));
    await Promise.all(
      countries.map(async (country) => {
        const mounts = { "/data": folders.gateway(country) };
        const plan = harden({
          image: images.gateway,
          mounts,
          networks: [{ network: networks[country] }],
        });
        const program = await startProgram(plan);
        this.#agencies.set(country, openAgency(`${country}/tcu`, program));
      }),
    );
    await this.#openDesk();
    await this.whole();
  }

  async #openDesk(): Promise<void> {
    const { layout, rootsPem } = this.folders;
    const hosts = await Promise.all([...this.servers.values()].map((one) => one.addressOn(this.networks.hub))); // prettier-ignore
    const urls = hosts.map((host) => `tls://${host}:7422`);
    this.#desk = await openHubDesk(layout, { urls, streams: () => [], rootsPem });
  }

  get #hubDesk(): HubDesk {
    if (this.#desk === undefined) throw new Error("there is no desk yet");
    return this.#desk;
  }

  async leaderOf(stream: string): Promise<Program> {
    let leader = "";
    await until(`somebody leads ${stream}`, async () => {
      const { cluster } = await infoOf(this.#hubDesk, stream).catch(() => ({ cluster: undefined }));
      leader = cluster?.leader ?? "";
      return leader !== "";
    });
    const [, found] = [...this.servers].find(([name]) => leader.endsWith(`-${name}`)) ?? [];
    if (found === undefined) throw new Error(`there is no server ${leader}`);
    return found;
  }

  async whole(): Promise<void> {
    await until("every stream has its copies", () => isWhole(this.#hubDesk));
    for (const { name, status } of this.#agencies.values()) {
      await until(`${name} has its link`, async () => (await status())?.linkUp === true);
    }
  }

  #programs(): readonly (readonly [name: string, program: Program])[] {
    const gateways = [...this.#agencies].map(([name, { gateway }]) => [name, gateway] as const);
    const broker = this.#broker === undefined ? [] : [["broker", this.#broker] as const];
    return [...gateways, ...broker, ...this.servers];
  }

  async logs(): Promise<string> {
    const told = this.#programs().map(async ([name, program]) => `== ${name}\n${await program.logs()}`);
    return (await Promise.all(told)).join("\n");
  } // prettier-ignore

  async stop(): Promise<void> {
    await this.#desk?.stop();
    await Promise.all(this.#programs().map(([, program]) => program.remove()));
    await Promise.all(Object.values(this.networks).map((network) => network.stop()));
    this.folders.remove();
  }
}

/** Makes the images where the engine does not hold them yet, and starts all of it; returns when all of it works. */
export async function startCountryRegion(): Promise<CountryRegion> {
  const images = haveImages(["hub", "gateway", "nats-server"]);
  const networks = await makeNetworks(`atumpan-${process.pid}`);
  const region = new Region(await makeRegionFolders(), images, networks);
  try {
    await region.start();
    return region;
  } catch (error) {
    process.stderr.write(`${await region.logs()}\n`);
    await region.stop();
    throw error;
  }
}
