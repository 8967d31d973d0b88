import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { Fault, type Log, tryShape } from "../../schemas/ground/index.ts";
import type { DropChoice } from "./choice.ts";
import { codeOf, lookAt, writeHidden, writeWhole } from "./disk.ts";
import type { Ask } from "./send.ts";

/** What decides whether a message is written out; asked without opening it. */
export type Peek = (
  id: string,
) => { readonly type: string; readonly crimes: readonly string[] } | undefined;

/** What `out/` is written with. */
export interface OutDesk {
  /** The folder of the drop. */
  readonly dir: string;
  /** A folder of the gateway's own, for how far it came. */
  readonly ownDir: string;
  readonly choice: NonNullable<DropChoice["out"]>;
  readonly purpose?: string | undefined;
  readonly ask: Ask;
  readonly peek: Peek;
  readonly log: Log;
}

const stateFile = "drop-out.json";
const file = z.string().regex(/^[0-9TZ.]{15,30}-[0-9a-f-]{36}(?:\.taken-back)?\.(?:json|txt)$/);
const stateShape = z.strictObject({
  cursor: z.string().max(60),
  /** Files that lie whole under hidden names, and are to be shown: those that are not hidden any more were. */
  pending: z.array(file).max(2).optional(),
});
type State = z.infer<typeof stateShape>;

const changeShape = z.looseObject({
  cursor: z.string(),
  kind: z.string(),
  id: z.string().regex(/^[0-9a-f-]{36}$/),
  box: z.string(),
  state: z.string(),
  at: z.string().regex(/^[0-9TZ:.-]{20,30}$/),
});
const pageShape = z.looseObject({
  items: z.array(changeShape),
  next: z.string(),
  hasMore: z.boolean(),
});
const problemShape = z.looseObject({ code: z.string(), retry: z.string() });

type Change = z.infer<typeof changeShape>;

/** What one round came to. */
export interface OutRound {
  readonly written: number;
  /** Messages that this caller may not read, or not for this purpose. */
  readonly withheld: number;
}

async function loadState(dir: string): Promise<State | undefined> {
  let text: string;
  try {
    text = await readFile(join(dir, stateFile), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    return stateShape.parse(JSON.parse(text));
  } catch (cause) {
    const detail = `${stateFile} in the gateway's folder is not ours; remove it to begin from now on`;
    throw new Fault("CONFIG_INVALID", detail, { cause });
  }
}

/** The place of a file: when it was stored and its id, and nothing that anybody else chose. */
function nameOf({ at, id }: Change): string {
  return `${at.replaceAll(/[:-]/g, "")}-${id}`;
}

/** What the gateway said; refusals that pass later are thrown, others are for the caller to count. */
async function bodyOf(answer: Response): Promise<string | undefined> {
  if (answer.ok) return await answer.text();
  const problem = tryShape(problemShape, await answer.json().catch((): undefined => undefined));
  if (problem.success && problem.data.retry !== "later" && [403, 404].includes(answer.status)) {
    // a role that is missing concerns us and not the message: it is waited for
    if (problem.data.code !== "ROLE_MISSING") return undefined;
  }
  throw new Fault("GATEWAY_UNREACHABLE", "messages for out/ cannot be read now");
}

/** Writes what is received into `out/`, each once, going on where it stopped. */
export class WritingOut {
  readonly #desk: OutDesk;
  #state: State | undefined;

  constructor(desk: OutDesk) {
    this.#desk = desk;
  }

  /**
   * The next changes; waits for some when there are none.
   *
   * @throws {Fault} GATEWAY_UNREACHABLE, CURSOR_GONE, CONFIG_INVALID; and what the disk says
   */
  async round(waitSeconds: number): Promise<OutRound> {
    this.#state ??= await loadState(this.#desk.ownDir);
    await this.#finish();
    const { ask, choice } = this.#desk;
    // where it begins the first time is written down before anything is waited for
    const where =
      this.#state === undefined
        ? `from=${choice.from ?? "now"}&wait=0`
        : `cursor=${this.#state.cursor}&wait=${waitSeconds}`;
    const answer = await ask(`/v1/changes?${where}&limit=50`);
    if (answer.status === 410) throw new Fault("CURSOR_GONE", "changes that out/ has not seen are kept no more");
    const page = pageShape.parse(JSON.parse((await bodyOf(answer)) ?? "{}"));
    const done = { written: 0, withheld: 0 };
    for (const change of page.items) {
      const isOut = this.#isWanted(change) ? await this.#write(change) : undefined;
      if (isOut !== undefined) done[isOut ? "written" : "withheld"] += 1;
    }
    if (this.#state?.cursor !== page.next) await this.#save({ cursor: page.next });
    return done;
  }

  /** Begins anew from now on; what was missed in between is for a person to look up. */
  async skip(): Promise<void> {
    const answer = await this.#desk.ask("/v1/changes?from=now&limit=1");
    const { next } = pageShape.parse(JSON.parse((await bodyOf(answer)) ?? "{}"));
    await this.#save({ cursor: next });
  }

  #isWanted(change: Change): boolean {
    if (!isTold(change)) return false;
    const { id } = change;
    const { types, crimes } = this.#desk.choice;
    if (types === undefined && crimes === undefined) return true;
    const message = this.#desk.peek(id);
    if (message === undefined) return false;
    const isType = types?.some((type) => type === message.type) ?? true;
    return isType && (crimes?.some((crime) => message.crimes.includes(crime)) ?? true);
  }

  /** Whether it was written; not when this caller may not read it. */
  async #write(change: Change): Promise<boolean> {
    const files = change.kind === "taken-back" ? takenBack(change) : await this.#read(change);
    if (files === undefined) return false;
    const folder = join(this.#desk.dir, "out");
    for (const [name, text] of files) await writeHidden(join(folder, `.${name}.tmp`), text);
    // from here on they are shown even if we end now, and shown once even if who takes them is faster than we
    await this.#save({ cursor: change.cursor, pending: files.map(([name]) => name) });
    await this.#finish();
    return true;
  }

  async #read({ id, ...change }: Change): Promise<readonly (readonly [string, string])[] | undefined> {
    const { ask, choice, purpose } = this.#desk;
    const said = purpose === undefined ? {} : { "atumpan-purpose": purpose };
    const read = async (accept: string): Promise<string | undefined> =>
      await bodyOf(await ask(`/v1/messages/${id}`, { headers: { ...said, accept } }));
    const json = await read("application/json");
    const text = json === undefined ? undefined : await read(`text/plain;lang=${choice.lang ?? "en"}`);
    if (json === undefined || text === undefined) return undefined;
    const name = nameOf({ id, ...change });
    // the text first: who sees the JSON finds both
    return [[`${name}.txt`, text], [`${name}.json`, `${json}\n`]];
  }

  async #save(state: State): Promise<void> {
    await writeWhole(this.#desk.ownDir, stateFile, JSON.stringify(state));
    this.#state = state;
  }

  async #finish(): Promise<void> {
    const { cursor, pending = [] } = this.#state ?? {};
    if (cursor === undefined || pending.length === 0) return;
    const folder = join(this.#desk.dir, "out");
    for (const name of pending) {
      const hidden = join(folder, `.${name}.tmp`);
      if ((await lookAt(hidden)) !== undefined) await rename(hidden, join(folder, name));
    }
    await this.#save({ cursor });
  }
} // prettier-ignore

/** Whether it is a message that was proved, or one that counts no more. */
function isTold({ box, kind, state }: Change): boolean {
  if (box !== "in") return false;
  return kind === "taken-back" || (["stored", "moved"].includes(kind) && state === "VERIFIED");
}

function takenBack(change: Change): readonly (readonly [string, string])[] {
  const { id, at } = change;
  const says = { id, kind: "taken-back", at };
  return [[`${nameOf(change)}.taken-back.json`, `${JSON.stringify(says)}\n`]];
}
