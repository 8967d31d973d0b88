import type { Bytes } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { parseNames, renderNames } from "./names.ts";
import { type Row, textOf } from "./row.ts";

/** A message that its sender keeps from somebody. */
export interface KeptMessage {
  readonly id: Bytes;
  readonly originator: string;
  readonly threadId?: Bytes | undefined;
  /** States, ISO 3166-1 in capitals. */
  readonly states: readonly string[];
  readonly agencies: readonly string[];
}

/** Whom the messages we hold are kept from. Stays when a message goes: what was protected is so for good. */
export interface KeptMessages {
  /** Called inside `write` only. Said again of the same message, it only grows. */
  add(message: KeptMessage): void;
  /** Of every message with this id, or in the thread of this id. */
  of(id: Bytes): readonly Pick<KeptMessage, "states" | "agencies">[];
}

function keptOf(row: Row): Pick<KeptMessage, "states" | "agencies"> {
  const names = (column: string): readonly string[] => parseNames(textOf(row, column));
  return { states: names("states"), agencies: names("agencies") };
}

function unite(before: readonly string[], more: readonly string[]): string {
  return renderNames([...new Set([...before, ...more])]);
}

/** Builds the part of the store that holds whom messages are kept from. */
export function makeKeptMessages(database: Database): KeptMessages {
  const held = database.prepare(
    "SELECT states, agencies FROM kept_from WHERE id = ? AND originator = ?",
  );
  const put = database.prepare(
    `INSERT INTO kept_from (id, originator, thread, states, agencies) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET thread = coalesce(thread, excluded.thread), states = excluded.states,
     agencies = excluded.agencies`,
  );
  const find = database.prepare(
    "SELECT states, agencies FROM kept_from WHERE id = ? OR thread = ?",
  );
  return {
    add: ({ id, originator, threadId, states, agencies }) => {
      const row = held.get(id, originator);
      const before = row === undefined ? { states: [], agencies: [] } : keptOf(row);
      const names = [unite(before.states, states), unite(before.agencies, agencies)];
      put.run(id, originator, threadId ?? null, ...names);
    },
    of: (id) => find.all(id, id).map(keptOf),
  };
}
