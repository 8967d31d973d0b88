import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type Broker,
  type BrokerOptions,
  loadBrokerConfig,
  loadBrokerOptions,
  renderServer,
  startBroker,
} from "../../broker/index.ts";
import { renderPem } from "../../certs/shape/index.ts";
import type { ProvenRegister } from "../../certs/trust/index.ts";
import { type Layout, makeLayout } from "../../deploy/local/layout.ts";
import type { Office } from "../../deploy/local/office.ts";
import { planRegion, type RegionChoice, type RegionPlan } from "../../deploy/local/plan.ts";
import { makeRegion } from "../../deploy/local/region.ts";
import type { Offices } from "../../deploy/local/register.ts";
import { loadGateway } from "../../gateways/config.ts";
import { type Gateway, startGateway } from "../../gateways/gateway.ts";
import {
  type Bytes,
  type Clock,
  makeShiftedClock,
  startLog,
  systemChance,
} from "../../schemas/ground/index.ts";
import { type HubDesk, openHubDesk } from "./hub-desk.ts";
import { changeHubLimits } from "./hub-limits.ts";
import { openProvenFile } from "./proven-file.ts";
import { editRegister, readRegister, type RegisterEdit, replaceRegister } from "./register-edit.ts";
import { freePort, natsServerBinary, type Server, startServer, until } from "./server.ts";

/** What a world is made with. */
export interface WorldOptions extends RegionChoice {
  /** Changes the plan before anything is made of it. */
  readonly plan?: (usual: RegionPlan) => RegionPlan;
  /** Changes what was made, in its folder, before anything is started. */
  readonly prepare?: (made: Pick<Made, "layout" | "plan" | "offices">) => Promise<void>;
  /** So long ago it is made, and its clock begins there; the server's own clock does not, so a login has to be right by both. */
  readonly agoMs?: number;
  /** Refusals of one agency that its hub takes at once; more than any test has when left out. */
  readonly refusalsBurst?: number;
  /** Starts the server otherwise than as a process, such as in a container. */
  readonly serve?: (home: string, config: string, port: number) => Promise<Server>;
}

/** One line of the hub's audit record. */
export interface AuditLine {
  readonly event: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

/** A whole region in one process, but for its nats-server: real keys, TLS, streams and stores in a folder. */
export interface World {
  readonly home: string;
  readonly layout: Layout;
  readonly plan: RegionPlan;
  readonly offices: Offices;
  readonly url: string;
  /** The broker's and the gateways'; the server, TLS and raw agencies go by the machine's. */
  readonly clock: Clock;
  readonly server: Server;
  readonly broker: Broker;
  readonly desk: HubDesk;
  /** PEM of the roots that vouch for the hub. */
  readonly rootsPem: string;
  /** The register as it was published last. */
  register(): ProvenRegister;
  office(authority: string): Office;
  /** Moves the clock; what it stood at before is added to. */
  shift(ms: number): void;
  /** A running gateway; started when it is not. With a clock it goes by that, at each start from then on. */
  gateway(agency: string, clock?: Clock): Promise<Gateway>;
  stopGateway(agency: string): Promise<void>;
  stopBroker(): Promise<void>;
  startBroker(): Promise<void>;
  /** Publishes the next epoch and waits until the broker judges by it. */
  publish(edit: RegisterEdit): Promise<Bytes>;
  audit(): readonly AuditLine[];
  serverLog(): string;
  stop(): Promise<void>;
}

/** Since when the plan's memberships, mandates and policies count. */
const from = Date.UTC(2025, 0, 29);
const usualChoice = { states: ["ng", "gh", "sn", "lr"], recs: ["ecowas"] };

interface Made {
  readonly home: string;
  readonly layout: Layout;
  readonly plan: RegionPlan;
  readonly offices: Offices;
  readonly port: number;
}

async function make({ plan: change, states, recs, agoMs = 0 }: WorldOptions): Promise<Made> {
  const home = mkdtempSync(join(tmpdir(), "atumpan-world-"));
  const layout = makeLayout(home);
  const usual = planRegion(from, {
    states: states ?? usualChoice.states,
    recs: recs ?? usualChoice.recs,
  });
  const plan = change === undefined ? usual : change(usual);
  const port = await freePort();
  const ports = { base: port, host: "127.0.0.1", natsServer: natsServerBinary() };
  const ground = { now: Date.now() - agoMs, chance: systemChance, from, ports };
  const offices = await makeRegion(plan, layout, ground);
  return { home, layout, plan, offices, port };
}

class RunningWorld implements World {
  readonly home: string;
  readonly layout: Layout;
  readonly plan: RegionPlan;
  readonly offices: Offices;
  readonly url: string;
  readonly clock: Clock;
  readonly server: Server;
  readonly register: () => ProvenRegister;
  readonly #options: BrokerOptions;
  readonly #gateways = new Map<string, Gateway>();
  readonly #clocks = new Map<string, Clock>();
  #offset = 0;
  #broker: Broker | undefined;
  #desk: HubDesk | undefined;

  constructor(made: Made, server: Server, clock: { readonly clock: Clock; offset: () => number }) {
    Object.assign(clock, { offset: () => this.#offset });
    this.home = made.home;
    this.layout = made.layout;
    this.plan = made.plan;
    this.offices = made.offices;
    this.url = `tls://127.0.0.1:${made.port}`;
    this.clock = clock.clock;
    this.server = server;
    this.#options = optionsOf(made.layout, this.clock);
    this.register = openProvenFile(made.layout.register, () => this.#options.anchors.root);
  }

  get broker(): Broker {
    if (this.#broker === undefined) throw new Error("the broker is stopped");
    return this.#broker;
  }

  get desk(): HubDesk {
    if (this.#desk === undefined) throw new Error("the world is stopped");
    return this.#desk;
  }

  get rootsPem(): string {
    return renderPem("CERTIFICATE", this.office("au").authority.root.certificate.der);
  }

  office(authority: string): Office {
    const office = this.offices.all.get(authority);
    if (office === undefined) throw new Error(`there is no office of ${authority}`);
    return office;
  }

  shift(ms: number): void {
    this.#offset += ms;
  }

  async gateway(agency: string, clock?: Clock): Promise<Gateway> {
    if (clock !== undefined) this.#clocks.set(agency, clock);
    const running = this.#gateways.get(agency);
    if (running !== undefined) return running;
    const { options } = loadGateway(this.layout.gateway(agency));
    const log = startLog({ name: agency, file: join(this.layout.logs, "gateways.log") });
    const gateway = await startGateway({
      ...options,
      clock: this.#clocks.get(agency) ?? this.clock,
      chance: systemChance,
      log: log.with({ agency }),
    });
    this.#gateways.set(agency, gateway);
    await until(`${agency} is linked`, () => gateway.exchange.status().linkUp);
    return gateway;
  }

  async stopGateway(agency: string): Promise<void> {
    await this.#gateways.get(agency)?.stop();
    this.#gateways.delete(agency);
  }

  async startBroker(): Promise<void> {
    this.#broker = await startBroker(this.#options);
    const streams = (): readonly string[] => Object.keys(this.#broker?.status().streams ?? {});
    const { rootsPem } = this;
    const urls = this.#options.cluster?.servers.map(({ url }) => url) ?? [this.url];
    this.#desk ??= await openHubDesk(this.layout, { urls, streams, rootsPem });
    const { desk } = this;
    await until("the desk is linked", () => desk.isUp());
  }

  async stopBroker(): Promise<void> {
    await this.#broker?.stop();
    this.#broker = undefined;
  }

  async publish(edit: RegisterEdit): Promise<Bytes> {
    const { offices, layout, clock } = this;
    const next = editRegister(readRegister(layout.register), edit, { offices, now: clock.now() });
    replaceRegister(layout.register, next);
    const { epoch } = this.register();
    await this.broker.refresh();
    await until(`epoch ${epoch} is in force`, () => this.broker.status().epoch === epoch);
    return next;
  }

  audit(): readonly AuditLine[] {
    const text = readFileSync(join(this.layout.hub, "audit.jsonl"), "utf8");
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditLine);
  }

  serverLog(): string {
    return readFileSync(join(this.layout.logs, "nats-server.log"), "utf8");
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#gateways.keys()].map((agency) => this.stopGateway(agency)));
    await this.#desk?.stop();
    this.#desk = undefined;
    await this.stopBroker();
    await this.server.stop();
    for (const { journal } of this.offices.all.values()) journal.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

function optionsOf(layout: Layout, clock: Clock): BrokerOptions {
  const log = startLog({ name: "broker", file: join(layout.logs, "broker.log") });
  const config = loadBrokerConfig(layout.brokerConfig);
  return loadBrokerOptions(config, { clock, chance: systemChance, log });
}

/** Makes a region in a new folder and starts its server and broker. Gateways start when they are asked for. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  changeHubLimits({ refusalsBurst: options.refusalsBurst ?? 1_000_000 });
  const made = await make(options);
  await options.prepare?.(made);
  const { agoMs = 0 } = options;
  const moving = { offset: (): number => -agoMs };
  const clock = makeShiftedClock(() => moving.offset());
  renderServer(optionsOf(made.layout, clock));
  const serve = options.serve ?? ((_home, config, port) => startServer(config, port));
  const server = await serve(made.home, made.layout.serverConfig, made.port);
  const world = new RunningWorld(made, server, Object.assign(moving, { clock }));
  world.shift(-agoMs);
  try {
    await world.startBroker();
    return world;
  } catch (error) {
    await world.stop();
    throw error;
  }
}
