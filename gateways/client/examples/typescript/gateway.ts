/** The gateway that access.json in this folder names. By itself: gateway.ts METHOD PATH [JSON] */
import { readFileSync } from "node:fs";

import { makeGatewayClient, ProblemError } from "../../index.ts";

/** A file of JSON in this folder. */
export function read(file: string) {
  return JSON.parse(readFileSync(file, "utf8"));
}

const access = read("access.json");
const held = { token: "", until: 0 };

async function token(): Promise<string> {
  if (access.tokenFile !== undefined) return readFileSync(access.tokenFile, "utf8").trim();
  if (Date.now() < held.until) return held.token;
  const { id, proof } = read(access.machineFile); // what `machine add --json` printed
  const authorization = `Basic ${btoa(`${id}:${proof.secret}`)}`;
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  const asked = { method: "POST", headers: { authorization }, body };
  const answer = await fetch(`${access.url}/v1/oauth/token`, asked);
  const given: any = await answer.json();
  if (!answer.ok) throw new ProblemError(answer.status, { title: "", retry: "never", ...given });
  Object.assign(held, { token: given.access_token, until: Date.now() + 540_000 });
  return held.token;
}

/** Throws a ProblemError where the gateway says no. */
export const gateway = makeGatewayClient({ url: access.url, token });

/** Does the work; shows a no and each field that is wrong, and ends with 1. */
export async function finish(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    console.error(`${error.code}: ${error.message}`);
    for (const { pointer, detail } of error.errors) console.error(`  ${pointer}: ${detail}`);
    process.exitCode = 1;
  }
}

if (import.meta.main) {
  const [, , method = "", path = "", body] = process.argv;
  const headers = { authorization: `Bearer ${await token()}`, "content-type": "application/json" };
  const answer = await fetch(`${access.url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  console.log(JSON.stringify(await answer.json(), undefined, 2));
  process.exitCode = answer.ok ? 0 : 1;
}
