import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";

import { type Clock, Fault, isFault, isFaultCode, tryShape } from "../schemas/ground/index.ts";
import { gatewayShape, partsOf } from "./config.ts";
import { showConfig } from "./config-shown.ts";

/** What may be wrong with one. NAMED: a file or place that a field names; its code says what. */
export type ConfigFlaw =
  | "FIELD_UNKNOWN"
  | "TOO_BIG"
  | "TOO_SMALL"
  | "NOT_ONE_OF"
  | "WRONG_KIND"
  | "OTHER"
  | "NAMED"
  | "OPEN_TO_OTHERS"
  | "FILE_MISSING"
  | "NO_JSON";

/** One thing in a gateway's folder that keeps it from starting as it is meant. */
export interface ConfigProblem {
  /** Where in `gateway.json`, such as `api.port`; empty of the file or folder itself. */
  readonly field: string;
  readonly code: string;
  /** What kind of wrong it is, for whoever says it in other words, with the facts that these name. */
  readonly kind: ConfigFlaw;
  readonly facts: Readonly<Record<string, string | number>>;
  /** What is wrong, with the limit; never what stands there. */
  readonly says: string;
  readonly fix: string;
}

/** What a gateway's own reading says of its folder. */
export interface ConfigSeen {
  readonly problems: readonly ConfigProblem[];
  /** What it says, without secrets; absent when the file is no JSON. */
  readonly shown?: unknown;
}

type Issue = z.core.$ZodIssue;
const maxConfigBytes = 1024 * 1024;
const maxNameChars = 60;

type Flaw = Pick<ConfigProblem, "kind" | "facts" | "fix">;

function flawOf(issue: Issue): Flaw {
  if (issue.code === "too_big") {
    const limit = String(issue.maximum);
    return { kind: "TOO_BIG", facts: { limit }, fix: `make it ${limit} at most` };
  }
  if (issue.code === "too_small") {
    const limit = String(issue.minimum);
    return { kind: "TOO_SMALL", facts: { limit }, fix: `make it ${limit} at least` };
  }
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String).join(", ");
    return { kind: "NOT_ONE_OF", facts: { values }, fix: `write one of: ${values}` };
  }
  if (issue.code === "invalid_type") {
    const kind = issue.expected;
    return { kind: "WRONG_KIND", facts: { kind }, fix: `write a value of the kind ${kind}` };
  }
  return { kind: "OTHER", facts: {}, fix: "write it as gateways/README.md says" };
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.map((one) => String(one).slice(0, maxNameChars)).join(".");
}

function problemsOf(issue: Issue): readonly ConfigProblem[] {
  const code = "CONFIG_INVALID";
  if (issue.code !== "unrecognized_keys") {
    return [{ field: fieldOf(issue.path), code, says: issue.message, ...flawOf(issue) }];
  }
  return issue.keys.map((key) => ({
    field: fieldOf([...issue.path, key]),
    code,
    kind: "FIELD_UNKNOWN",
    facts: {},
    says: "gateway.json has no such field",
    fix: "take it out, or spell it as gateways/README.md does",
  }));
}

function tryPart(field: string, load: () => unknown): readonly ConfigProblem[] {
  try {
    load();
    return [];
  } catch (error) {
    const code = isFault(error) ? error.code : "CONFIG_INVALID";
    const says = isFault(error) ? error.detail : "what it names cannot be read";
    const fix = "mend or replace what is named, or name another";
    return [{ field, code, kind: "NAMED", facts: {}, says, fix }];
  }
}

/** What others may change is not ours alone. */
function checkMode(path: string, field: string): readonly ConfigProblem[] {
  const mode = statSync(path).mode & 0o777;
  if (process.platform === "win32" || (mode & 0o022) === 0) return [];
  const closed = (mode & ~0o022).toString(8);
  const facts = { file: path, mode: mode.toString(8), command: `chmod ${closed} ${path}` };
  const says = `others may write ${path} (mode ${facts.mode})`;
  const problem = { field, code: "CONFIG_INVALID", says, fix: facts.command } as const;
  return [{ ...problem, kind: "OPEN_TO_OTHERS", facts }];
}

function unreadable(problem: Omit<ConfigProblem, "field" | "code">): ConfigSeen {
  return { problems: [{ field: "", code: "CONFIG_INVALID", ...problem }] };
}

function readJson(file: string): unknown {
  if (statSync(file).size > maxConfigBytes) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // what stands there is not told: a parser's words would quote it
    return undefined;
  }
}

/** So that what is right can be looked at while something beside it is wrong. */
const pair = { key: "key", certificate: "certificate" };
const standIns: Readonly<Record<string, unknown>> = {
  agency: "aa/agency",
  api: { host: "127.0.0.1", port: 0 },
  anchors: "anchors",
  keys: { signing: pair, link: pair, sealing: [pair] },
};

/** Of a configuration with wrong fields, what the right ones name. */
function partsBeside(
  json: unknown,
  issues: readonly Issue[],
  place: { readonly dir: string; readonly clock: Clock },
): ReturnType<typeof partsOf> {
  if (typeof json !== "object" || json === null) return [];
  const wrong = new Set(
    issues.flatMap((one) =>
      one.code === "unrecognized_keys" && one.path.length === 0 ? one.keys : [String(one.path[0])],
    ),
  );
  const right = Object.entries(json).filter(([name]) => !wrong.has(name));
  const stood = Object.entries(standIns).filter(([name]) => wrong.has(name));
  const read = tryShape(gatewayShape, Object.fromEntries([...right, ...stood]));
  if (!read.success) return [];
  return partsOf(read.data, place).filter(([field]) => !wrong.has(field.split(".")[0] ?? ""));
}

/**
 * Refuses a folder that no gateway can be started from, with everything that is wrong at once: the field, the limit, the way
 * out. That others may write there is told by `config check` and keeps nobody from starting.
 *
 * @throws {Fault} CONFIG_INVALID; the code of the one thing that is wrong, where it is one, such as KEY_UNUSABLE
 */
export function checkConfig(dir: string, clock: Clock): void {
  const found = seeConfig(dir, clock).problems.filter(({ kind }) => kind !== "OPEN_TO_OTHERS");
  const [first, ...others] = found;
  if (first === undefined) return;
  const told = found.map(({ field, says, fix }) => `${field === "" ? "gateway.json" : field}: ${says} → ${fix}`);
  const code = others.length === 0 && isFaultCode(first.code) ? first.code : "CONFIG_INVALID";
  throw new Fault(code, told.join("; "));
} // prettier-ignore

/**
 * Looks at a gateway's folder as it will be read at its start: `gateway.json`, every field of it, and every file it names.
 * Says all that is wrong, and not only the first. Opens no store and no connection.
 */
export function seeConfig(dir: string, clock: Clock): ConfigSeen {
  const file = join(dir, "gateway.json");
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    const says = `there is no ${file}`;
    const fix = "name the gateway's folder with --folder";
    return unreadable({ kind: "FILE_MISSING", facts: { file }, says, fix });
  }
  const modes = [...checkMode(dir, ""), ...checkMode(file, "")];
  const json = readJson(file);
  if (json === undefined) {
    const says = `${file} is no JSON of at most ${maxConfigBytes} bytes`;
    const fix = "look for a missing comma, quote or bracket";
    return unreadable({ kind: "NO_JSON", facts: { file, bytes: maxConfigBytes }, says, fix });
  }
  const read = tryShape(gatewayShape, json);
  const issues = read.success ? [] : read.error.issues;
  const parts = read.success
    ? partsOf(read.data, { dir, clock })
    : partsBeside(json, issues, { dir, clock });
  const found = parts.flatMap(([field, load]) => tryPart(field, load));
  const fields = [...modes, ...issues.flatMap(problemsOf)];
  const problems = [...fields, ...found];
  // of one with wrong fields, what names a file that is wrong is no secret for it
  return { problems, shown: showConfig(json, read.success ? problems : fields) };
}
