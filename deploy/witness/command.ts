import { resolve } from "node:path";

import type { Command } from "commander";

import { type Desk, exitCodes, type Start } from "../../gateways/cli/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { parseCheckpoint, renderVerifierKey } from "../../certs/log/index.ts";
import { loadWitnessConfig, makeWitnessFolder, openCosigners } from "./folder.ts";
import { listSeen } from "./seen-store.ts";

interface InitOptions {
  readonly name: string;
  readonly hub?: string;
  readonly agency?: string;
  readonly register?: string;
  readonly root?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly log?: readonly string[];
  readonly listen?: string;
}

function refuse(detail: string): never {
  throw new Fault("USAGE_INVALID", detail);
}

function parseListen(text: string): { readonly host: string; readonly port: number } {
  const cut = text.lastIndexOf(":");
  const port = text.slice(cut + 1);
  if (cut < 1 || !/^\d{1,5}$/.test(port)) refuse("--listen is HOST:PORT");
  return { host: text.slice(0, cut).replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

function linkOf(cwd: string, options: InitOptions): unknown {
  const { hub, agency, register, root, certificate, key } = options;
  if (hub === undefined) return undefined;
  const at = (file: string | undefined): string =>
    file === undefined ? refuse("--hub needs --agency, --register, --root, --certificate and --key") : resolve(cwd, file);
  return {
    hub,
    agency: agency ?? refuse("--hub needs --agency, --register, --root, --certificate and --key"),
    registerFile: at(register),
    rootFile: at(root),
    certificateFile: at(certificate),
    keyFile: at(key),
  };
} // prettier-ignore

function init({ world, result }: Desk, dir: string, options: InitOptions): number {
  const { name, log = [], listen } = options;
  const config = {
    name,
    link: linkOf(world.cwd, options),
    logs: log,
    listen: listen === undefined ? undefined : parseListen(listen),
  };
  const cosigners = makeWitnessFolder(resolve(world.cwd, dir), config);
  const keys = cosigners.map(({ verifierKey }) => renderVerifierKey(verifierKey));
  const words = [`${dir}: a witness. The private keys stay in it; its folder has no copy that is ever used again.`, "For the registrars, the keys by which it is known:", ...keys];
  result({ name, keys }, words.join("\n"));
  return exitCodes.ok;
} // prettier-ignore

function show({ world, result }: Desk, dir: string): number {
  const folder = resolve(world.cwd, dir);
  const { name } = loadWitnessConfig(folder);
  const keys = openCosigners(folder, name).map(({ verifierKey }) => renderVerifierKey(verifierKey));
  const logs = listSeen(folder).map(({ text }) => {
    const { origin, size, root } = parseCheckpoint(text);
    return { origin, size, root: Buffer.from(root).toString("base64") };
  });
  const lines = logs.map(({ origin, size, root }) => `${origin}: ${size} entries, ${root}`);
  result({ name, keys, logs }, [name, ...keys, ...lines].join("\n"));
  return exitCodes.ok;
}

async function run({ world, say }: Desk, dir: string, isOnce: boolean): Promise<number> {
  const { cwd, clock, chance, signal } = world;
  const options = { dir: resolve(cwd, dir), clock, chance, signal, say };
  // only who runs one waits for what speaks to a hub
  const { runWitness } = await import("./run.ts");
  return (await runWitness(options, isOnce)) ? exitCodes.ok : exitCodes.verificationFailed;
}

/** Adds `witness …`: for who watches what logs say of themselves. A log that contradicts itself ends it with 8. */
export function addWitness(program: Command, start: Start): void {
  const witness = program.command("witness").description("watch logs, and cosign what goes on from before");
  witness
    .command("init <folder>")
    .description("make a witness: its keys, and an empty record of what it cosigned")
    .requiredOption("--name <name>", "its name, as the register will have it")
    .option("--hub <hub>", "the hub it dials")
    .option("--agency <agency>", "the agency whose link it dials with")
    .option("--register <file>", "the register to begin with")
    .option("--root <file>", "a root of the register, root.json")
    .option("--certificate <file>", "the link's certificate")
    .option("--key <file>", "the link's key")
    .option("--log <vkey...>", "verifier keys of logs that the register does not know")
    .option("--listen <address>", "HOST:PORT where logs may call it")
    .action((dir: string, options: InitOptions) => {
      start(program.opts(), (desk) => init(desk, dir, options));
    });
  witness
    .command("run <folder>")
    .description("watch and cosign until it is stopped")
    .option("--once", "visit the hub once; 8 when its log contradicts itself")
    .action((dir: string, { once = false }: { once?: boolean }) => {
      start(program.opts(), (desk) => run(desk, dir, once));
    });
  witness
    .command("show <folder>")
    .description("its keys, and what it cosigned last of each log")
    .action((dir: string) => start(program.opts(), (desk) => show(desk, dir)));
} // prettier-ignore
