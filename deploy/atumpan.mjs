#!/usr/bin/env node
/**
 * `atumpan`: the one command. Says a clear sentence to an older Node, answers by itself what scripts and new terminals ask most
 * (its version, and what completes its words), and hands all else to atumpan.ts.
 *
 * It is plain JavaScript on purpose: an older Node reads it, and no answer waits until Node can take types away.
 */
import { readFileSync } from "node:fs";
import process from "node:process";

const floorMajor = 24;
const floorMinor = 12;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

/**
 * Keeps what Node makes of our files in the person's own cache, so that the next command starts in a third of the time. A
 * folder that others may write is not used: code would come from there.
 */
async function keepCode() {
  const { env } = process;
  const home = env["XDG_CACHE_HOME"] || (env["HOME"] ? `${env["HOME"]}/.cache` : "");
  if (home === "" || env["NODE_COMPILE_CACHE"] || env["ATUMPAN_NO_CACHE"]) return;
  const [{ enableCompileCache }, { mkdirSync, statSync }] = await Promise.all([
    import("node:module"),
    import("node:fs"),
  ]);
  try {
    const folder = `${home}/atumpan/code`;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { mode, uid } = statSync(folder);
    if ((mode & 0o022) === 0 && uid === (process.getuid?.() ?? uid)) enableCompileCache(folder);
  } catch {
    // a home that takes no writing only makes us slower
  }
}

/**
 * A file of ours, by its way from here.
 *
 * @param {string} path
 */
function readOwn(path) {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

const shells = ["bash", "zsh", "fish", "powershell"];

/** What is asked so often that it is written down; undefined of all else. */
function findAnswer([first = "", second = "", ...more]) {
  if (more.length > 0) return undefined;
  if (first === "--version" && second === "") {
    return `${JSON.parse(readOwn("../package.json")).version}\n`;
  }
  const isCompletion = first === "completion" && shells.includes(second);
  return isCompletion ? readOwn(`completion/${second}`) : undefined;
}

if (major < floorMajor || (major === floorMajor && minor < floorMinor)) {
  process.stderr.write(
    `atumpan needs Node ${floorMajor}.${floorMinor} or newer and this is ${process.versions.node}: ` +
      "install Node 24 LTS, or run it as: npm run atumpan -- ...\n",
  );
  process.exitCode = 2;
} else {
  const answer = findAnswer(process.argv.slice(2));
  if (answer === undefined) {
    await keepCode();
    await import("./atumpan.ts");
  } else {
    process.stdout.on("error", () => process.exit(0));
    process.stdout.write(answer);
  }
}
