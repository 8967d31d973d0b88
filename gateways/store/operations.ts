import type { Bytes } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf } from "./row.ts";

/** A message that names an operation. */
interface OperationStep {
  /** Its place in the store. */
  readonly message: number;
  readonly operation: Bytes;
  /** Whether it opens it. */
  readonly opens: boolean;
}

/** Which messages name which operation. What changes it is called inside `write` only. */
export interface Operations {
  add(step: OperationStep): void;
  /** Places of the messages that name it, the first stored first. */
  messages(operation: Bytes): readonly number[];
  /** Those that were opened here, the last opened first. */
  list(limit: number): readonly Bytes[];
}

/** Builds the part of the store that knows which messages name which operation. */
export function makeOperations(database: Database): Operations {
  const add = database.prepare(
    "INSERT OR REPLACE INTO operation_step (message, operation, opens) VALUES (?, ?, ?)",
  );
  const messages = database.prepare(
    "SELECT message FROM operation_step WHERE operation = ? ORDER BY message",
  );
  const list = database.prepare(
    `SELECT operation, max(message) AS last FROM operation_step WHERE opens = 1
     GROUP BY operation ORDER BY last DESC LIMIT ?`,
  );
  return {
    add: ({ message, operation, opens }) => void add.run(message, operation, opens ? 1 : 0),
    messages: (operation) => messages.all(operation).map((row) => numberOf(row, "message")),
    list: (limit) => list.all(limit).map((row) => bytesOf(row, "operation")),
  };
}
