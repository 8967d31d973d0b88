import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf, textOf } from "./row.ts";

/** A message that names an operation. */
interface OperationStep {
  /** Its place in the store. */
  readonly message: number;
  readonly operation: Bytes;
  /** Whether it opens it. */
  readonly opens: boolean;
}

/** What is left of an operation whose time is over: its figures as they stood, and who was of it. */
interface OperationArchive {
  readonly operation: Bytes;
  /** When its data went. */
  readonly at: EpochMs;
  /** In JSON. */
  readonly content: string;
}

/** Which messages name which operation, and what is left of those that are over. What changes it is called inside `write` only. */
export interface Operations {
  add(step: OperationStep): void;
  /** Places of the messages that name it, the first stored first. */
  messages(operation: Bytes): readonly number[];
  /** Those that were opened here, the last opened first. */
  list(limit: number): readonly Bytes[];
  /** Keeps what is left of an operation; what was kept first stands. */
  archive(kept: OperationArchive): void;
  archived(operation: Bytes): OperationArchive | undefined;
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
  const archive = database.prepare(
    "INSERT OR IGNORE INTO operation_archive (operation, at, content) VALUES (?, ?, ?)",
  );
  const archived = database.prepare("SELECT * FROM operation_archive WHERE operation = ?");
  return {
    add: ({ message, operation, opens }) => void add.run(message, operation, opens ? 1 : 0),
    messages: (operation) => messages.all(operation).map((row) => numberOf(row, "message")),
    list: (limit) => list.all(limit).map((row) => bytesOf(row, "operation")),
    archive: ({ operation, at, content }) => void archive.run(operation, at, content),
    archived: (operation) => {
      const row = archived.get(operation);
      if (row === undefined) return undefined;
      return { operation, at: numberOf(row, "at"), content: textOf(row, "content") };
    },
  };
}
