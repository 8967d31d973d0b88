/** Prints what becomes of messages. Goes on after a stop where it was, by the file cursor. Keeps running. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { ProblemError } from "../../index.ts";
import { finish, gateway } from "./gateway.ts";

let cursor = existsSync("cursor") ? readFileSync("cursor", "utf8") : undefined;

async function next() {
  const place = cursor === undefined ? { from: "beginning" as const } : { cursor };
  const query = { ...place, wait: "50" };
  try {
    return (await gateway.api.GET("/v1/changes", { params: { query } })).data;
  } catch (error) {
    if (error instanceof ProblemError && error.retry !== "later") throw error;
    return undefined; // the gateway is away or busy: nothing is lost meanwhile
  }
}

await finish(async () => {
  for (;;) {
    const page = await next();
    for (const { kind, box, state, id } of page?.items ?? []) console.log(kind, box, state, id);
    if (page === undefined) {
      await sleep(5_000);
      continue;
    }
    cursor = page.next;
    writeFileSync("cursor.new", cursor);
    renameSync("cursor.new", "cursor"); // after the work: what was cut off is told again
  }
});
