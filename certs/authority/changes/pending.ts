import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import { type Change, parseChange, renderChange } from "./change.ts";
import { readOfficeFile, type RegisterOffice, saveOfficeFile } from "./office-folder.ts";

type Folder = Pick<RegisterOffice, "folder">;

function fileOf({ folder }: Folder, part: string): string {
  if (/^[a-z]{2,10}$/.test(part)) return join(folder, "pending", `${part}.json`);
  throw new Fault("USAGE_INVALID", "a part is region, officers, root, or an authority such as ng");
}

/** What is pending of a part, as it lies there: a change, or for `root` the next root. */
export function findPending(office: Folder, part: string): Bytes | undefined {
  const file = fileOf(office, part);
  return existsSync(file) ? readOfficeFile(file) : undefined;
}

/** The change that is pending of a part. @throws {Fault} NOT_FOUND, CHANGE_INVALID */
export function loadChange(office: Folder, part: string): Change {
  const bytes = findPending(office, part);
  if (bytes !== undefined) return parseChange(bytes);
  const way = "propose one with: atumpan register propose FILE, or bring one with import";
  throw new Fault("NOT_FOUND", `no change of ${part} is pending; ${way}`);
}

/** Keeps what is pending of a part. @throws {Fault} STORE_WRITE_FAILED */
export function savePending(office: Folder, part: string, what: Change | Bytes): void {
  const bytes = what instanceof Uint8Array ? what : renderChange(what);
  saveOfficeFile(fileOf(office, part), bytes);
}

/** The parts of which something is pending. */
export function listPending({ folder }: Folder): readonly string[] {
  const pending = join(folder, "pending");
  if (!existsSync(pending)) return [];
  return readdirSync(pending).flatMap((name) => /^([a-z]{2,10})\.json$/.exec(name)?.[1] ?? []);
}

/** Forgets what is pending of a part: it was put in its place. */
export function dropPending(office: Folder, part: string): void {
  rmSync(fileOf(office, part), { force: true });
}

/** Takes back what is pending; it stays beside as it was, for whoever asks later. @throws {Fault} NOT_FOUND */
export function withdrawPending(office: Folder, part: string): string {
  const file = fileOf(office, part);
  if (!existsSync(file)) throw new Fault("NOT_FOUND", `no change of ${part} is pending`);
  const kept = `${file.slice(0, -".json".length)}.withdrawn`;
  renameSync(file, kept);
  return kept;
}
