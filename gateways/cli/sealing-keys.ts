import { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderMinute } from "./render-minute.ts";
import { type Say, sayOf } from "./words.ts";

const keyShape = z.looseObject({
  agency: z.string(),
  fingerprint: z.string(),
  state: z.string(),
  since: z.string(),
  at: z.string(),
  by: z.string().optional(),
  isListed: z.boolean(),
  says: z.string(),
});
const keysShape = z.object({ items: z.array(keyShape) });

type Key = z.infer<typeof keyShape>;

/** Groups of four: what people read to each other over the telephone. */
function renderFingerprint(fingerprint: string): string {
  return fingerprint.replaceAll(/.{4}(?=.)/g, "$& ");
}

function renderKey({ agency, fingerprint, since, at, by, isListed, says }: Key): string {
  const person = by === undefined ? [] : [`  by ${by}, ${renderMinute(at)}`];
  const gone = isListed ? [] : ["  the register no longer names it"];
  const lines = [`  ${says}`, `  ${renderFingerprint(fingerprint)}`];
  return [`${agency}  since ${renderMinute(since)}`, ...lines, ...person, ...gone].join("\n");
}

function renderKeys(items: readonly Key[]): string {
  const needed = items.filter(({ state }) => state === "UNENDORSED");
  const others = items.filter(({ state }) => state !== "UNENDORSED");
  return [...needed, ...others].map(renderKey).join("\n\n");
}

/** Lists the sealing keys that changed, those that need a person first; or all that the gateway met. */
export async function runKeysList(desk: Desk, { all }: { readonly all?: true }): Promise<number> {
  const path = `/v1/sealing-keys${all === true ? "?all=true" : ""}`;
  const keys = await desk.client().askFor(keysShape, { path });
  const none = sayOf(desk)(all === true ? "none.keys" : "none.changedKeys");
  desk.result(keys, keys.items.length === 0 ? none : renderKeys(keys.items));
  return exitCodes.ok;
}

/** What a person says of a key. */
export interface KeyWordOptions {
  readonly state: "CONFIRMED" | "REFUSED";
  readonly by: string;
  /** In pieces, as people write it. */
  readonly fingerprint: readonly string[];
  /** Only what would change; nothing is. */
  readonly dryRun?: true | undefined;
}

const triedShape = z.object({ tried: z.literal(true), before: keyShape, after: keyShape });

/** What is sealed to whom stands in the sentence of each state. */
function renderTried(say: Say, { before, after }: z.infer<typeof triedShape>): string {
  const { agency, fingerprint, by = "?" } = after;
  const lines = [
    renderFingerprint(fingerprint),
    say("dry.key.now", { says: before.says }),
    say("dry.key.then", { says: after.says }),
    ...(before.state === after.state ? [say("dry.key.same")] : []),
  ];
  const first = `${say("dry.nothing")} ${say("dry.key.said", { by, agency })}`;
  return [first, ...lines.map((line) => `  ${line}`)].join("\n");
}

function readFingerprint(pieces: readonly string[]): string {
  const digits = pieces.join("").replaceAll(/[\s:]/g, "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  throw new Fault("USAGE_INVALID", "a fingerprint has 64 hexadecimal digits, all of them");
}

/** Writes down that a person confirmed or refused a key, whose whole fingerprint he compared. */
export async function runKeyWord(
  desk: Desk,
  agency: string,
  { state, by, fingerprint, dryRun }: KeyWordOptions,
): Promise<number> {
  const body = JSON.stringify({ agency, fingerprint: readFingerprint(fingerprint), state, by });
  const headers = { "content-type": "application/json" };
  const question = { method: "POST", path: "/v1/sealing-keys:decide", body, headers } as const;
  if (dryRun === true) {
    const path = `${question.path}?dryRun=true`;
    const tried = await desk.client().askFor(triedShape, { ...question, path });
    desk.result(tried, renderTried(sayOf(desk), tried));
    return exitCodes.ok;
  }
  const key = await desk.client().askFor(keyShape, question);
  desk.result(key, renderKey(key));
  return exitCodes.ok;
}
