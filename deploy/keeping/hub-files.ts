import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

import type { BrokerConfig } from "../../broker/index.ts";
import { isPrivate, type Listed } from "../../gateways/backup/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type LastingFile, packFiles, readGrowing } from "./tile-packs.ts";

/** What is written anew at each start, or holds only while the broker runs. */
const passing = /^(?:status\.json|stop-order.*|.*\.new|.*\.log|.*\.pid)$/;
/** Keys that are no PEM file, and the server's own configuration, which nobody but its owner reads. */
const secretFile = /(?:^hub-keys\.json|^log\.key|\.conf)$/;
const maxTries = 10;
/** What a reader of backups takes, less a few. */
const maxFiles = 49_800;
/** What only grows, without bound: its beginning is what it was at one moment. */
const growing = /(?:^|\/)(?:audit\.jsonl|log\/places\/[0-9a-f]+)$/;

function isStore(path: string, { server, cluster }: BrokerConfig): boolean {
  const servers = cluster?.servers ?? [server];
  return servers.some(({ storeDir }) => storeDir === path);
}

function walk(folder: string, config: BrokerConfig): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return isStore(path, config) ? [] : walk(path, config);
    return entry.isFile() && !passing.test(entry.name) ? [path] : [];
  });
}

/** Full tiles never change; all else is read at one moment. */
function isLasting(name: string): boolean {
  return name.includes("/log/tile/") && !name.includes(".p/");
}

function readState(dir: string): string {
  const file = join(dir, "log", "state.json");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

interface Found {
  readonly lasting: readonly LastingFile[];
  readonly other: readonly Listed[];
}

interface Place {
  readonly path: string;
  /** Below the folder that it is part of. */
  readonly inFolder: string;
  readonly name: string;
}

function placesIn(folder: string, prefix: string, config: BrokerConfig): readonly Place[] {
  return walk(folder, config).map((path) => {
    const inFolder = relative(folder, path);
    return { path, inFolder, name: `${prefix}${inFolder}` };
  });
}

/** The broker's own folder; where it shares another with a second broker, what both share too, and nothing of the other's own. */
function findFiles(config: BrokerConfig): readonly Place[] {
  const { dir, standby } = config;
  const own = placesIn(dir, "hub/", config);
  if (standby === undefined || standby.folder === dir) return own;
  const shared = placesIn(standby.folder, "hub/shared/", config);
  const notes = join(standby.folder, "brokers-known");
  const known = existsSync(notes) ? readdirSync(notes).map((name) => readFileSync(join(notes, name), "utf8")) : [];
  const others = [dir, notes, ...known.filter((one) => one !== standby.folder)].map((one) => `${one}/`);
  return [...own, ...shared.filter(({ path }) => others.every((one) => !path.startsWith(one)))];
} // prettier-ignore

function listOnce(config: BrokerConfig, withKeys: boolean): Found {
  const lasting: LastingFile[] = [];
  const other: Listed[] = [];
  for (const { path, inFolder, name } of findFiles(config)) {
    const { size: bytes } = statSync(path);
    if (isLasting(name)) lasting.push({ name, path, bytes });
    else if (growing.test(inFolder)) other.push({ name, bytes, chunks: readGrowing(path, bytes) });
    else {
      const content = readFileSync(path).subarray(0, bytes);
      const isSecret = secretFile.test(inFolder) || isPrivate(content);
      if (!isSecret || withKeys) other.push({ name, bytes: content.length, chunks: [content] });
    }
  }
  return { lasting, other };
} // prettier-ignore

/** The folder at one moment: the log's state is the same after all of it was read as before. @throws {Fault} LOG_TILE_INVALID */
function listStill(config: BrokerConfig, withKeys: boolean): Found {
  for (let at = 0; at < maxTries; at += 1) {
    try {
      const before = readState(config.dir);
      const listed = listOnce(config, withKeys);
      if (readState(config.dir) === before) return listed;
    } catch (error) {
      // the broker goes on: what it replaced meanwhile is read again
      const isGone = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isGone) throw error;
    }
  }
  throw new Fault("LOG_TILE_INVALID", "the hub's folder changes faster than it can be read; try again when less goes on");
} // prettier-ignore

/**
 * What a backup of a hub holds: its configuration, register and root, and the broker's folder without the server's own store,
 * which agencies fill again from what they keep. Keys only when asked for.
 *
 * @throws {Fault} LOG_TILE_INVALID when the folder does not hold still, CODEC_TOO_LARGE
 */
export function listHubFiles(config: BrokerConfig, file: string, withKeys: boolean): readonly Listed[] {
  const named = [["broker.json", file], ["register.bin", config.registerFile], ["root.json", config.rootFile]] as const;
  const first = named.map(([name, path]): Listed => {
    const content = readFileSync(path);
    return { name, bytes: content.length, chunks: [content] };
  });
  const { lasting, other } = listStill(config, withKeys);
  const folder = [...other, ...packFiles(lasting)];
  if (folder.length > maxFiles) {
    throw new Fault("CODEC_TOO_LARGE", `a backup holds at most ${maxFiles} files; mirror the log (atumpan log follow) and copy the folder by other means`);
  }
  return [...first, ...folder];
} // prettier-ignore
