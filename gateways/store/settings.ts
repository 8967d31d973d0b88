import type { Database } from "./database.ts";
import { textOf } from "./row.ts";

/** Single values a gateway remembers. What changes them is called inside `write` only. */
export interface Settings {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/** Builds the part of the store that holds single values. */
export function makeSettings(database: Database): Settings {
  const get = database.prepare("SELECT value FROM setting WHERE name = ?");
  const set = database.prepare("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)");
  return {
    get: (name) => {
      const row = get.get(name);
      return row === undefined ? undefined : textOf(row, "value");
    },
    set: (name, value) => void set.run(name, value),
  };
}
