import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Command } from "commander";

import { loadAnchors, loadRecoveryKey } from "../../gateways/backup/index.ts";
import { type Desk, exitCodes, type Start } from "../../gateways/cli/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import { toFault } from "../../schemas/ground/index.ts";
import { configWords, findHubConfig } from "./find-config.ts";
import type { HubPlace } from "./hub-backup.ts";

interface HubOptions {
  readonly config?: string;
}

interface MakeOptions extends HubOptions {
  readonly to: readonly string[];
  readonly out: string;
  readonly withKeys?: true;
}

interface ReadOptions extends HubOptions {
  readonly key: string;
}

async function backupRoom(): Promise<typeof import("./hub-backup.ts")> {
  return await import("./hub-backup.ts");
}

async function placeOf({ world }: Desk, { config }: HubOptions): Promise<HubPlace> {
  const { openHubPlace } = await backupRoom();
  return openHubPlace(findHubConfig(world.cwd, config), world);
}

function readRecipient(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw toFault(error, "KEY_UNUSABLE", `${file} cannot be read`);
  }
}

async function runBackup(desk: Desk, options: MakeOptions): Promise<number> {
  const { backUpHub } = await backupRoom();
  const { cwd } = desk.world;
  const out = resolve(cwd, options.out);
  const recipients = options.to.map((file) => readRecipient(resolve(cwd, file)));
  const place = await placeOf(desk, options);
  const made = await backUpHub(place, out, { recipients, withKeys: options.withKeys === true });
  desk.result({ file: out, ...made }, `${out}: ${made.bytes} bytes`);
  if (options.withKeys === true) desk.say("It holds private keys: whoever has the recovery key can act as this hub.");
  return exitCodes.ok;
} // prettier-ignore

async function runDrill(desk: Desk, file: string, options: ReadOptions): Promise<number> {
  const { drillHub } = await backupRoom();
  const { cwd } = desk.world;
  const key = loadRecoveryKey(resolve(cwd, options.key));
  const { report, file: written } = await drillHub(await placeOf(desk, options), { file: resolve(cwd, file), key });
  desk.result(report, `The backup can be put back; the signed report is ${written}.`);
  return exitCodes.ok;
} // prettier-ignore

async function runRestore(desk: Desk, file: string, options: { readonly key: string; readonly root: string; readonly into: string }): Promise<number> {
  const { restoreHub } = await backupRoom();
  const { cwd } = desk.world;
  const into = resolve(cwd, options.into);
  const reading = { file: resolve(cwd, file), key: loadRecoveryKey(resolve(cwd, options.key)) };
  const { agency, createdAt, withKeys } = await restoreHub(reading, into, loadAnchors(resolve(cwd, options.root)));
  desk.result({ agency, createdAt, withKeys, into }, `${agency} as it was ${renderInstant(createdAt)} lies in ${into}.`);
  if (!withKeys || !existsSync(join(into, "log.key"))) desk.say("No private keys were in it: put them back from where they are kept.");
  return exitCodes.ok;
} // prettier-ignore

/** Adds `hub backup`, `hub drill` and `hub restore`. */
export function addDrill(hub: Command, program: Command, start: Start): void {
  const keyWords = "the private half of a recovery key";
  hub
    .command("backup")
    .description("make a backup of the hub, sealed and signed; the broker goes on")
    .requiredOption("--to <file...>", "public halves of one or two recovery keys (backup key new)")
    .requiredOption("--out <file>", "a new file")
    .option("--with-keys", "the hub's private keys too")
    .option("--config <file>", configWords)
    .action((options: MakeOptions) => start(program.opts(), (desk) => runBackup(desk, options)));
  hub
    .command("drill <backup>")
    .description("try whether a backup of the hub could be put back; leaves a signed report")
    .requiredOption("--key <file>", keyWords)
    .option("--config <file>", configWords)
    .action((file: string, options: ReadOptions) =>
      start(program.opts(), (desk) => runDrill(desk, file, options)),
    );
  hub
    .command("restore <backup>")
    .description("put a backup of the hub into a new folder")
    .requiredOption("--key <file>", keyWords)
    .requiredOption("--root <file>", "a root of the register that you trust")
    .requiredOption("--into <folder>", "a new folder")
    .action((file: string, options: { key: string; root: string; into: string }) =>
      start(program.opts(), (desk) => runRestore(desk, file, options)),
    );
}
