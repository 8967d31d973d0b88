/**
 * `node place.ts FROM TO [NAME…]`: copies what an orchestrator mounted for us (keys, certificates, configuration) to where our
 * programs look, each file for its owner alone. An orchestrator's secrets may be read by a group, and our programs refuse
 * keys that others may read; and their folder must take renewed keys, which a mounted secret does not.
 *
 * Files of the names given stay as they are once they are there: a register that came later is not put back. Nothing is ever
 * removed: what was renewed since stands beside it. At the end no file in TO, or in its folder of keys, is for others.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function place(source: string, target: string, kept: ReadonlySet<string>): void {
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(source)) {
    // a mounted secret has its versions beside it, under names with two dots
    if (name.startsWith("..")) continue;
    const from = join(source, name);
    const to = join(target, name);
    if (isFolder(from)) {
      place(from, to, kept);
      continue;
    }
    if (kept.has(name) && existsSync(to)) continue;
    copyFileSync(from, `${to}.new`);
    chmodSync(`${to}.new`, 0o600);
    renameSync(`${to}.new`, to);
  }
}

/** An orchestrator that gives a volume to a group has opened what is in it. */
function shut(folder: string): void {
  if (!isFolder(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!isFolder(path)) chmodSync(path, 0o600);
  }
}

const [source, target, ...kept] = process.argv.slice(2);
if (source === undefined || target === undefined) {
  process.stderr.write("usage: node place.ts FROM TO [NAME...]\n");
  process.exitCode = 2;
} else {
  place(source, target, new Set(kept));
  shut(target);
  shut(join(target, "keys"));
}
