import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One fenced block of a page, in its order. */
export interface Block {
  readonly kind: "sh" | "text";
  readonly lines: readonly string[];
}

/** A language the examples are written in, as the page's table says how they are started. */
export interface Language {
  readonly name: string;
  /** What is done once, such as compiling; empty for most. */
  readonly once: string;
  readonly task: string;
  readonly receiver: string;
  /** Undefined where this machine has what runs it, in the version the page asks for. */
  readonly missing: string | undefined;
}

export const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "gateways/client/README.md"), "utf8");

/** The blocks of one section of gateways/client/README.md; text blocks are what commands print. */
export function findBlocks(section: string): readonly Block[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(section)) ?? "";
  const found = [...text.matchAll(/^```(sh|text)\n([^]*?)\n```$/gm)];
  return found.map(([, kind, lines = ""]) => ({
    kind: kind === "sh" ? "sh" : "text",
    lines: lines.split("\n"),
  }));
}

/** The codes in the first column of the table of troubles. */
export function findTroubles(): readonly string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith("Troubles")) ?? "";
  return [...text.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code = ""]) => code);
}

const versions: Readonly<Record<string, readonly [command: string, flag: string]>> = {
  Python: ["python3", "--version"],
  TypeScript: [process.execPath, "--version"],
  PHP: ["php", "--version"],
  Java: ["javac", "--version"],
};

/** What a command says of its version; nothing where it is not here. */
function askVersion(name: string): string {
  const [command = "", flag = ""] = versions[name] ?? [];
  const { stdout } = spawnSync(command, [flag], { encoding: "utf8" });
  return /\d+\.\d+/.exec(stdout ?? "")?.[0] ?? "0.0";
}

function findMissing(name: string, wanted: string): string | undefined {
  const [major = 0, minor = 0] = askVersion(name).split(".").map(Number);
  const [least = 0, then = 0] = wanted.split(".").map(Number);
  const isEnough = major > least || (major === least && minor >= then);
  return isEnough ? undefined : `${name} ${wanted} is not here`;
}

/** Every language of the page's table. */
export function findLanguages(): readonly Language[] {
  const rows = page.matchAll(
    /^\| (Python|TypeScript|PHP|Java) ?([\d.]*)[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm,
  );
  return [...rows].map(([, name = "", wanted = "", ...cells]) => {
    const [once = "", task = "", receiver = ""] = cells.map((cell) =>
      cell.trim().replaceAll("`", ""),
    );
    return { name, once, task, receiver, missing: findMissing(name, wanted) };
  });
}

/** How a task of a language is started: the page names `send`, others are called alike. */
export function commandOf({ task }: Language, name: string): string {
  const capital = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return task.replace(/\bsend\b/, name).replace(/\bSend\b/, capital);
}

/** A line of the page in another language than Python. */
export function translateLine(language: Language, line: string): string {
  return line
    .replace("python3 examples/python/receive.py 9104", language.receiver)
    .replace(/python3 examples\/python\/(\w+)\.py/g, (_, name: string) =>
      commandOf(language, name),
    );
}
