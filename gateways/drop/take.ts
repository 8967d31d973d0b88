import { join } from "node:path";

import { renderInstant } from "../../schemas/index.ts";
import {
  type Chance,
  type Clock,
  type EpochMs,
  Fault,
  type FaultCode,
  isFault,
  type Log,
  makeUuid,
  renderHex,
  renderUuid,
  sha256,
} from "../../schemas/ground/index.ts";
import type { DropChoice } from "./choice.ts";
import { codeOf, isSameLook, lookAt, move, readWhole, remove, writeWhole } from "./disk.ts";
import { maxFileBytes, maxRows, readItems } from "./items.ts";
import { decideKind, parseDropName, readyMark } from "./name.ts";
import { type Found, rawPath } from "./scan.ts";
import { type Ask, rejectedFor, saysOf, type Says, sendItem, type Sent } from "./send.ts";

/** What files are taken with. */
export interface TakeDesk {
  readonly dir: string;
  readonly choice: DropChoice;
  readonly ask: Ask;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** The file that is laid beside each file that was dealt with. */
interface Result {
  readonly file: string;
  /** SENT: all of it. PARTLY: some rows. REJECTED: none. */
  readonly state: "SENT" | "PARTLY" | "REJECTED";
  readonly at: string;
  readonly sha256?: string | undefined;
  readonly problem?: { readonly code: string; readonly says: Says; readonly detail: string };
  readonly items: readonly Sent[];
  /** What the source says that has no place in the message. */
  readonly notes: readonly {
    readonly line: number;
    readonly path: string;
    readonly code: string;
  }[];
}

/** What became of a file: it is dealt with, or lies in `work/` still. */
export type Taken = "SENT" | "PARTLY" | "REJECTED" | "GONE" | { readonly waits: FaultCode };

/** Rows that are explained field by field; of the others the code. */
const maxTold = 100;
const maxNotes = 1_000;
/** Tries of a message at which something fails inside, so that one file cannot stand before all others for ever. */
const maxFailures = 5;

/** Bytes of `<uuid>.`, which our names in `work/` begin with: they sort by the time they came. */
const prefixLength = 37;

function makePrefix({ clock, chance }: TakeDesk): string {
  return renderUuid(makeUuid(clock.now(), chance));
}

/** The name a file came with, of its name in `work/`; undefined for what we did not put there. */
export function nameInWork(name: string): string | undefined {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\../.test(name)
    ? name.slice(prefixLength)
    : undefined;
}

/** A name nothing lies under yet. */
async function freeName(folder: string, name: string, prefix: string): Promise<string> {
  const dot = name.lastIndexOf(".");
  const [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let n = 1; n <= 50; n += 1) {
    const tried = n === 1 ? name : `${stem}~${n}${end}`;
    if ((await lookAt(join(folder, tried))) === undefined) return tried;
  }
  return `${prefix}.${name}`;
}

function stateOf(problem: Fault | undefined, items: readonly Sent[]): Result["state"] {
  const sent = items.filter(({ state }) => state === "SENT").length;
  if (problem === undefined && sent === items.length && sent > 0) return "SENT";
  return sent > 0 ? "PARTLY" : "REJECTED";
}

/** Takes files out of `in/` and deals with them; each of its steps may be the last before a power cut. */
export class Taking {
  readonly #desk: TakeDesk;
  readonly #failures = new Map<string, number>();

  constructor(desk: TakeDesk) {
    this.#desk = desk;
  }

  /** Takes one thing of `in/` into `work/`; what is no file or cannot be named goes to `rejected/`. */
  async fetch({ raw, isFile }: Found): Promise<string | undefined> {
    const { dir } = this.#desk;
    const from = rawPath(join(dir, "in"), raw);
    const prefix = makePrefix(this.#desk);
    try {
      const name = parseDropName(Buffer.from(raw, "latin1"));
      if (!isFile) {
        throw new Fault("IMPORT_FILE_UNREADABLE", "only files are read, no links, folders or devices");
      }
      await move(from, join(dir, "work"), `${prefix}.${name}`);
      await remove(rawPath(join(dir, "in"), `${raw}${readyMark}`));
      return `${prefix}.${name}`;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      if (!isFault(error)) throw error;
      await this.#refuseUnread(from, prefix, error);
      return undefined;
    }
  }

  /** Deals with one file of `work/`. @throws what the disk says */
  async settle(held: string): Promise<Taken> {
    const name = nameInWork(held);
    const path = join(this.#desk.dir, "work", held);
    if (name === undefined) return "GONE";
    try {
      return await this.#judge(held, name);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return "GONE";
      // swapped for a link after it was taken: it is not followed
      if (codeOf(error) !== "ELOOP") throw error;
      const fault = new Fault("IMPORT_FILE_UNREADABLE", "only files are read, no links, folders or devices");
      await this.#refuseUnread(Buffer.from(path), held.slice(0, prefixLength - 1), fault);
      return "REJECTED";
    }
  }

  async #refuseUnread(from: Buffer, prefix: string, fault: Fault): Promise<void> {
    const { dir, log, clock } = this.#desk;
    const result = this.#resultOf({ file: prefix, at: clock.now(), problem: fault, items: [] });
    await writeWhole(join(dir, "rejected"), `${prefix}.result.json`, `${JSON.stringify(result, undefined, 2)}\n`);
    await move(from, join(dir, "rejected"), prefix);
    log.warn("dropped file refused", { code: fault.code, file: prefix });
  }

  #resultOf({ file, at, problem, items, notes = [], digest }: {
    readonly file: string; readonly at: EpochMs; readonly problem: Fault | undefined; readonly items: readonly Sent[];
    readonly notes?: Result["notes"]; readonly digest?: string;
  }): Result {
    const { code, detail } = problem ?? {};
    const told = code === undefined ? {} : { problem: { code, says: saysOf(code), detail: detail ?? "" } };
    return { file, state: stateOf(problem, items), at: renderInstant(at), sha256: digest, ...told, items, notes };
  }

  async #judge(held: string, name: string): Promise<Taken> {
    const { dir, choice, clock } = this.#desk;
    const path = join(dir, "work", held);
    const notes: Result["notes"][number][] = [];
    const items: Sent[] = [];
    let problem: Fault | undefined;
    let digest: string | undefined;
    try {
      const { bytes, look } = await readWhole(path, maxFileBytes);
      const now = await lookAt(path);
      // whoever wrote it holds it open still and goes on
      if (now !== undefined && !isSameLook(look, now)) return { waits: "REQUEST_TOO_SLOW" };
      digest = renderHex(sha256(bytes));
      const note = (line: number, where: string, code: string): void => {
        if (notes.length < maxNotes) notes.push({ line, path: where, code });
      };
      const file = { name, kind: decideKind(name, bytes), bytes, choice, note };
      const waits = await this.#sendAll(held, readItems(file), items);
      if (waits !== undefined) return { waits };
    } catch (error) {
      if (!isFault(error)) throw error;
      problem = error;
    }
    const result = this.#resultOf({ file: name, at: clock.now(), problem, items, notes, digest: digest ?? "" });
    return await this.#lay(held, name, result);
  }

  async #sendAll(held: string, source: AsyncIterable<Parameters<typeof sendItem>[1]>, items: Sent[]): Promise<FaultCode | undefined> {
    let refused = 0;
    for await (const item of source) {
      if (items.length >= maxRows) throw new Fault("IMPORT_FILE_UNREADABLE", `a file holds at most ${maxRows} messages; split it`);
      const tried = await sendItem(this.#desk.ask, item, refused < maxTold);
      if (!("waits" in tried)) {
        items.push(tried);
        refused += tried.state === "REJECTED" ? 1 : 0;
        continue;
      }
      if (tried.waits !== "INTERNAL" || this.#countFailure(held) < maxFailures) return tried.waits;
      items.push(rejectedFor(item.row, new Fault("INTERNAL", "something failed inside; the gateway's log knows")));
    }
    return undefined;
  }

  #countFailure(held: string): number {
    const count = (this.#failures.get(held) ?? 0) + 1;
    this.#failures.set(held, count);
    return count;
  }

  /**
   * The result first, then the file: who finds a file in `done/` or `rejected/` finds its result. A power cut between
   * leaves the file in `work/`; it is dealt with again, and nothing of it is sent twice.
   */
  async #lay(held: string, name: string, result: Result): Promise<Taken> {
    const { dir, log } = this.#desk;
    const folder = join(dir, result.state === "SENT" ? "done" : "rejected");
    const free = await freeName(folder, name, held.slice(0, prefixLength - 1));
    await writeWhole(folder, `${free}.result.json`, `${JSON.stringify(result, undefined, 2)}\n`);
    await move(join(dir, "work", held), folder, free);
    this.#failures.delete(held);
    log.info("dropped file dealt with", { code: result.state, count: result.items.length });
    return result.state;
  }
} // prettier-ignore
