import type { Bytes } from "../../schemas/ground/index.ts";
import type { ChangeKind, Changes } from "./changes.ts";
import type { Database } from "./database.ts";
import { bytesOf, numberOf, type Row, textOf } from "./row.ts";

/** What of a message the log of changes tells. */
export interface NotedMessage {
  readonly seq: number;
  readonly id: Bytes;
  readonly box: "in" | "out";
  readonly handling: string;
  readonly type: string;
  readonly state: string;
}

/** Writes down what becomes of messages, inside the act that does it. */
export interface ChangeNotes {
  stored(message: NotedMessage): void;
  /** Before the message comes to another state. */
  moves(seq: number, state: string): void;
  /** Before it is removed. */
  removes(seq: number): void;
}

/** Whether a message is none that people see. */
type IsSystem = (message: Pick<NotedMessage, "type" | "state">) => boolean;

function notedOf(row: Row): NotedMessage {
  return {
    seq: numberOf(row, "seq"),
    id: bytesOf(row, "id"),
    box: textOf(row, "box") === "in" ? "in" : "out",
    handling: textOf(row, "handling"),
    type: textOf(row, "type"),
    state: textOf(row, "state"),
  };
}

/** What follows the log sees of a move; nothing of what it never saw. */
function kindOfMove(
  before: NotedMessage,
  state: string,
  isSystem: IsSystem,
): ChangeKind | undefined {
  if (before.state === state) return undefined;
  const wasSystem = isSystem(before);
  if (isSystem({ ...before, state })) return wasSystem ? undefined : "REMOVED";
  return before.state === "VERIFIED" && !wasSystem ? "TAKEN_BACK" : "MOVED";
}

/** Builds what keeps the log of changes: all that changes messages goes through it. */
export function makeChangeNotes(database: Database, changes: Pick<Changes, "add">, isSystem: IsSystem): ChangeNotes {
  const get = database.prepare("SELECT seq, id, box, handling, type, state FROM message WHERE seq = ?");
  const find = (seq: number): NotedMessage | undefined => {
    const row = get.get(seq);
    return row === undefined ? undefined : notedOf(row);
  };
  const add = (kind: ChangeKind, { seq: message, id, box, handling, state }: NotedMessage): void =>
    changes.add({ kind, message, id, box, handling, state });
  return {
    stored: (message) => {
      if (!isSystem(message)) add("STORED", message);
    },
    moves: (seq, state) => {
      const before = find(seq);
      if (before === undefined) return;
      const kind = kindOfMove(before, state, isSystem);
      if (kind !== undefined) add(kind, kind === "REMOVED" ? before : { ...before, state });
    },
    removes: (seq) => {
      const before = find(seq);
      if (before !== undefined && !isSystem(before)) add("REMOVED", before);
    },
  };
} // prettier-ignore
