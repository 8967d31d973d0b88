import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { replaceFile } from "../schemas/disk/index.ts";
import { Fault, toFault, utf8 } from "../schemas/ground/index.ts";
import type { Signer } from "../certs/keys/index.ts";
import type { Journal } from "./journal.ts";
import { type JetStream, streamNames } from "./nats/index.ts";
import type { BrokerOptions } from "./options.ts";

/** Where each broker of a hub says which folder is its own. */
const noteFolder = "brokers-known";

/** The hub's hand while it is this broker's turn, and nobody's while it is not. */
export function bindSigner(signer: Signer, { turn }: Pick<BrokerOptions, "turn">): Signer {
  const check = (): void => {
    if (turn?.isOurs === false) throw new Fault("HUB_UNREACHABLE", "it is another broker's turn to sign");
  };
  return {
    signer: signer.signer,
    sign: (...said) => {
      check();
      return signer.sign(...said);
    },
    signAll: (...said) => {
      check();
      return signer.signAll(...said);
    },
  };
} // prettier-ignore

/**
 * Refuses a broker that takes no turns beside others that do: nobody would hold it back.
 *
 * @throws {Fault} CONFIG_INVALID, HUB_*
 */
export async function checkTurns(jetStream: JetStream, { turn, standby }: Pick<BrokerOptions, "turn" | "standby">): Promise<void> {
  if (turn !== undefined || standby !== undefined) return;
  const found = await jetStream.stream(streamNames.turn);
  if (found === undefined) return;
  throw new Fault("CONFIG_INVALID", "the brokers of this hub take turns: give this one a `standby` of its own too");
} // prettier-ignore

function readNotes(folder: string): ReadonlyMap<string, string> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^[a-z0-9-]+$/.test(name)) : [];
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
} // prettier-ignore

/** Two brokers never write in one folder, and none is known by another's name. */
function checkNotes(notes: ReadonlyMap<string, string>, { name, dir }: { readonly name: string; readonly dir: string }): void {
  const known = notes.get(name) ?? dir;
  const [other] = [...notes].find(([one, at]) => one !== name && at === dir) ?? [];
  if (known === dir && other === undefined) return;
  const what = known === dir ? `dir is the broker's that is called ${other}` : `another broker is called ${name}, by its dir`;
  throw new Fault("CONFIG_INVALID", `standby: ${what}; where that is no more, remove its file in ${noteFolder}`);
} // prettier-ignore

/** Leaves word which folder is this broker's own, for those that take over from it. @throws {Fault} CONFIG_INVALID */
export function noteBroker({ dir, standby }: Pick<BrokerOptions, "dir" | "standby">, journal?: Pick<Journal, "write">): void {
  if (standby === undefined) return;
  journal?.write("turn taken", { kind: standby.name });
  const folder = join(standby.folder, noteFolder);
  checkNotes(readNotes(folder), { name: standby.name, dir });
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    replaceFile(join(folder, standby.name), utf8(dir), { mode: 0o600 });
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "standby.folder cannot be written");
  }
} // prettier-ignore

/** What the other brokers of the hub saw of its log, as they wrote it down: the log has to reach as far. */
export function seenByOthers({ dir, standby }: Pick<BrokerOptions, "dir" | "standby">): readonly string[] {
  if (standby === undefined) return [];
  const dirs = [...readNotes(join(standby.folder, noteFolder)).values()];
  return dirs.filter((one) => one !== dir).map((one) => join(one, "log-seen"));
} // prettier-ignore
