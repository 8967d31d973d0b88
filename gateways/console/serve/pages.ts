import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { policy } from "./policy.ts";
import { renderUnbuilt } from "./unbuilt.ts";

/** The files of the console, as they are answered. */
export interface ConsolePages {
  /** Whether there is anything but a page that says there is not. */
  readonly isBuilt: boolean;
  /**
   * One file, packed as the caller takes it; undefined for a name that is none of ours. The empty name is the page itself.
   *
   * @param encodings the request's Accept-Encoding
   */
  find(name: string, encodings: string | null): Response | undefined;
}

/** Where `npm run console` writes to; it is not committed. */
const usualFolder = join(import.meta.dirname, "../built");

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};

/** A name with its digest in it never changes; all else is asked about again. */
const hashed = /-[\w-]{8,}\.\w+$/;
const forever = "public, max-age=31536000, immutable";
const again = "no-cache";

/** Packings as they lie beside a file, the smallest first. */
const packings = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

function readFolder(folder: string): Files {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return new Map();
  }
  return new Map(names.map((name) => [name, Uint8Array.from(readFileSync(join(folder, name)))]));
}

function endOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function takes(encodings: string | null, packing: string): boolean {
  return (encodings ?? "").split(",").some((one) => {
    const [name = "", quality = ""] = one.split(";").map((part) => part.trim());
    return name === packing && !/^q=0(?:\.0*)?$/.test(quality);
  });
}

function answer(files: Files, name: string, encodings: string | null): Response | undefined {
  const plain = files.get(name);
  const type = types[endOf(name)];
  if (plain === undefined || type === undefined) return undefined;
  const headers = new Headers({
    "content-type": type,
    "cache-control": hashed.test(name) ? forever : again,
    vary: "accept-encoding",
    ...policy,
  });
  for (const [packing, end] of packings) {
    const packed = files.get(name + end);
    if (packed === undefined || !takes(encodings, packing)) continue;
    headers.set("content-encoding", packing);
    return new Response(packed, { headers });
  }
  return new Response(plain, { headers });
}

/** One copy for all gateways of a process. */
const read = new Map<string, Files>();

/**
 * Reads the files of the console once in a process: what is put into the folder later is not served, so that pages of two makings never mix.
 *
 * @param folder where they lie; where `npm run console` writes to when left out
 */
export function openConsole(folder: string = usualFolder): ConsolePages {
  const files = read.get(folder) ?? readFolder(folder);
  read.set(folder, files);
  const isBuilt = files.has("index.html");
  return {
    isBuilt,
    find: (name, encodings) => {
      if (name === "" && !isBuilt) return renderUnbuilt();
      return answer(files, name === "" ? "index.html" : name, encodings);
    },
  };
}
