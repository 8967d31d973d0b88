import { readFileSync } from "node:fs";
import { join } from "node:path";

import type Dockerode from "dockerode";
import type { StartedNetwork } from "testcontainers";
import { parse as parseYaml } from "yaml";
import { z } from "zod";

import {
  type ContainerPlan,
  makeNetwork,
  type Place,
  type Program,
  runOnce,
  startProgram,
} from "./program.ts";

const words = z.array(z.string());
const place = z.strictObject({ aliases: z.tuple([z.string()]).optional() });
type Places = Record<string, z.infer<typeof place>>;
/** Every word that our compose files use; with another one this reader would start something else than they say. */
const service = z.strictObject({
  image: z.string(),
  command: words.optional(),
  restart: z.string().optional(),
  user: z.string(),
  read_only: z.boolean(),
  cap_drop: words,
  security_opt: words,
  tmpfs: words,
  volumes: words,
  network_mode: z.string().optional(),
  networks: z
    .union([
      words.transform((names): Places => Object.fromEntries(names.map((name) => [name, {}]))),
      z.record(z.string(), place),
    ])
    .default({}),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.enum(["service_completed_successfully", "service_started"]) })).default({}),
  profiles: words.default([]),
  healthcheck: z.strictObject({ test: words, interval: z.string(), timeout: z.string(), start_period: z.string() }).optional(),
  stop_grace_period: z.string().optional(),
  mem_limit: z.string().optional(),
  pids_limit: z.number().optional(),
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }).optional(),
}); // prettier-ignore
const file = z.looseObject({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.strictObject({ internal: z.literal(true) })),
});

type Service = z.infer<typeof service>;

const units: Readonly<Record<string, number>> = { s: 1e9, m: 2 ** 20, g: 2 ** 30 };

/** "30s" in nanoseconds, "64m" and "1g" in bytes. */
function amount(text: string): number {
  const [, count = "", unit = ""] = /^(\d+)([smg])$/.exec(text) ?? [];
  const one = units[unit];
  if (one === undefined) throw new Error(`${text} is no amount that this reader knows`);
  return Number(count) * one;
}

function healthOf({ healthcheck }: Service): { readonly health?: Dockerode.HealthConfig } {
  if (healthcheck === undefined) return {};
  const { test, interval, timeout, start_period: start } = healthcheck;
  return { health: { Test: test, Interval: amount(interval), Timeout: amount(timeout), StartPeriod: amount(start) } };
} // prettier-ignore

function hostOf(one: Service, folder: string, mode: string | undefined): Dockerode.HostConfig {
  const [name = "no", retries] = (one.restart ?? "no").split(":");
  return {
    ReadonlyRootfs: one.read_only,
    CapDrop: one.cap_drop,
    SecurityOpt: one.security_opt,
    Tmpfs: Object.fromEntries(one.tmpfs.map((text) => [text.replace(/:.*/, ""), text.replace(/^[^:]*:/, "")])),
    Binds: one.volumes.map((text) => text.replace(/^\.\//, `${folder}/`)),
    RestartPolicy: { Name: name, MaximumRetryCount: Number(retries ?? 0) },
    ...(mode === undefined ? {} : { NetworkMode: mode }),
    ...(one.mem_limit === undefined ? {} : { Memory: amount(one.mem_limit) }),
    ...(one.pids_limit === undefined ? {} : { PidsLimit: one.pids_limit }),
    ...(one.logging === undefined ? {} : { LogConfig: { Type: one.logging.driver, Config: one.logging.options } }),
  };
} // prettier-ignore

/** A service that runs, as it is looked at. */
export interface Watched {
  inspect(): Promise<{ readonly State: { readonly Running: boolean; readonly Health?: { readonly Status: string } | undefined } }>;
  logs(): Promise<string>;
} // prettier-ignore

/** What a compose file says, started as it says it. */
export interface Composition {
  /** The services that run. */
  readonly running: ReadonlyMap<string, Watched>;
  /** `docker compose run --rm NAME …`: what it said, and how it ended. */
  run(
    name: string,
    ...command: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string }>;
  /** Ends one of them, and says with what it ended. */
  endOne(name: string): Promise<number>;
  /** Ends each after those that need it, and says with what each ended. */
  end(): Promise<Readonly<Record<string, number>>>;
  remove(): Promise<void>;
}

class Started implements Composition {
  readonly running = new Map<string, Program>();
  readonly #services: Readonly<Record<string, Service>>;
  readonly #networks: ReadonlyMap<string, StartedNetwork>;
  readonly #folder: string;
  readonly #imageOf: (image: string) => string;

  constructor(services: Readonly<Record<string, Service>>, networks: ReadonlyMap<string, StartedNetwork>, at: { readonly folder: string; readonly imageOf: (image: string) => string }) {
    [this.#services, this.#networks] = [services, networks];
    [this.#folder, this.#imageOf] = [at.folder, at.imageOf];
  } // prettier-ignore

  #service(name: string): Service {
    const found = this.#services[name];
    if (found === undefined) throw new Error(`there is no service ${name}`);
    return found;
  }

  #placesOf({ networks }: Service): readonly Place[] {
    return Object.entries(networks).map(([name, { aliases }]) => {
      const alias = aliases?.[0];
      const network = this.#networks.get(name);
      if (network === undefined) throw new Error(`there is no network ${name}`);
      return alias === undefined ? { network } : { network, alias };
    });
  }

  #planOf(name: string, command?: readonly string[]): ContainerPlan {
    const one = this.#service(name);
    const beside = /^service:(.+)$/.exec(one.network_mode ?? "")?.[1];
    const mode = beside === undefined ? one.network_mode : `container:${this.running.get(beside)?.id}`;
    const said = command ?? one.command;
    return {
      image: this.#imageOf(one.image),
      ...(said === undefined ? {} : { command: said }),
      user: one.user,
      host: hostOf(one, this.#folder, mode),
      ...healthOf(one),
      networks: this.#placesOf(one),
    };
  } // prettier-ignore

  async start(name: string): Promise<void> {
    if (this.running.has(name)) return;
    for (const [other, { condition }] of Object.entries(this.#service(name).depends_on)) {
      if (condition === "service_completed_successfully") await runOnce(this.#planOf(other));
      else await this.start(other);
    }
    this.running.set(name, await startProgram(this.#planOf(name)));
  }

  async run(name: string, ...command: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
    const program = await startProgram(this.#planOf(name, command));
    try {
      return { code: await program.ended(), out: await program.logs() };
    } finally {
      await program.remove();
    }
  } // prettier-ignore

  async endOne(name: string): Promise<number> {
    const program = this.running.get(name);
    if (program === undefined) throw new Error(`${name} does not run`);
    this.running.delete(name);
    return await program.end();
  }

  async end(): Promise<Readonly<Record<string, number>>> {
    const codes: Record<string, number> = {};
    for (const [name, program] of [...this.running].toReversed()) codes[name] = await program.end();
    return codes;
  }

  async remove(): Promise<void> {
    await Promise.all([...this.running.values()].map((program) => program.remove()));
    await Promise.all([...this.#networks.values()].map((network) => network.stop()));
  }
}

/** `docker compose up -d`, of a folder with a `compose.yaml`; `imageOf` says what an image is called here. */
export async function compose(folder: string, run: string, imageOf: (image: string) => string): Promise<Composition> {
  const said = file.parse(parseYaml(readFileSync(join(folder, "compose.yaml"), "utf8"), { merge: true }));
  const names = Object.keys(said.networks);
  const networks = new Map(await Promise.all(names.map(async (name) => [name, await makeNetwork(`${run}-${name}`)] as const)));
  const started = new Started(said.services, networks, { folder, imageOf });
  const needed = new Set(Object.values(said.services).flatMap(({ depends_on: others }) =>
    Object.entries(others).filter(([, { condition }]) => condition !== "service_started").map(([name]) => name)));
  const lasting = Object.entries(said.services).filter(([name, { profiles }]) => profiles.length === 0 && !needed.has(name));
  try {
    for (const [name] of lasting) await started.start(name);
    return started;
  } catch (error) {
    await started.remove();
    throw error;
  }
} // prettier-ignore
