import { cpSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { houseVerbs } from "../../deploy/house-verbs.ts";
import { seeConfig } from "../../gateways/index.ts";
import { runCli } from "../../gateways/cli/index.ts";
import { type Chance, type Clock, systemChance } from "../../schemas/ground/index.ts";
import { until } from "./server.ts";

const folder = join(import.meta.dirname, "../../deploy/runbooks");

/** One command of a runbook, as it stands there. */
export interface RunbookStep {
  readonly line: string;
  readonly section: string;
  /** With which codes it may end; 0 unless the line says so. */
  readonly codes: readonly number[];
}

/** A page, taken apart. */
export interface Runbook {
  readonly sections: readonly string[];
  readonly steps: readonly RunbookStep[];
  /** Steps of "What you do", as they are numbered. */
  readonly numbered: number;
}

/** What every page has, in this order. */
export const runbookSections = [
  "What you see",
  "What it means",
  "What you do",
  "How you know that it worked",
  "Whom to tell",
];

/** Reads a page: its sections and every line of its shell blocks. */
export function readRunbook(name: string): Runbook {
  const text = readFileSync(join(folder, `${name}.md`), "utf8");
  const sections: string[] = [];
  const steps: RunbookStep[] = [];
  let [isShell, numbered] = [false, 0];
  for (const line of text.split("\n")) {
    if (line.trim().startsWith("```")) isShell = line.trim() === "```sh";
    else if (isShell && line.trim() !== "") {
      const [command = "", said = "0"] = line.trim().split(/ +# /);
      const codes = said.split(" or ").map(Number);
      steps.push({ line: command, section: sections.at(-1) ?? "", codes });
    } else if (line.startsWith("## ")) sections.push(line.slice(3));
    else if (/^\d+\. /.test(line)) numbered += 1;
  }
  return { sections, steps, numbered };
}

/** What the words in capitals stand for, and who does what no command of ours does. */
export interface Rehearsal {
  readonly words: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly clock: () => Clock;
  readonly chance?: Chance;
  /** By the line as it stands in the page: `systemctl …` in place of it, anything else after it. */
  readonly acts?: Readonly<Record<string, () => Promise<unknown>>>;
  readonly ask?: (question: string) => Promise<string>;
  /** Hears all that is said. */
  readonly hear?: (text: string) => void;
}

function fill(line: string, words: Rehearsal["words"]): readonly string[] {
  const parts = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
  return parts.map((part) =>
    part.replaceAll(/\$([A-Z_]+)/g, (_, name: string) => {
      const word = words[name];
      if (word === undefined) throw new Error(`${line}\nnobody says what $${name} is`);
      return word;
    }),
  );
}

/** Runs one command as a person does. */
export async function runStep(rehearsal: Rehearsal, line: string): Promise<{ code: number; said: string }> {
  const { words, cwd, clock, chance = systemChance, acts = {}, ask, hear } = rehearsal;
  const [program, ...args] = fill(line, words);
  if (program === "cp") {
    cpSync(resolve(cwd, args[0] ?? ""), resolve(cwd, args[1] ?? ""));
    return { code: 0, said: "" };
  }
  if (program === "systemctl") {
    const act = acts[line];
    if (act === undefined) throw new Error(`nobody does: ${line}`);
    await act();
    return { code: 0, said: "" };
  }
  if (program !== "atumpan") throw new Error(`a runbook has a command that nobody can rehearse: ${line}`);
  let said = "";
  const take = (text: string): void => {
    said += text;
    hear?.(text);
  };
  const now = clock();
  const code = await runCli({
    args, cwd, clock: now, chance, out: take, err: take, write: async (text) => take(text), version: "0.0.0", isWatched: false,
    stdin: () => Promise.resolve(""), fetch: () => Promise.reject(new TypeError("no gateway here")), signal: new AbortController().signal,
    seeConfig: (dir) => Promise.resolve(seeConfig(dir, now)), verbs: houseVerbs, ...(ask === undefined ? {} : { ask }),
  });
  await acts[line]?.();
  return { code, said };
} // prettier-ignore

/** Runs every command of a page in its order. What says how one knows may take a while to be so. */
export async function rehearse(name: string, rehearsal: Rehearsal): Promise<void> {
  for (const { line, section, codes } of readRunbook(name).steps) {
    let ran = await runStep(rehearsal, line);
    if (section.startsWith("How you know") && !codes.includes(ran.code)) {
      await until(() => `${line}\n${ran.said}`, async () => codes.includes((ran = await runStep(rehearsal, line)).code), 500);
    }
    if (!codes.includes(ran.code)) throw new Error(`${name}: ${line}\nended with ${ran.code}:\n${ran.said}`);
  }
} // prettier-ignore
