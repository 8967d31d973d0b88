import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import type { Layout } from "./layout.ts";

/** Who sends which example when a region is new. */
const examples = [
  { agency: "ng/tcu", file: "red-flag.json" },
  { agency: "gh/moc", file: "maritime.json" },
] as const;

const contextsFile = z.object({
  contexts: z.record(z.string(), z.object({ url: z.string(), tokenFile: z.string() })),
});

/** Where examples are sent from. */
export interface ExamplePlace {
  readonly layout: Layout;
  /** The examples' folder. */
  readonly folder: string;
  /** Agencies whose gateways run. */
  readonly running: readonly string[];
}

/** Hands each example to its agency's gateway, once. Returns how many were sent. */
export async function sendExamples({ layout, folder, running }: ExamplePlace): Promise<number> {
  const { contexts } = contextsFile.parse(JSON.parse(readFileSync(layout.contexts, "utf8")));
  let sent = 0;
  for (const { agency, file } of examples) {
    const context = contexts[agency];
    if (context === undefined || !running.includes(agency)) continue;
    const answer = await fetch(`${context.url}/v1/messages`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${readFileSync(context.tokenFile, "utf8").trim()}`,
        "content-type": "application/json",
        "idempotency-key": `example:${file}`,
      },
      body: readFileSync(join(folder, file)),
    });
    if (!answer.ok) throw new Fault("REQUEST_INVALID", `${file}: ${await answer.text()}`);
    sent += 1;
  }
  return sent;
}
