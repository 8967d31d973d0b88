#!/usr/bin/env node
/**
 * `atumpan`: the one command. Hands `hub …` to the broker, `simulate …` to deploy/simulate, `verify …` to certs/verify, `authority …`
 * `register …` and `revoke …` to certs/authority, all else to gateways/cli.
 *
 * This file has no types and imports nothing of ours before it has looked at Node's version, so that an older
 * Node says one clear sentence instead of a syntax error.
 */
import process from "node:process";

const floorMajor = 24;
const floorMinor = 12;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

async function runHub() {
  const { runHubCommand } = await import("./hub-command.ts");
  process.stdout.on("error", () => process.exit(0));
  process.exitCode = await runHubCommand(process.argv.slice(3), process.cwd());
}

async function runVerify() {
  const { runVerifyCommand } = await import("./verify-command.ts");
  const { systemClock } = await import("../schemas/ground/index.ts");
  const { stdin, stdout, stderr } = process;
  stdout.on("error", () => process.exit(0));
  process.exitCode = await runVerifyCommand({
    args: process.argv.slice(3),
    cwd: process.cwd(),
    input: stdin,
    // a reader that is slow is waited for, so that nothing piles up here
    write: async (words) => {
      if (!stdout.write(words)) await new Promise((resolve) => void stdout.once("drain", resolve));
    },
    err: (words) => void stderr.write(words),
    now: systemClock.now(),
  });
}

async function runAuthority() {
  const { runAtTerminal, runAuthorityCommand } = await import("./office/index.ts");
  process.exitCode = await runAtTerminal(runAuthorityCommand);
}

async function runRevoke() {
  const { runAtTerminal, runRevokeCommand } = await import("./office/index.ts");
  process.exitCode = await runAtTerminal(runRevokeCommand);
}

async function runRegister() {
  const { runRegisterCommand, startTerminal } = await import("./office/index.ts");
  const { systemClock } = await import("../schemas/ground/index.ts");
  const { stdin, stdout, stderr } = process;
  stdout.on("error", () => process.exit(0));
  const terminal = startTerminal({ input: stdin, output: stderr });
  process.exitCode = await runRegisterCommand({
    args: process.argv.slice(3),
    cwd: process.cwd(),
    out: (words) => void stdout.write(words),
    err: (words) => void stderr.write(words),
    ask: terminal.ask,
    clock: systemClock,
  });
  terminal.stop();
}

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

async function readVersion() {
  const { readFileSync } = await import("node:fs");
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return String(JSON.parse(manifest).version);
}

async function runSimulate() {
  const { runSimulateCommand } = await import("./simulate/index.ts");
  const { systemClock } = await import("../schemas/ground/index.ts");
  const { stdout, stderr } = process;
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop.abort());
  // a reader that goes away ends it, and what it started with it
  stdout.on("error", () => stop.abort());
  const { port1: alive } = new MessageChannel();
  alive.on("message", () => undefined);
  process.exitCode = await runSimulateCommand({
    args: process.argv.slice(3),
    cwd: process.cwd(),
    out: (words) => void stdout.write(words),
    err: (words) => void stderr.write(words),
    clock: systemClock,
    signal: stop.signal,
  });
  alive.close();
}

async function runHere() {
  const { text } = await import("node:stream/consumers");
  const { runCli } = await import("../gateways/cli/index.ts");
  const { systemChance, systemClock } = await import("../schemas/ground/index.ts");
  const { env, stdout, stderr, stdin } = process;
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  // a reader that goes away (`atumpan … | head`) is no failure
  stdout.on("error", () => process.exit(0));
  // timers of ours do not keep the process alive; while a command waits, this does
  const { port1: alive } = new MessageChannel();
  alive.on("message", () => undefined);
  const isPlain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const named = env["ATUMPAN_CONTEXT"] ?? "";
  const home = env["HOME"] ?? env["USERPROFILE"];
  const settings = env["XDG_CONFIG_HOME"] || (home ? `${home}/.config` : undefined);
  const { makeSeat } = await import("./seat.ts");
  const seat = makeSeat({ input: stdin, output: stderr });
  const code = await runCli({
    args: process.argv.slice(2),
    version: await readVersion(),
    cwd: process.cwd(),
    ...(named === "" ? {} : { context: named }),
    ...(settings === undefined ? {} : { configHome: settings }),
    out: (words) => void stdout.write(words),
    err: (words) => void stderr.write(words),
    isWatched: stderr.isTTY && !isPlain,
    stdin: () => text(stdin),
    ask: seat.ask,
    decideFromFile: async (file, search) => {
      const { decideFromRegister } = await import("./why-command.ts");
      return decideFromRegister({ cwd: process.cwd(), now: systemClock.now() }, file, search);
    },
    fetch: globalThis.fetch,
    fetchBelieving: (authorities) => async (input, init) => {
      const { makePinnedFetch } = await import("./pinned-fetch.ts");
      return await makePinnedFetch(authorities)(input, init);
    },
    clock: systemClock,
    chance: systemChance,
    signal: stop.signal,
  });
  seat.stop();
  alive.close();
  // not process.exit: what was written to a pipe must arrive
  process.exitCode = code;
}

if (major < floorMajor || (major === floorMajor && minor < floorMinor)) {
  process.stderr.write(
    `atumpan needs Node ${floorMajor}.${floorMinor} or newer and this is ${process.versions.node}: ` +
      "install Node 24 LTS, or run it as: npm run atumpan -- ...\n",
  );
  process.exitCode = 2;
} else {
  const [, , first] = process.argv;
  // the question that scripts ask most needs nothing of ours
  const isVersion = first === "--version" && process.argv.length === 3;
  if (!isVersion) await keepCode();
  if (isVersion) process.stdout.write(`${await readVersion()}\n`);
  else if (first === "hub") await runHub();
  else if (first === "simulate") await runSimulate();
  else if (first === "verify") await runVerify();
  else if (first === "authority") await runAuthority();
  else if (first === "register") await runRegister();
  else if (first === "revoke") await runRevoke();
  else await runHere();
}
