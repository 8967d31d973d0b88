import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

import type { BrokerConfig } from "../../broker/index.ts";
import { isPrivate, type Listed } from "../../gateways/backup/index.ts";
import { Fault } from "../../schemas/ground/index.ts";

/** What is written anew at each start, or holds only while the broker runs. */
const passing = /^(?:status\.json|stop-order.*|.*\.new|.*\.log|.*\.pid)$/;
/** Keys that are no PEM file, and the server's own configuration, which nobody but its owner reads. */
const secretFile = /(?:^hub-keys\.json|^log\.key|\.conf)$/;
const maxTries = 10;
/** What a reader of backups takes, less a few: some six million entries of a log. */
const maxFiles = 49_800;

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

function listOnce(config: BrokerConfig, withKeys: boolean): readonly Listed[] {
  return walk(config.dir, config).flatMap((path): readonly Listed[] => {
    const inFolder = relative(config.dir, path);
    const name = `hub/${inFolder}`;
    const { size: bytes } = statSync(path);
    if (isLasting(name)) return [{ name, bytes, chunks: [] }];
    const content = readFileSync(path).subarray(0, bytes);
    const isSecret = secretFile.test(inFolder) || isPrivate(content);
    return isSecret && !withKeys ? [] : [{ name, bytes: content.length, chunks: [content] }];
  });
}

function* readLasting(path: string): Generator<Uint8Array> {
  yield readFileSync(path);
}

/** The folder at one moment: the log's state is the same after all of it was read as before. @throws {Fault} LOG_TILE_INVALID */
function listStill(config: BrokerConfig, withKeys: boolean): readonly Listed[] {
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
  const folder = listStill(config, withKeys).map((one) =>
    isLasting(one.name) ? { ...one, chunks: readLasting(join(config.dir, one.name.slice("hub/".length))) } : one,
  );
  if (folder.length > maxFiles) {
    throw new Fault("CODEC_TOO_LARGE", `a backup holds at most ${maxFiles} files; mirror the log (atumpan log follow) and copy the folder by other means`);
  }
  return [...first, ...folder];
} // prettier-ignore
