import { Fault, parseUtf8 } from "../../schemas/ground/index.ts";

/** What a file is by its name. */
export type FileKind = "json" | "ndjson" | "goaml" | "htcds" | "csv";

/** Bytes of a name: with what we add to it, every disk takes it. */
const maxNameBytes = 150;

/** What programs call files they still write, and what systems leave in every folder. */
const unfinished = [".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".new", "~"];
const leftBySystems = new Set(["desktop.ini", "thumbs.db"]);

/** The mark that says that the file it is named after is whole. */
export const readyMark = ".ready";

/** Whether a name (its bytes as Latin-1) is none of ours to take: a mark, a file being written, a system's own. */
export function isPassedOver(raw: string): boolean {
  const name = raw.toLowerCase();
  if (name.startsWith(".") || name.startsWith("~") || leftBySystems.has(name)) return true;
  return name.endsWith(readyMark) || unfinished.some((end) => name.endsWith(end));
}

/** What moves the cursor, hides, turns the line, or means something to a disk or share. */
const unfit = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\\/:*?"<>|]/u;

function refuse(says: string): never {
  throw new Fault("IMPORT_FILE_UNREADABLE", says);
}

/**
 * A file's name as it may be written down and used again: one step of a path, of characters that people see.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE
 */
export function parseDropName(bytes: Uint8Array): string {
  if (bytes.length === 0 || bytes.length > maxNameBytes) {
    refuse(`a file's name has 1 to ${maxNameBytes} bytes`);
  }
  let name: string;
  try {
    name = parseUtf8(bytes);
  } catch {
    return refuse("the file's name is not UTF-8");
  }
  if (unfit.test(name) || name !== name.trim() || /^\.|\.$/.test(name)) {
    refuse("the file's name has a character that names may not have; use letters, digits, - and _");
  }
  return name;
}

const kinds: readonly (readonly [end: string, kind: FileKind])[] = [
  [".htcds.json", "htcds"],
  [".json", "json"],
  [".ndjson", "ndjson"],
  [".jsonl", "ndjson"],
  [".xml", "goaml"],
  [".csv", "csv"],
];

/** How the formats begin that people take for ours; their first bytes as Latin-1. */
const foreign: readonly (readonly [start: string, says: string])[] = [
  ["PK\u0003\u0004", "it is an archive or a sheet; save it as CSV UTF-8"],
  ["\u00d0\u00cf\u0011\u00e0", "it is an old sheet; save it as CSV UTF-8"],
  ["\u00ff\u00fe", "it is UTF-16; save it as UTF-8"],
  ["\u00fe\u00ff", "it is UTF-16; save it as UTF-8"],
  ["\u001f\u008b", "it is packed; unpack it first"],
  ["%PDF", "it is a PDF"],
];

const firsts: Readonly<Record<FileKind, RegExp>> = {
  json: /^\{/,
  htcds: /^\{/,
  ndjson: /^\{/,
  goaml: /^</,
  csv: /^[^{<]/,
};

/**
 * What a file is, by its name, and that it begins as such a file does.
 *
 * @param head its first bytes
 * @throws {Fault} IMPORT_FILE_UNREADABLE
 */
export function decideKind(name: string, head: Uint8Array): FileKind {
  const lower = name.toLowerCase();
  const found = kinds.find(([end]) => lower.endsWith(end));
  const start = Buffer.from(head.subarray(0, 512)).toString("latin1");
  const strange = foreign.find(([first]) => start.startsWith(first));
  if (strange !== undefined) refuse(`this is not a file we read: ${strange[1]}`);
  if (found === undefined) {
    refuse("the name ends with none of .json, .ndjson, .jsonl, .xml, .csv, .htcds.json");
  }
  const [, kind] = found;
  const text = start.replace(/^\u00ef\u00bb\u00bf/, "").trimStart();
  if (firsts[kind].test(text)) return kind;
  return refuse(`the file does not begin as ${found[0]} does`);
}

/**
 * The message type that a sheet's name begins with, as in `maritime.incident.2026-03.csv`.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE
 */
export function parseSheetType(name: string): string {
  const [, type] = /^([a-z][a-z_]{1,15}\.[a-z][a-z_]{1,30})[-. ]/.exec(name) ?? [];
  return type ?? refuse("the name of a sheet begins with its type: maritime.incident.march.csv");
}
