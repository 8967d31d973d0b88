/**
 * `node schemas/growth/main.ts`: says what the schemas would break of the last release, and exits 1 if anything.
 * With `--release` it makes today's schemas the last release, and writes its image for buf and the bytes of every example;
 * done once for each version that leaves the house.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { encodeBody, type MessageType, messageTypes, parseBody } from "../body/index.ts";
import { exampleOf } from "../examples/index.ts";
import { renderHex } from "../ground/index.ts";
import { findBreaks, makeRelease, type Release } from "./index.ts";

const root = import.meta.dirname;
const releaseFile = join(root, "release.json");

function encodeExample(type: MessageType): string {
  return renderHex(encodeBody(type, parseBody(type, exampleOf(type).body)));
}

/** The last release: our own file, written by `--release`. */
function readRelease(): Release {
  const json: unknown = JSON.parse(readFileSync(releaseFile, "utf8"));
  if (!isRelease(json)) throw new Error("release.json is not one that --release wrote");
  return json;
}

function isRelease(json: unknown): json is Release {
  return (
    typeof json === "object" &&
    json !== null &&
    ["messages", "lists", "rules"].every((name) => Object.hasOwn(json, name))
  );
}

if (process.argv.includes("--release")) {
  writeFileSync(releaseFile, `${JSON.stringify(makeRelease(), undefined, 1)}\n`);
  const buf = join(root, "../../node_modules/.bin/buf");
  const built = spawnSync(buf, [
    "build",
    join(root, "../proto"),
    "-o",
    join(root, "release.binpb"),
  ]);
  if (built.status !== 0) throw new Error(`buf build: ${built.stderr.toString()}`);
  rmSync(join(root, "golden"), { recursive: true, force: true });
  mkdirSync(join(root, "golden"), { recursive: true });
  for (const type of messageTypes) {
    writeFileSync(join(root, "golden", `${type}.hex`), `${encodeExample(type)}\n`);
  }
  process.stdout.write(`${messageTypes.length} types are the last release now\n`);
} else {
  const breaks = findBreaks(readRelease(), makeRelease());
  for (const line of breaks) process.stdout.write(`${line}\n`);
  process.stdout.write(breaks.length === 0 ? "the schemas only grew\n" : "");
  process.exitCode = breaks.length === 0 ? 0 : 1;
}
