/**
 * All set-up, then one act: `node deploy/setup.mjs start|test|check|bench|fuzz [arguments]`.
 *
 * Runs on a fresh machine with Node 20 or newer and nothing else of ours, so it imports only Node's own
 * modules. Says what it does while it does it; when nothing changed it costs a fraction of a second.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");
const tools = join(root, ".tools");
const bin = join(root, "node_modules", ".bin");
const windows = process.platform === "win32";

/** The nats-server we run: the newest patch of its line. What is older than the floor is refused. */
const natsServerVersion = "2.14.9";
const natsServerFloor = "2.14.5";
const nodeFloor = "24.12.0";

function say(text) {
  process.stderr.write(`atumpan: ${text}\n`);
}

function stop(text) {
  say(text);
  process.exit(1);
}

function isAtLeast(version, floor) {
  const [a, b] = [version, floor].map((text) => text.split(".").map(Number));
  const at = [0, 1, 2].find((i) => a[i] !== b[i]);
  return at === undefined || a[at] > b[at];
}

function run(command, args, env = {}) {
  const all = { ...process.env, ...env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
  return spawnSync(command, args, { cwd: root, stdio: "inherit", env: all, shell: windows });
}

function installPackages() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const digest = createHash("sha256").update(lock).digest("hex");
  const stamp = join(root, "node_modules", ".atumpan-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  say("installing packages (npm ci) …");
  const done = run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (done.status !== 0)
    stop("npm ci failed; its message is above. Mend that and run the same command again.");
  writeFileSync(stamp, digest);
}

function findNode() {
  for (const candidate of [join(bin, "node"), process.execPath]) {
    const asked = spawnSync(candidate, ["--version"], { encoding: "utf8" });
    if (asked.status === 0 && isAtLeast(asked.stdout.trim().slice(1), nodeFloor)) return candidate;
  }
  return stop(
    `Node ${nodeFloor} or newer is needed and no prebuilt one fits this machine. ` +
      "Install Node 24 LTS and run the same command again.",
  );
}

function natsVersion(binary) {
  const asked = spawnSync(binary, ["--version"], { encoding: "utf8" });
  return /v(\d+\.\d+\.\d+)/.exec(asked.stdout ?? "")?.[1];
}

function installNatsServer(cached) {
  const goVersion = /go(\d+\.\d+(?:\.\d+)?)/.exec(
    spawnSync("go", ["version"], { encoding: "utf8" }).stdout ?? "",
  );
  if (goVersion === null || !isAtLeast(`${goVersion[1]}.0`, "1.25.0")) return false;
  say(`building nats-server v${natsServerVersion} with Go (once, about a minute) …`);
  mkdirSync(tools, { recursive: true });
  const source = `github.com/nats-io/nats-server/v2@v${natsServerVersion}`;
  const built = run("go", ["install", source], { GOBIN: tools, CGO_ENABLED: "0" });
  return built.status === 0 && natsVersion(cached) !== undefined;
}

function findNatsServer() {
  const named = process.env.ATUMPAN_NATS_SERVER;
  if (named !== undefined && named !== "") {
    const version = natsVersion(named);
    if (version === undefined) stop(`ATUMPAN_NATS_SERVER is ${named}, which does not run.`);
    if (isAtLeast(version, natsServerFloor)) return named;
    stop(`ATUMPAN_NATS_SERVER is v${version}; v${natsServerFloor} or newer is needed.`);
  }
  const cached = join(tools, windows ? "nats-server.exe" : "nats-server");
  for (const candidate of [cached, "nats-server"]) {
    const version = natsVersion(candidate);
    if (version !== undefined && isAtLeast(version, natsServerFloor)) return candidate;
  }
  if (installNatsServer(cached)) return cached;
  return stop(
    `no nats-server v${natsServerFloor} or newer was found. Three ways out: install Go 1.25 or newer and run the ` +
      "same command again; or put a nats-server on the PATH; or name one in ATUMPAN_NATS_SERVER.",
  );
}

/** Everything the console is made of, as one digest. */
function digestOfConsole() {
  const home = join(root, "gateways", "console");
  const packs = join(root, "schemas", "gen", "packs");
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  for (const folder of [join(home, "page"), join(home, "build"), join(home, "words"), packs]) {
    const names = readdirSync(folder, { recursive: true }).map(String).toSorted();
    for (const name of names.filter((one) => /\.\w+$/.test(one) && !one.includes(".test."))) {
      hash.update(name).update(readFileSync(join(folder, name)));
    }
  }
  return hash.digest("hex");
}

/** Makes the pages that gateways serve, where they are not as their sources are. Without them all else works. */
function buildConsole(command) {
  const stamp = join(tools, "console");
  const built = join(root, "gateways", "console", "built", "index.html");
  const digest = digestOfConsole();
  if (existsSync(built) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  say("building the console …");
  const done = run(command, [join(root, "gateways", "console", "build", "main.ts")]);
  if (done.status !== 0) {
    say(
      "the console could not be built; its message is above. Gateways say so where it would stand.",
    );
    return;
  }
  mkdirSync(tools, { recursive: true });
  writeFileSync(stamp, digest);
}

const acts = {
  start: ["deploy/local/main.ts"],
  test: ["node_modules/vitest/vitest.mjs", "run", "--config", join(root, "test/vitest.config.ts")],
  check: ["deploy/check.ts"],
  bench: ["test/bench/main.ts"],
  fuzz: ["test/fuzz/main.ts"],
};

const [act, ...rest] = process.argv.slice(2);
if (act !== undefined && acts[act] === undefined)
  stop(`"${act}" is not one of ${Object.keys(acts).join(", ")}`);
installPackages();
const node = findNode();
const natsServer = findNatsServer();
buildConsole(node);

/**
 * Runs the act as the one that is asked to stop: a terminal's Ctrl-C reaches it by itself and only must not
 * end us before it; SIGTERM is handed on.
 */
function perform(command, args, env) {
  const path = `${bin}${delimiter}${process.env.PATH ?? ""}`;
  const child = spawn(command, args, {
    cwd: process.cwd(),
    stdio: "inherit",
    env: { ...process.env, ...env, PATH: path },
  });
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => stop(`${command} cannot be run: ${error.message}`));
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

if (act === undefined) {
  say("ready: npm start, npm test");
} else {
  const [file, ...fixed] = acts[act];
  perform(node, [join(root, file), ...fixed, ...rest], { ATUMPAN_NATS_SERVER: natsServer });
}
