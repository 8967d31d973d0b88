import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { z } from "zod";

import { Fault, tryShape } from "../../schemas/ground/index.ts";

/** One agency of the country that is played. */
export interface PlayedAgency {
  readonly agency: string;
  /** Its gateway's folder. */
  readonly dir: string;
  /** Where its gateway's API is. */
  readonly url: string;
  /** Whether something listens there already: then it is asked, and not started. */
  readonly isRunning: boolean;
}

/** A region's folder, and the agencies of one country in it. */
export interface Country {
  readonly home: string;
  readonly agencies: readonly PlayedAgency[];
}

const gatewayShape = z.looseObject({
  agency: z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
  api: z.looseObject({
    host: z.string().min(1).max(200),
    port: z.number().int().min(1).max(65_535),
    tls: z.unknown().optional(),
  }),
});

/** The region's folder here, or in the nearest folder above. @throws {Fault} CONFIG_INVALID */
export function findHome(from: string): string {
  const home = join(from, ".atumpan");
  if (existsSync(join(home, "gateways"))) return home;
  const parent = dirname(from);
  if (parent !== from) return findHome(parent);
  const says =
    "there is no .atumpan/gateways here or above; run npm start once, or name it with --home";
  throw new Fault("CONFIG_INVALID", says);
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/livez`, { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  }
}

async function readAgency(dir: string): Promise<PlayedAgency> {
  let text: unknown;
  try {
    text = JSON.parse(readFileSync(join(dir, "gateway.json"), "utf8"));
  } catch (cause) {
    throw new Fault("CONFIG_INVALID", `${dir} holds no gateway.json that can be read`, { cause });
  }
  const found = tryShape(gatewayShape, text);
  if (!found.success) throw new Fault("CONFIG_INVALID", `${dir}/gateway.json is not one of ours`);
  const { agency, api } = found.data;
  if (api.tls !== undefined) {
    throw new Fault("CONFIG_INVALID", `${dir}: the API speaks TLS; simulate plays gateways of this machine alone`);
  }
  const url = `http://${api.host}:${api.port}`;
  return { agency, dir, url, isRunning: await isAnswering(url) };
} // prettier-ignore

/**
 * The agencies of a country, and which of their gateways run already.
 *
 * @throws {Fault} CONFIG_INVALID
 */
export async function findCountry(home: string, code: string): Promise<Country> {
  if (!/^[a-z]{2,10}$/.test(code)) throw new Fault("CONFIG_INVALID", "a country is a code such as gh");
  const folder = join(home, "gateways", code);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const dirs = names.map((name) => join(folder, name));
  const agencies: PlayedAgency[] = [];
  for (const dir of dirs.filter((one) => existsSync(join(one, "gateway.json")))) {
    agencies.push(await readAgency(dir));
  }
  if (agencies.length > 0) return { home, agencies };
  throw new Fault("CONFIG_INVALID", `${join(home, "gateways")} has no agency of ${code}`);
} // prettier-ignore
