import { z } from "zod";

import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { makeAsker } from "./asker.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderTable } from "./render-lists.ts";
import { renderMinute } from "./render-minute.ts";
import { type Say, sayOf } from "./words.ts";

const stateShape = z.looseObject({
  state: z.string(),
  encrypted: z.boolean(),
  since: z.string().optional(),
  reason: z.string().optional(),
  suspendedBy: z.looseObject({ code: z.string(), epoch: z.number() }).optional(),
});

/** What a gateway says whose store is not open. */
export const lockedShape = z.looseObject({ agency: z.string(), store: stateShape });

const answerShape = z.looseObject({ store: stateShape });

/** How a store stands. */
function renderStore(store: z.infer<typeof stateShape>, say: Say): string {
  const { state, reason, since, suspendedBy: by } = store;
  const why = reason === undefined ? "" : ` (${reason})`;
  const from = since === undefined ? "" : ` ${say("storeSince", { since: renderMinute(since) })}`;
  const forbidden =
    by === undefined ? "" : `, ${say("forbidden", { epoch: by.epoch, code: by.code })}`;
  return `${say(`store.${state}`)}${why}${from}${forbidden}`;
}

/** What is known of a gateway whose store is not open; anything else is not a gateway's answer. */
export function renderLocked(said: unknown, say: Say): string {
  const { agency, store } = lockedShape.parse(said);
  const rows = renderTable([
    [say("agency"), agency],
    [say("store"), renderStore(store, say)],
  ]);
  const way = say("openWith", { command: "atumpan store unlock" });
  return store.state === "LOCKED" ? `${rows}\n${way}` : rows;
}

/** A row on the open store, where the gateway says how it stands. */
export function renderStoreRow(said: unknown, say: Say): readonly (readonly string[])[] {
  const read = tryShape(lockedShape, said);
  if (!read.success) return [];
  return [[say("store"), say(read.data.store.encrypted ? "openEncrypted" : "openPlain")]];
}

async function post(desk: Desk, path: string, body: unknown): Promise<number> {
  const headers = { "content-type": "application/json" };
  const question = { method: "POST", path, headers, body: JSON.stringify(body) } as const;
  const { store } = await desk.client().askFor(answerShape, question);
  const say = sayOf(desk);
  desk.result({ store }, `${say("store")}  ${renderStore(store, say)}`);
  return exitCodes.ok;
}

/** What a store is opened with. */
export interface UnlockOptions {
  readonly recovery?: true;
  readonly pin?: true;
  /** The gateway's own way: its key file, or its token's PIN file. */
  readonly own?: true;
  /** A private file with the passphrase, PIN or code on one line. */
  readonly from?: string;
}

function chooseSecret({ recovery, pin }: UnlockOptions): {
  readonly name: string;
  readonly question: string;
} {
  if (recovery === true) return { name: "recoveryCode", question: "recovery code" };
  return pin === true
    ? { name: "pin", question: "PIN of the token" }
    : { name: "passphrase", question: "passphrase of the store" };
}

/** Opens a gateway's store by what is typed, or read from a private file; never from an argument. */
export async function runUnlock(desk: Desk, options: UnlockOptions): Promise<number> {
  const { recovery, pin, own } = options;
  if ([recovery, pin, own].filter((one) => one === true).length > 1)
    throw new Fault("USAGE_INVALID", "choose one of --recovery, --pin and --own");
  if (own === true) return await post(desk, "/v1/unlock", {});
  const asker = makeAsker(desk, options.from);
  const { name, question } = chooseSecret(options);
  return await post(desk, "/v1/unlock", { [name]: await asker.secret(question) });
}

/** Locks a gateway's store. */
export async function runLock(desk: Desk): Promise<number> {
  return await post(desk, "/v1/lock", {});
}

/** Wipes a gateway's store once its agency's name was typed. */
export async function runWipe(desk: Desk): Promise<number> {
  const { name } = desk.chosen();
  desk.say(
    `This wipes the store of ${name}. Nobody can read it again; only a backup brings it back.`,
  );
  const agency =
    desk.common.yes === true ? name : await makeAsker(desk).line("type the agency's name to go on");
  if (agency !== name) throw new Fault("USAGE_INVALID", `that is not ${name}; nothing was wiped`);
  return await post(desk, "/v1/store:wipe", { agency });
}
