import type { Bytes } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf } from "./row.ts";

/** Which of our messages say the same, one to named recipients and one to the region. What adds is called inside `write` only. */
export interface Editions {
  add(pair: EditionPair): void;
  /** The regional edition of a nominal one. */
  regionalOf(nominal: Bytes): Bytes | undefined;
  /** The other edition, of either. */
  otherOf(id: Bytes): Bytes | undefined;
  /** Both editions, of either. */
  pairOf(id: Bytes): EditionPair | undefined;
}

/** The ids of two messages of ours that say the same. */
export interface EditionPair {
  readonly nominal: Bytes;
  readonly regional: Bytes;
}

/** Builds the part of the store that knows editions. */
export function makeEditions(database: Database): Editions {
  const add = database.prepare("INSERT INTO edition (nominal, regional) VALUES (?, ?)");
  const regional = database.prepare("SELECT regional AS id FROM edition WHERE nominal = ?");
  const nominal = database.prepare("SELECT nominal AS id FROM edition WHERE regional = ?");
  const find = (statement: typeof regional, id: Bytes): Bytes | undefined => {
    const row = statement.get(id);
    return row === undefined ? undefined : bytesOf(row, "id");
  };
  return {
    add: (pair) => void add.run(pair.nominal, pair.regional),
    regionalOf: (id) => find(regional, id),
    otherOf: (id) => find(regional, id) ?? find(nominal, id),
    pairOf: (id) => {
      const other = find(regional, id);
      if (other !== undefined) return { nominal: id, regional: other };
      const fuller = find(nominal, id);
      return fuller === undefined ? undefined : { nominal: fuller, regional: id };
    },
  };
}
