/**
 * `atumpan` once it is known what Node runs it (atumpan.mjs): hands everything to gateways/cli, with the commands of
 * `house-verbs.ts` beside its own. Here alone the process is touched: its streams, signals, environment and exit code.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import process from "node:process";
import { text } from "node:stream/consumers";

import { runCli } from "../gateways/cli/index.ts";
import { systemChance, systemClock } from "../schemas/ground/index.ts";
import { houseVerbs } from "./house-verbs.ts";
import { makeSeat } from "./seat.ts";

function readVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const read: unknown = JSON.parse(manifest);
  const isNamed = typeof read === "object" && read !== null && "version" in read;
  return isNamed ? String(read.version) : "";
}

/** Who plays a country has started gateways: however he is told to end, he ends them first. */
function listen(): AbortController {
  const stop = new AbortController();
  const isPlay = process.argv.includes("simulate");
  for (const signal of isPlay ? ["SIGINT", "SIGTERM", "SIGHUP"] : ["SIGINT", "SIGTERM"]) {
    if (isPlay) process.on(signal, () => stop.abort());
    else process.once(signal, () => stop.abort());
  }
  // a reader that goes away (`atumpan … | head`) is no failure
  process.stdout.on("error", () => (isPlay ? stop.abort() : process.exit(0)));
  // what is read to its end would be waited for
  stop.signal.addEventListener("abort", () => void process.stdin.destroy());
  return stop;
}

/** A question that is open when the person stops is answered by nobody. */
function refuseWhen(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
  });
}

async function runHere(): Promise<void> {
  const { env, stdout, stderr, stdin } = process;
  const stop = listen();
  // timers of ours do not keep the process alive; while a command waits, this does
  const { port1: alive } = new MessageChannel();
  alive.on("message", () => undefined);
  const isPlain = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const named = env["ATUMPAN_CONTEXT"] ?? "";
  const home = env["HOME"] ?? env["USERPROFILE"];
  const settings = env["XDG_CONFIG_HOME"] || (home ? `${home}/.config` : undefined);
  const seat = makeSeat({ input: stdin, output: stderr });
  const code = await runCli({
    args: process.argv.slice(2),
    version: readVersion(),
    cwd: process.cwd(),
    ...(named === "" ? {} : { context: named }),
    ...(settings === undefined ? {} : { configHome: settings }),
    out: (words) => void stdout.write(words),
    err: (words) => void stderr.write(words),
    isWatched: stderr.isTTY && !isPlain,
    stdin: () => text(stdin),
    input: stdin,
    // a reader that is slow is waited for, so that nothing piles up here
    write: async (words) => {
      if (!stdout.write(words)) await once(stdout, "drain");
    },
    ask: async (question, isSecret) =>
      await Promise.race([seat.ask(question, isSecret), refuseWhen(stop.signal)]),
    verbs: houseVerbs,
    decideFromFile: async (file, search) => {
      const { decideFromRegister } = await import("./why-command.ts");
      return decideFromRegister({ cwd: process.cwd(), now: systemClock.now() }, file, search);
    },
    seeConfig: async (dir) => {
      const { seeConfig } = await import("../gateways/index.ts");
      return seeConfig(dir, systemClock);
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

await runHere();
