import { execFile, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { parse as parseYaml, stringify } from "yaml";
import { z } from "zod";

import type { Composition, Watched } from "./compose-file.ts";

const runFile = promisify(execFile);
/** Since then a file beside another may replace a part of it (`!override`). */
const [leastMajor, leastMinor] = [2, 24] as const;

/** `docker compose` as it is called here, or what ATUMPAN_COMPOSE names; undefined where there is none that knows our files. */
export function findComposeCommand(): readonly string[] | undefined {
  const named = process.env["ATUMPAN_COMPOSE"];
  const command = named === undefined ? ["docker", "compose"] : [named];
  const [file = "", ...args] = command;
  const asked = spawnSync(file, [...args, "version", "--short"], { encoding: "utf8" });
  const [, major = "0", minor = "0"] = /^v?(\d+)\.(\d+)/.exec(asked.stdout ?? "") ?? [];
  const isNew = Number(major) > leastMajor || (Number(major) === leastMajor && Number(minor) >= leastMinor);
  return asked.status === 0 && isNew ? command : undefined;
} // prettier-ignore

const file = z.looseObject({
  services: z.record(z.string(), z.looseObject({ image: z.string() })),
});
const state = z.looseObject({
  State: z.looseObject({
    Running: z.boolean(),
    ExitCode: z.number(),
    Health: z.looseObject({ Status: z.string() }).optional(),
  }),
});

/** What a run of `docker compose` is of. */
export interface ComposeOrder {
  /** What calls it ({@link findComposeCommand}). */
  readonly command: readonly string[];
  /** The folder with `compose.yaml`. */
  readonly folder: string;
  /** The name of this run; no two at a time have one. */
  readonly run: string;
  /** What an image of the file is called here. */
  readonly imageOf: (image: string) => string;
  /** Further lines of the file beside it, in YAML: what a test needs otherwise, such as another port. */
  readonly more?: string;
}

interface Ended {
  readonly code: number;
  readonly out: string;
}

/** Runs a command to its end, whatever that is. */
async function call(command: readonly string[]): Promise<Ended> {
  const [name = "", ...args] = command;
  try {
    const { stdout, stderr } = await runFile(name, args, { maxBuffer: 64e6 });
    return { code: 0, out: `${stdout}${stderr}` };
  } catch (error) {
    const { code, stdout, stderr } = z.looseObject({ code: z.number(), stdout: z.string(), stderr: z.string() }).parse(error);
    return { code, out: `${stdout}${stderr}` };
  }
} // prettier-ignore

class ByCommand implements Composition {
  readonly running = new Map<string, Watched>();
  readonly #command: readonly string[];

  constructor(command: readonly string[]) {
    this.#command = command;
  }

  async #must(...args: readonly string[]): Promise<string> {
    const { code, out } = await call([...this.#command, ...args]);
    if (code !== 0) throw new Error(`docker compose ${args.join(" ")}: ${code} ${out}`);
    return out;
  }

  async #inspect(name: string): Promise<z.infer<typeof state>> {
    const id = (await this.#must("ps", "--all", "--quiet", name)).trim();
    const { out } = await call(["docker", "inspect", id]);
    return z.tuple([state]).parse(JSON.parse(out))[0];
  }

  async up(): Promise<void> {
    await this.#must("up", "--detach", "--quiet-pull");
    for (const name of (await this.#must("ps", "--services")).trim().split("\n")) {
      this.running.set(name, {
        inspect: async () => await this.#inspect(name),
        logs: async () => await this.#must("logs", "--no-color", name),
      });
    }
  }

  async run(name: string, ...command: readonly string[]): Promise<Ended> {
    return await call([...this.#command, "run", "--rm", "--no-deps", "-T", name, ...command]);
  }

  async endOne(name: string): Promise<number> {
    await this.#must("stop", name);
    this.running.delete(name);
    return (await this.#inspect(name)).State.ExitCode;
  }

  async end(): Promise<Readonly<Record<string, number>>> {
    await this.#must("stop");
    const codes: Record<string, number> = {};
    for (const name of this.running.keys()) codes[name] = (await this.#inspect(name)).State.ExitCode;
    return codes;
  } // prettier-ignore

  async remove(): Promise<void> {
    await this.#must("down", "--volumes", "--remove-orphans", "--timeout", "10");
  }
}

/** Has `docker compose` start what a folder's `compose.yaml` says, with the images that were made here and no others. */
export async function composeByCommand({ command, folder, run, imageOf, more }: ComposeOrder): Promise<Composition> {
  const { services } = file.parse(parseYaml(readFileSync(join(folder, "compose.yaml"), "utf8"), { merge: true }));
  const images = Object.entries(services).map(([name, { image }]) => [name, { image: imageOf(image), pull_policy: "never" }]);
  const files = ["compose.yaml", "images.yaml", ...(more === undefined ? [] : ["more.yaml"])].map((name) => join(folder, name));
  writeFileSync(join(folder, "images.yaml"), stringify({ services: Object.fromEntries(images) }));
  if (more !== undefined) writeFileSync(join(folder, "more.yaml"), more);
  const started = new ByCommand([...command, "--project-name", run, ...files.flatMap((path) => ["--file", path])]);
  try {
    await started.up();
    return started;
  } catch (error) {
    await started.remove();
    throw error;
  }
} // prettier-ignore
