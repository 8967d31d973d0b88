#!/usr/bin/env node
/**
 * `atumpan`: the one command. Hands `hub …` to the broker, `verify …` to certs/verify, `authority …`
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

async function runHere() {
  const { readFileSync } = await import("node:fs");
  const { text } = await import("node:stream/consumers");
  const { runCli } = await import("../gateways/cli/index.ts");
  const { decideFromRegister } = await import("./why-command.ts");
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
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const isPlain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const named = env["ATUMPAN_CONTEXT"] ?? "";
  const code = await runCli({
    args: process.argv.slice(2),
    version: String(JSON.parse(manifest).version),
    cwd: process.cwd(),
    ...(named === "" ? {} : { context: named }),
    out: (words) => void stdout.write(words),
    err: (words) => void stderr.write(words),
    isWatched: stderr.isTTY && !isPlain,
    stdin: () => text(stdin),
    decideFromFile: (file, search) =>
      decideFromRegister({ cwd: process.cwd(), now: systemClock.now() }, file, search),
    fetch: globalThis.fetch,
    clock: systemClock,
    chance: systemChance,
    signal: stop.signal,
  });
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
  if (first === "hub") await runHub();
  else if (first === "verify") await runVerify();
  else if (first === "authority") await runAuthority();
  else if (first === "register") await runRegister();
  else if (first === "revoke") await runRevoke();
  else await runHere();
}
