import { buffer } from "node:stream/consumers";

import type Dockerode from "dockerode";
import {
  GenericContainer,
  getContainerRuntimeClient,
  PullPolicy,
  StartedNetwork,
  type StartedTestContainer,
  StartupCheckStrategy,
  type StartupStatus,
} from "testcontainers";

import { until } from "../kit/server.ts";

/** A private network: nothing on it reaches anything outside. */
export async function makeNetwork(name: string): Promise<StartedNetwork> {
  const client = await getContainerRuntimeClient();
  const options = { Name: name, Driver: "bridge", Internal: true };
  return new StartedNetwork(client, name, await client.network.create(options));
}

/** A network, and what a program is called on it. */
export interface Place {
  readonly network: StartedNetwork;
  readonly alias?: string;
}

/** A container as an engine is asked for it. */
export interface ContainerPlan {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user: string;
  readonly host: Dockerode.HostConfig;
  readonly health?: Dockerode.HealthConfig;
  /** The network of another container is named in `host`. */
  readonly networks: readonly Place[];
}

/** A program of ours as it is to be run in a container. */
export interface ProgramPlan {
  readonly image: string;
  readonly command?: readonly string[];
  /** What it may write on: where it sees it, and a folder here. */
  readonly mounts: Readonly<Record<string, string>>;
  readonly networks: readonly Place[];
}

/** As the compose file has each of them: no right, and nothing to write on but what it is given. */
export function harden({ mounts, ...rest }: ProgramPlan): ContainerPlan {
  return {
    ...rest,
    user: "10001:10001",
    host: {
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      Tmpfs: { "/tmp": "rw,noexec,nosuid,nodev,size=64m,mode=1777" },
      Binds: Object.entries(mounts).map(([target, source]) => `${source}:${target}`),
      PidsLimit: 200,
    },
  };
}

/** A container that runs, or did. */
export interface Program {
  readonly id: string;
  /** What a command in it said and how it ended. */
  run(...command: readonly string[]): Promise<{ readonly code: number; readonly out: string }>;
  /** A file of it, as it sees it; undefined when there is none. */
  read(path: string): Promise<Buffer | undefined>;
  /** SIGKILL: as a machine ends it that is switched off. */
  kill(): Promise<void>;
  /** Once more, on what it kept. */
  start(): Promise<void>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
  leave(network: StartedNetwork): Promise<void>;
  join(network: StartedNetwork, alias?: string): Promise<void>;
  addressOn(network: StartedNetwork): Promise<string>;
  /** Waits until it ended, and says with what. */
  ended(): Promise<number>;
  /** Ends it as an engine does, and says with what it ended. */
  end(): Promise<number>;
  logs(): Promise<string>;
  inspect(): Promise<Dockerode.ContainerInspectInfo>;
  remove(): Promise<void>;
}

/** No program of ours listens at a port that this machine sees; one that ended at once is looked at by who started it. */
class Began extends StartupCheckStrategy {
  override async checkStartupState(engine: Dockerode, id: string): Promise<StartupStatus> {
    const { State } = await engine.getContainer(id).inspect();
    return State.Status === "created" ? "PENDING" : "SUCCESS";
  }
}

class Contained extends GenericContainer {
  constructor({ image, command, user, host, health, networks }: ContainerPlan) {
    super(image);
    Object.assign(this.hostConfig, host);
    this.withPullPolicy(PullPolicy.neverPull()).withUser(user).withAutoRemove(false);
    if (command !== undefined) this.withCommand([...command]);
    if (health !== undefined) this.createOpts.Healthcheck = health;
    const [first] = networks;
    this.withNetworkMode(host.NetworkMode ?? first?.network.getName() ?? "none");
    if (first?.alias === undefined) return;
    // not by the library's own way: that puts who has another name on the engine's usual network first, which leads outside
    const EndpointsConfig = { [first.network.getName()]: { Aliases: [first.alias] } };
    this.createOpts.NetworkingConfig = { EndpointsConfig };
  }
}

/** What a program said: an engine puts eight bytes before each piece, the last four of them its length. */
function textOf(frames: Buffer): string {
  let text = "";
  for (let at = 0; at + 8 <= frames.length;) {
    const end = at + 8 + frames.readUInt32BE(at + 4);
    text += frames.toString("utf8", at + 8, end);
    at = end;
  }
  return text;
}

class Running implements Program {
  readonly #started: StartedTestContainer;
  readonly #engine: Dockerode;

  constructor(started: StartedTestContainer, engine: Dockerode) {
    this.#started = started;
    this.#engine = engine;
  }

  get id(): string {
    return this.#started.getId();
  }

  get #container(): Dockerode.Container {
    return this.#engine.getContainer(this.id);
  }

  async run(...command: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
    const { exitCode: code, stdout, stderr } = await this.#started.exec([...command]);
    return { code, out: `${stdout}${stderr}` };
  } // prettier-ignore

  async read(path: string): Promise<Buffer | undefined> {
    try {
      return await buffer(await this.#started.copyArchiveFromContainer(path));
    } catch (error) {
      if (error instanceof Error && "statusCode" in error && error.statusCode === 404) return undefined;
      throw error;
    }
  } // prettier-ignore

  async kill(): Promise<void> {
    await this.#container.kill();
    // asked to kill, an engine answers before it is dead
    await this.#container.wait({ condition: "not-running" });
  }

  async start(): Promise<void> {
    await this.#container.start();
  }

  async pause(): Promise<void> {
    // on a busy machine an engine may not hold all of a container's threads at once: it lets them go on, and is asked again
    await until("it stands still", async () => {
      try {
        await this.#container.pause();
        return true;
      } catch (error) {
        if (error instanceof Error && error.message.includes("unable to freeze")) return false;
        throw error;
      }
    });
  }

  async unpause(): Promise<void> {
    await this.#container.unpause();
  }

  async leave(network: StartedNetwork): Promise<void> {
    await this.#engine.getNetwork(network.getId()).disconnect({ Container: this.id });
  }

  async join(network: StartedNetwork, alias?: string): Promise<void> {
    const EndpointConfig = alias === undefined ? {} : { Aliases: [alias] };
    await this.#engine.getNetwork(network.getId()).connect({ Container: this.id, EndpointConfig });
  }

  async addressOn(network: StartedNetwork): Promise<string> {
    const { NetworkSettings } = await this.inspect();
    return NetworkSettings.Networks[network.getName()]?.IPAddress ?? "";
  }

  async ended(): Promise<number> {
    await this.#container.wait({ condition: "not-running" });
    return (await this.inspect()).State.ExitCode;
  }

  async end(): Promise<number> {
    await this.#container.stop({ t: 60 });
    return await this.ended();
  }

  async logs(): Promise<string> {
    const { State } = await this.inspect();
    const frames = await this.#container.logs({ stdout: true, stderr: true, follow: false });
    return `${textOf(frames)}(${State.Status} ${State.ExitCode})`;
  }

  async inspect(): Promise<Dockerode.ContainerInspectInfo> {
    return await this.#container.inspect();
  }

  async remove(): Promise<void> {
    await this.#container.remove({ force: true, v: true });
  }
}

/** Starts a program; it stays when it ends, until it is removed. */
export async function startProgram(plan: ContainerPlan): Promise<Program> {
  const client = await getContainerRuntimeClient();
  const started = await new Contained(plan).withWaitStrategy(new Began()).start();
  const program = new Running(started, client.container.dockerode);
  for (const { network, alias } of plan.networks.slice(1)) await program.join(network, alias);
  return program;
}

/** Runs a program to its end, and gives what it said. @throws {Error} when it ends with anything but 0 */
export async function runOnce(plan: ContainerPlan): Promise<string> {
  const program = await startProgram(plan);
  try {
    const code = await program.ended();
    const told = await program.logs();
    if (code !== 0) throw new Error(told);
    return told;
  } finally {
    await program.remove();
  }
}
