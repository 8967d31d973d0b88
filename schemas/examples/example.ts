import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { type MessageType, parseInstant, renderInstant } from "../body/index.ts";
import type { EpochMs } from "../ground/index.ts";

const shape = z.strictObject({
  type: z.string(),
  originator: z.string(),
  crimes: z.array(z.string()).min(1),
  handling: z.string(),
  urgency: z.string().optional(),
  recipients: z.array(z.string()).optional(),
  inner: z.record(z.string(), z.unknown()),
  body: z.record(z.string(), z.unknown()),
});

/** A whole message in JSON, as its sender would write it. */
export type Example = z.infer<typeof shape>;

/** When every example is meant to be sent: its deadlines lie after it. */
export const exampleInstant: EpochMs = 1_795_262_400_000; // 2026-11-21T12:00:00Z

const cache = new Map<string, Example>();

/** The example of a type. */
export function exampleOf(type: MessageType): Example {
  const known = cache.get(type);
  if (known !== undefined) return known;
  const path = join(import.meta.dirname, `${type}.json`);
  const example = shape.parse(JSON.parse(readFileSync(path, "utf8")));
  cache.set(type, example);
  return example;
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;

/** The same JSON with every moment in it moved by `by` milliseconds, so that deadlines stay ahead. */
export function shiftInstants(json: unknown, by: number): unknown {
  if (Array.isArray(json)) return json.map((item) => shiftInstants(item, by));
  if (typeof json === "object" && json !== null) {
    return Object.fromEntries(
      Object.entries(json).map(([name, value]) => [name, shiftInstants(value, by)]),
    );
  }
  if (typeof json !== "string" || !instant.test(json)) return json;
  const at = parseInstant(json);
  return at === undefined ? json : renderInstant(at + by);
}
