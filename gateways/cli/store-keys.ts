import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import { Fault, isFault, systemChance, systemClock } from "../../schemas/ground/index.ts";
import {
  addProtector,
  encryptStore,
  listProtectors,
  makeRecoveryCode,
  parseVaultConfig,
  type Proof,
  type ProtectorOrder,
  proveByPlace,
  removeProtector,
  rekeyStore,
  type StorePlace,
  storeShape,
} from "../vault/index.ts";
import { type Asker, makeAsker } from "./asker.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { careFolder } from "./store-care.ts";

/** Which protectors, and how the store is opened to change them. */
export interface ProtectorOptions {
  /** The gateway's folder; that of the chosen context's token when left out. */
  readonly folder?: string;
  readonly passphrase?: true;
  /** An absolute path outside the folder; made when it is not there. */
  readonly keyFile?: string;
  /** A PKCS #11 URI of an AES key. */
  readonly token?: string;
  /** Another name than that of its kind. */
  readonly name?: string;
  /** passphrase, recovery, the path of a key file or a PKCS #11 URI; what gateway.json says when left out. */
  readonly with?: string;
  /** A private file with the answers, one on each line; - is standard input. */
  readonly from?: string;
}

const maxConfigBytes = 1024 * 1024;
const configShape = z.looseObject({ agency: z.string(), store: storeShape.optional() });

interface Folder {
  readonly place: StorePlace;
  readonly store: z.infer<typeof storeShape> | undefined;
}

function readFolder(desk: Desk, { folder }: ProtectorOptions): Folder {
  const dir = careFolder(desk, folder === undefined ? {} : { folder });
  const file = join(dir, "gateway.json");
  try {
    const { agency, store } = configShape.parse(
      parseJsonText(readFileSync(file, "utf8"), maxConfigBytes),
    );
    return { place: { dir, agency }, store };
  } catch (cause) {
    const why = isFault(cause) ? cause.detail : "is not a gateway's configuration";
    throw new Fault("CONFIG_INVALID", `${file}: ${why}; name the gateway's folder with --folder`, {
      cause,
    });
  }
}

/** How a protector that is there is opened. */
async function proofOf(asker: Asker, word: string): Promise<Proof> {
  if (word === "passphrase")
    return { kind: "passphrase", passphrase: await asker.secret("passphrase of the store") };
  if (word === "recovery") return { kind: "recovery", code: await asker.secret("recovery code") };
  return proveByPlace(word) ?? { kind: "file", file: word };
}

async function presentProof(
  asker: Asker,
  options: ProtectorOptions,
  { store }: Folder,
): Promise<Proof> {
  if (options.with !== undefined) return await proofOf(asker, options.with);
  return parseVaultConfig(store)?.own ?? (await proofOf(asker, "passphrase"));
}

/** The protectors that the options ask for, in the order passphrase, key file, token. */
async function newProtectors(
  asker: Asker,
  options: ProtectorOptions,
): Promise<readonly ProtectorOrder[]> {
  const { passphrase, keyFile, token, name } = options;
  const orders: ProtectorOrder[] = [];
  if (passphrase === true)
    orders.push({
      name: "passphrase",
      proof: { kind: "passphrase", passphrase: await asker.newSecret("new passphrase") },
    });
  if (keyFile !== undefined) {
    if (!isAbsolute(keyFile)) throw new Fault("USAGE_INVALID", "--key-file is an absolute path");
    orders.push({ name: "key-file", proof: { kind: "file", file: keyFile } });
  }
  if (token !== undefined) {
    const proof = proveByPlace(token);
    if (proof === undefined) throw new Fault("USAGE_INVALID", "--token is a PKCS #11 URI");
    orders.push({ name: "token", proof });
  }
  if (orders.length === 0)
    throw new Fault(
      "USAGE_INVALID",
      "say what opens the store: --passphrase, --key-file PATH or --token URI",
    );
  const [only, more] = orders;
  return name === undefined || only === undefined || more !== undefined
    ? orders
    : [{ ...only, name }];
}

const means = { chance: systemChance, clock: systemClock };

function sayCode(desk: Desk, code: string, done: string): number {
  desk.say(
    `${done} Write this recovery code on paper and keep it away from the machine; it is not shown again:`,
  );
  desk.result({ recoveryCode: code }, code);
  return exitCodes.ok;
}

async function withRecovery(
  asker: Asker,
  options: ProtectorOptions,
): Promise<{ code: string; orders: readonly ProtectorOrder[] }> {
  const code = makeRecoveryCode(systemChance);
  const own = await newProtectors(asker, options);
  return { code, orders: [...own, { name: "recovery", proof: { kind: "recovery", code } }] };
}

/** Makes the key of a gateway's store and encrypts the store; the gateway does not run. Prints the recovery code. */
export async function runProtectorsInit(desk: Desk, options: ProtectorOptions): Promise<number> {
  const { place, store } = readFolder(desk, options);
  const { code, orders } = await withRecovery(makeAsker(desk, options.from), options);
  await encryptStore(place, { orders, means });
  if (store === undefined)
    desk.say(
      'Now add to gateway.json: "store": {"protector": …}: passphrase, the path of the key file or the PKCS #11 URI.',
    );
  return sayCode(desk, code, "The store is encrypted.");
}

/** Brings a store under another key; the gateway does not run. Only what is named opens it then. Prints the recovery code. */
export async function runRekey(desk: Desk, options: ProtectorOptions): Promise<number> {
  const folder = readFolder(desk, options);
  const asker = makeAsker(desk, options.from);
  const proof = await presentProof(asker, options, folder);
  const { code, orders } = await withRecovery(asker, options);
  await rekeyStore(folder.place, proof, { orders, means });
  return sayCode(desk, code, "The store is under another key.");
}

/** Lists what opens a store: names and kinds. */
export function runProtectorsList(desk: Desk, options: ProtectorOptions): number {
  const { place } = readFolder(desk, options);
  const protectors = listProtectors(place.dir);
  desk.result(
    { protectors },
    protectors.map(({ name, kind }) => `${name.padEnd(20)} ${kind}`).join("\n"),
  );
  return exitCodes.ok;
}

/** Lets one more protector open a store; the gateway may run. */
export async function runProtectorsAdd(desk: Desk, options: ProtectorOptions): Promise<number> {
  const folder = readFolder(desk, options);
  const asker = makeAsker(desk, options.from);
  const proof = await presentProof(asker, options, folder);
  const orders = await newProtectors(asker, options);
  for (const order of orders) await addProtector(folder.place, { proof, order }, means);
  return runProtectorsList(desk, options);
}

/** Takes a protector away; the last one stays. */
export function runProtectorsRemove(desk: Desk, name: string, options: ProtectorOptions): number {
  const { place } = readFolder(desk, options);
  removeProtector(place.dir, name);
  desk.say(
    "Whoever has an old copy of store-key.json can still use it: atumpan store rekey shuts him out.",
  );
  return runProtectorsList(desk, options);
}
