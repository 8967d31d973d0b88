import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { z } from "zod";

import { limits, parseJsonText } from "../../schemas/index.ts";
import { Fault, renderHex, sha256, toFault, utf8 } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { makeExample } from "./example.ts";
import { exitCodes } from "./exit-codes.ts";
import { statusShape } from "./shapes.ts";

const violationShape = z.object({ path: z.string(), code: z.string(), message: z.string() });
const validationShape = z.object({
  valid: z.boolean(),
  problems: z.array(violationShape),
  bytes: z.number(),
  audience: z.array(z.string()),
});
const submittedShape = z.object({
  id: z.string(),
  created: z.boolean(),
  audience: z.array(z.string()),
});

const jsonHeaders = { "content-type": "application/json" };

const objectShape = z.record(z.string(), z.unknown());

/** The message with the id of the one it answers, in its text form. */
function answering(json: unknown, text: string, inReplyTo: string | undefined): string {
  if (inReplyTo === undefined) return text;
  const message = objectShape.safeParse(json);
  if (!message.success) throw new Fault("SCHEMA_FIELD_TYPE", "a message is a JSON object");
  return JSON.stringify({ ...message.data, inReplyTo });
}

/** Text of a file or, for "-", of standard input; it is JSON when this returns. */
async function readMessage({ world }: Desk, file: string, inReplyTo?: string): Promise<string> {
  let text: string;
  try {
    text = file === "-" ? await world.stdin() : readFileSync(resolve(world.cwd, file), "utf8");
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${file} cannot be read`);
  }
  return answering(parseJsonText(text, limits.maxRequestBytes), text, inReplyTo);
}

/** Prints a message of a type to be filled in. */
export function runNew({ world, say }: Desk, type: string): number {
  const example = makeExample(type, world.clock, world.chance);
  world.out(`${JSON.stringify(example, undefined, 2)}\n`);
  say("It is an EXERCISE until you change status to ACTUAL. Next: atumpan message validate FILE");
  return exitCodes.ok;
}

/** Asks the gateway what is wrong with a message, without storing it. */
export async function runValidate(desk: Desk, file: string): Promise<number> {
  const body = await readMessage(desk, file);
  const path = "/v1/messages:validate";
  const question = { method: "POST", path, body, headers: jsonHeaders } as const;
  const found = await desk.client().askFor(validationShape, question);
  const lines = found.problems.map((one) => `${one.path || "/"}  ${one.message}  (${one.code})`);
  const good = `Valid: ${found.bytes} bytes, read by ${found.audience.join(", ")}`;
  desk.result(found, found.valid ? good : lines.join("\n"));
  return found.valid ? exitCodes.ok : exitCodes.invalidContent;
}

/** What the person said about one sending. */
export interface SendOptions {
  readonly key?: string;
  readonly new?: boolean;
  readonly inReplyTo?: string;
}

/** The same file sent twice is one message, so its digest is the key; `--new` makes it another one. */
function keyOf(desk: Desk, text: string, options: SendOptions): string {
  if (options.key !== undefined) return options.key;
  const own = `cli:${renderHex(sha256(utf8(text)))}`;
  return options.new === true ? `${own}:${renderHex(desk.world.chance.bytes(8))}` : own;
}

/** Hands a message to the gateway; says whether it can be on its way. */
export async function runSend(desk: Desk, file: string, options: SendOptions): Promise<number> {
  const body = await readMessage(desk, file, options.inReplyTo);
  const client = desk.client();
  const headers = { ...jsonHeaders, "idempotency-key": keyOf(desk, body, options) };
  const question = { method: "POST", path: "/v1/messages", body, headers } as const;
  const sent = await client.askFor(submittedShape, question);
  const { linkUp, agency } = await client.askFor(statusShape, { path: "/v1/status" });
  desk.result({ ...sent, linkUp }, sent.id);
  if (!sent.created) desk.say("The same message came before; nothing new was stored.");
  else desk.say(`Saved at ${agency}, to be read by ${sent.audience.join(", ")}.`);
  if (linkUp) return exitCodes.ok;
  desk.say("The link to the hub is down; the gateway will send it. Nothing is to be done.");
  return exitCodes.savedNotSent;
}
