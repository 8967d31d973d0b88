/**
 * `node ready.ts gateway FOLDER` or `node ready.ts hub FOLDER`: ends with 0 when the program of that folder answers, and with
 * 1 when it does not. For engines that ask by a command, in an image without a shell.
 *
 * An engine asks twice a minute, on a machine that may be busy: nothing is read here but what the question needs, since what
 * the rest of the house reads would take three times as long as all of this.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const oldAfterMs = 30_000;
const patienceMs = 5_000;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A field of a file in the folder, or of what it holds; undefined where there is none. */
function readField(folder: string, name: string, ...path: readonly string[]): unknown {
  let found: unknown = JSON.parse(readFileSync(join(folder, name), "utf8"));
  for (const field of path) found = isObject(found) ? found[field] : undefined;
  return found;
}

/** Asks the gateway on this machine; its certificate is for other names than this machine's. */
async function askGateway(folder: string): Promise<boolean> {
  const port = readField(folder, "gateway.json", "api", "port");
  const hasTls = readField(folder, "gateway.json", "api", "tls") !== undefined;
  if (typeof port !== "number") return false;
  const { get } = hasTls ? await import("node:https") : await import("node:http");
  const url = `${hasTls ? "https" : "http"}://127.0.0.1:${port}/livez`;
  return await new Promise((resolve) => {
    const how = { rejectUnauthorized: false, timeout: patienceMs };
    const asked = get(url, how, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
  });
}

/** A broker says how it stands every five seconds. */
function askHub(folder: string): boolean {
  const at = readField(folder, "status.json", "at");
  const isReady = readField(folder, "status.json", "ready") === true;
  // when this process began, which was a moment ago
  return isReady && typeof at === "number" && performance.timeOrigin - at < oldAfterMs;
}

async function ask(kind: string | undefined, folder: string): Promise<number> {
  try {
    if (kind === "gateway") return (await askGateway(folder)) ? 0 : 1;
    if (kind === "hub") return askHub(folder) ? 0 : 1;
  } catch {
    return 1;
  }
  process.stderr.write("usage: node ready.ts gateway|hub FOLDER\n");
  return 2;
}

const [kind, folder = "/data"] = process.argv.slice(2);
process.exitCode = await ask(kind, folder);
