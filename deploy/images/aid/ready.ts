/**
 * `node ready.ts gateway FOLDER` or `node ready.ts hub FOLDER`: ends with 0 when the program of that folder answers, and with
 * 1 when it does not. For engines that ask by a command, in an image without a shell.
 */
import { readFileSync } from "node:fs";
import { get as getPlain } from "node:http";
import { get as getSafe } from "node:https";
import { join } from "node:path";
import process from "node:process";

import { z } from "zod";

import { systemClock } from "../../../schemas/ground/index.ts";

const oldAfterMs = 30_000;
const patienceMs = 5_000;
const told = z.looseObject({ at: z.number(), ready: z.boolean() });
const gateway = z.looseObject({
  api: z.looseObject({ port: z.number(), tls: z.looseObject({}).optional() }),
});

function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), "utf8"));
}

/** Asks the gateway on this machine; its certificate is for other names than this machine's. */
async function askGateway(folder: string): Promise<boolean> {
  const { port, tls } = gateway.parse(readJson(folder, "gateway.json")).api;
  const [get, scheme] = tls === undefined ? [getPlain, "http"] : [getSafe, "https"];
  return await new Promise((resolve) => {
    const how = { rejectUnauthorized: false, timeout: patienceMs };
    const asked = get(`${scheme}://127.0.0.1:${port}/livez`, how, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
  });
}

/** A broker says how it stands every five seconds. */
function askHub(folder: string): boolean {
  const { at, ready } = told.parse(readJson(folder, "status.json"));
  return ready && systemClock.now() - at < oldAfterMs;
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
