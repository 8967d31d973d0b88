import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every file of a folder by its bytes and its rights: equal when nothing was made, changed or taken away. */
export function digestFolder(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name);
      const { mode } = lstatSync(path);
      const isFolder = lstatSync(path).isDirectory();
      const digest = isFolder ? "folder" : createHash("sha256").update(readFileSync(path)).digest("hex");
      return [name, `${mode} ${digest}`];
    }),
  );
} // prettier-ignore
