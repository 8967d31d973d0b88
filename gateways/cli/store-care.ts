import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import { Fault, toFault } from "../../schemas/ground/index.ts";
import { checkStoreFile, type FileAccess, rollBackStore } from "../store/index.ts";
import {
  hasStoreKeys,
  openStoreKey,
  parseVaultConfig,
  type Proof,
  storeShape,
} from "../vault/index.ts";
import { makeAsker } from "./asker.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";

/** Which gateway's folder, and how its store is opened when it is encrypted. */
export interface CareOptions {
  /** The gateway's folder; that of the chosen context's token when left out. */
  readonly folder?: string;
  /** passphrase, recovery, or the path of a key file; what gateway.json says when left out. */
  readonly with?: string;
  /** A private file with the answers, one on each line; - is standard input. */
  readonly from?: string;
}

const maxConfigBytes = 1024 * 1024;
const configShape = z.looseObject({ agency: z.string(), store: storeShape.optional() });

/** The gateway's folder that a command is about. */
export function careFolder({ world, chosen }: Desk, { folder }: CareOptions): string {
  if (folder !== undefined) return resolve(world.cwd, folder);
  const { tokenFile, name } = chosen();
  if (tokenFile !== undefined) return dirname(tokenFile);
  throw new Fault(
    "USAGE_INVALID",
    `the gateway of ${name} is not on this machine; name its folder with --folder`,
  );
}

function readConfig(dir: string): z.infer<typeof configShape> {
  const file = join(dir, "gateway.json");
  try {
    return configShape.parse(parseJsonText(readFileSync(file, "utf8"), maxConfigBytes));
  } catch (error) {
    throw toFault(
      error,
      "CONFIG_INVALID",
      `${file} is not a gateway's configuration; name the folder with --folder`,
    );
  }
}

async function prove(desk: Desk, options: CareOptions, own: Proof | undefined): Promise<Proof> {
  const asker = makeAsker(desk, options.from);
  const { with: word } = options;
  if (word === undefined && own !== undefined) return own;
  if (word === "recovery") return { kind: "recovery", code: await asker.secret("recovery code") };
  if (word !== undefined && word !== "passphrase") return { kind: "file", file: resolve(word) };
  return { kind: "passphrase", passphrase: await asker.secret("passphrase of the store") };
}

/** How the store in a folder is opened; `config` says whose it is. Asks for the passphrase only where it is needed. */
export async function careAccess(
  desk: Desk,
  options: CareOptions,
  dir: string,
): Promise<FileAccess> {
  if (!hasStoreKeys(dir)) return {};
  const { agency, store } = readConfig(
    existsSync(join(dir, "gateway.json")) ? dir : careFolder(desk, options),
  );
  const proof = await prove(desk, options, parseVaultConfig(store)?.own);
  return { key: await openStoreKey({ dir, agency }, proof) };
}

/** Checks every row of a store whose gateway does not run. */
export async function runStoreCheck(desk: Desk, options: CareOptions): Promise<number> {
  const dir = careFolder(desk, options);
  const found = checkStoreFile(join(dir, "store.db"), await careAccess(desk, options, dir));
  const { messages, receipts, publications, version } = found;
  desk.result(
    found,
    `whole: ${messages} messages, ${receipts} receipts, ${publications} slips; version ${version}`,
  );
  return exitCodes.ok;
}

/** Puts back the store as it was before the last upgrade. */
export async function runStoreRollback(desk: Desk, options: CareOptions): Promise<number> {
  const dir = careFolder(desk, options);
  const access = await careAccess(desk, options, dir);
  const version = rollBackStore(join(dir, "store.db"), desk.world.clock.now(), access);
  desk.result(
    { before: version },
    `The store is the one of before version ${version}. The one that was there lies beside it as store.db.replaced.\n` +
      "Start the program of then. It sends again when the hub has said what came since.",
  );
  return exitCodes.ok;
}
