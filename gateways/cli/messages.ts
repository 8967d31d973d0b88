import { z } from "zod";

import { type Language, limits, parseJsonText } from "../../schemas/index.ts";
import { explainViolation, renderExplanation } from "../../schemas/explain/index.ts";
import { isFaultCode, renderHex, sha256, utf8, tryShape } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { makeExample } from "./example.ts";
import { exitCodes } from "./exit-codes.ts";
import { attachAll } from "./handing-in.ts";
import { objectShape, readMessage } from "./read-message.ts";
import { renderSeconds } from "./render-cost.ts";
import { statusShape } from "./shapes.ts";
import { renderMinute } from "./render-minute.ts";
import { makeSay, type Say } from "./words.ts";

const violationShape = z.object({ path: z.string(), code: z.string(), message: z.string() });
const validationShape = z.object({
  valid: z.boolean(),
  problems: z.array(violationShape),
  bytes: z.number(),
  audience: z.array(z.string()),
  seconds: z.number().optional(),
  bytesPerSecond: z.number().optional(),
  attachments: z
    .array(
      z.object({
        digest: z.string(),
        size: z.number(),
        carried: z.boolean(),
        bytes: z.number(),
        seconds: z.number().optional(),
      }),
    )
    .default([]),
});
/** What a gateway answers to a message it stored. */
export const submittedShape = z.object({
  id: z.string(),
  // what takes two officers was kept as what waits, and says how that stands
  created: z.boolean().default(true),
  audience: z.array(z.string()),
  state: z.string().optional(),
  expiresAt: z.string().optional(),
  reason: z.string().optional(),
});

const jsonHeaders = { "content-type": "application/json" };

/** Prints a message of a type to be filled in. */
export function runNew({ world, say }: Desk, type: string): number {
  const example = makeExample(type, world.clock);
  world.out(`${JSON.stringify(example, undefined, 2)}\n`);
  say("It is an EXERCISE until you change status to ACTUAL. Next: atumpan message validate FILE");
  return exitCodes.ok;
}

function typeOf(text: string): string | undefined {
  const json = tryShape(objectShape, parseJsonText(text, limits.maxRequestBytes));
  const type = json.success ? json.data["type"] : undefined;
  return typeof type === "string" ? type : undefined;
}

/** Asks the gateway what is wrong with a message, without storing it; says it in the language asked for. */
export async function runValidate(desk: Desk, file: string, lang: Language): Promise<number> {
  return await validate(desk, await readMessage(desk, file), lang);
}

/** What a message and its files cost on the link, while its speed is known. */
function renderCost(
  say: Say,
  { seconds, bytesPerSecond, attachments }: z.infer<typeof validationShape>,
): readonly string[] {
  const kbits = Math.max(1, Math.round(((bytesPerSecond ?? 0) * 8) / 1000));
  const whole = attachments.reduce((sum, one) => sum + (one.seconds ?? 0), seconds ?? 0);
  const speed = seconds === undefined ? [] : [`${renderSeconds(whole)} at ${kbits} kbit/s`];
  const files = attachments.map(({ digest, carried, bytes, seconds: took }) => {
    const file = digest.slice(0, 8);
    if (!carried) return say("dry.fileAway", { file, command: "atumpan attachment add" });
    return `${say("dry.file", { file, bytes })}${took === undefined ? "" : `, ${renderSeconds(took)}`}`;
  });
  return [...files, ...speed];
} // prettier-ignore

/** Says what is wrong with a message and who would read it, without storing it; in the language of the command. */
export async function validateText(desk: Desk, body: string): Promise<number> {
  return await validate(desk, body, desk.common.lang ?? "en");
}

async function validate(desk: Desk, body: string, lang: Language): Promise<number> {
  const path = "/v1/messages:validate";
  const question = { method: "POST", path, body, headers: jsonHeaders } as const;
  const found = await desk.client().askFor(validationShape, question);
  const type = typeOf(body);
  const lines = found.problems.map((one) =>
    isFaultCode(one.code) && lang !== "en"
      ? renderExplanation(explainViolation({ ...one, code: one.code }, type), lang)
      : `${one.path || "/"}  ${one.message}  (${one.code})`,
  );
  const say = makeSay(lang);
  const valid = say("dry.valid", { bytes: found.bytes, readers: found.audience.join(", ") });
  const good = [valid, ...renderCost(say, found)].join("\n");
  desk.result(found, found.valid ? good : lines.join("\n"));
  return found.valid ? exitCodes.ok : exitCodes.invalidContent;
}

/** What the person said about one sending. */
export interface SendOptions {
  readonly key?: string;
  readonly new?: boolean;
  readonly inReplyTo?: string;
  /** Files that go beside it. */
  readonly attach?: readonly string[];
  /** Only what would be wrong, and who would read it; nothing is stored or sent. */
  readonly dryRun?: true;
}

/** The same file sent twice is one message, so its digest is the key; `--new` makes it another one. */
function keyOf(desk: Desk, text: string, options: SendOptions): string {
  if (options.key !== undefined) return options.key;
  const own = `cli:${renderHex(sha256(utf8(text)))}`;
  return options.new === true ? `${own}:${renderHex(desk.world.chance.bytes(8))}` : own;
}

/** Hands a message to the gateway; says whether it can be on its way. */
export async function runSend(desk: Desk, file: string, options: SendOptions): Promise<number> {
  const text = await readMessage(desk, file, options.inReplyTo);
  return await sendText(desk, await attachAll(desk, text, options.attach ?? []), options);
}

/** Tells how something stands that takes two officers. */
function tellWaiting(desk: Desk, sent: z.infer<typeof submittedShape>): number {
  const { id, state, expiresAt = "", reason, audience } = sent;
  desk.result(sent, id);
  if (state === "WAITING") {
    desk.say(`It takes two officers. It waits until ${renderMinute(expiresAt)} for an approver, to be read by ${audience.join(", ")}.`);
    desk.say(`Next: atumpan release show ${id}`);
    return exitCodes.needsApproval;
  }
  desk.say(`It was handed in before and is ${state}${reason === undefined ? "" : `: ${reason}`}. Change it, or send it with --new.`);
  return exitCodes.conflict;
} // prettier-ignore

/** Hands a message to the gateway that was made here, as `runSend` does with one of a file. */
export async function sendText(desk: Desk, body: string, options: SendOptions): Promise<number> {
  if (options.dryRun === true) return await validateText(desk, body);
  const client = desk.client();
  const headers = { ...jsonHeaders, "idempotency-key": keyOf(desk, body, options) };
  const question = { method: "POST", path: "/v1/messages", body, headers } as const;
  const sent = await client.askFor(submittedShape, question);
  if (sent.state !== undefined) return tellWaiting(desk, sent);
  const { linkUp, agency } = await client.askFor(statusShape, { path: "/v1/status" });
  desk.result({ ...sent, linkUp }, sent.id);
  if (!sent.created) desk.say("The same message came before; nothing new was stored.");
  else desk.say(`Saved at ${agency}, to be read by ${sent.audience.join(", ")}.`);
  if (linkUp) return exitCodes.ok;
  desk.say("The link to the hub is down; the gateway will send it. Nothing is to be done.");
  return exitCodes.savedNotSent;
}
