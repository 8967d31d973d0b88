import { readFileSync } from "node:fs";

import { z } from "zod";

import { Fault, toFault, tryShape } from "../../schemas/ground/index.ts";
import type { Context } from "./contexts.ts";
import type { World } from "./world.ts";

const answerShape = z.object({ access_token: z.string().min(1).max(4096) });

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", `${file} cannot be read`);
  }
}

/** How the server of a context is asked: by its own authorities where it names them. */
export function fetchOf({ caFile, name }: Context, world: World): World["fetch"] {
  if (caFile === undefined) return world.fetch;
  const { fetchBelieving } = world;
  if (fetchBelieving !== undefined) return fetchBelieving(readText(caFile));
  throw new Fault("CONFIG_INVALID", `caFile of ${name} cannot be used here; leave it out`);
}

async function readToken(response: Response, name: string): Promise<string> {
  let answer: unknown;
  try {
    answer = await response.json();
  } catch {
    // what it says is nothing to show
    answer = undefined;
  }
  const parsed = tryShape(answerShape, answer);
  if (response.ok && parsed.success) return parsed.data.access_token;
  throw new Fault(
    "NOT_AUTHENTICATED",
    `the gateway does not take the client of ${name}: look at client.id and its secretFile`,
  );
}

/** A token for a machine: client credentials, RFC 6749 §4.4. */
async function askToken(context: Context, world: World): Promise<string> {
  const { client, url, name } = context;
  if (client === undefined) throw new Fault("CONFIG_INVALID", `${name} names no token`);
  // only who asks for tokens waits for what reads private files
  const { readSecretFile } = await import("../vault/index.ts");
  const secret = readSecretFile(client.secretFile).trim();
  const basic = [client.id, secret].map((one) => encodeURIComponent(one)).join(":");
  let response: Response;
  try {
    response = await fetchOf(context, world)(`${url}/v1/oauth/token`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(basic).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
      redirect: "error",
      signal: world.signal,
    });
  } catch (cause) {
    throw new Fault("GATEWAY_UNREACHABLE", `${url} does not answer`, { cause });
  }
  return await readToken(response, name);
}

/**
 * The token of a context: from its file, or asked for by its client's secret. A secret that others may read is refused.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE, NOT_AUTHENTICATED, GATEWAY_UNREACHABLE
 */
export async function tokenOf(context: Context, world: World): Promise<string> {
  const { tokenFile } = context;
  return tokenFile === undefined ? await askToken(context, world) : readText(tokenFile);
}
