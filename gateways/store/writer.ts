import { Fault, isFault } from "../../schemas/ground/index.ts";
import type { Database, Statement } from "./database.ts";
import { meaningOfWrite } from "./integrity-room.ts";

/** Writes in groups: all that is asked for in one turn of the event loop shares one transaction. */
export interface Writer {
  /**
   * Runs `act` inside the next transaction and resolves with what it returned once that transaction is on
   * the disk. Acts run in the order asked for, one after another. An act that throws leaves nothing behind
   * and does not disturb the others.
   *
   * @throws {Fault} what `act` threw; STORE_FULL, STORE_READ_ONLY, STORE_WRITE_FAILED when the transaction could not be made durable
   */
  write<T>(act: () => T): Promise<T>;
  /** Writes what still waits, at once; from then on every write is refused. */
  stop(): void;
}

interface Waiting {
  /** Runs the act and returns how to settle its promise after the commit. */
  readonly run: () => () => void;
  readonly fail: (fault: Fault) => void;
}

/** The statements of a transaction, compiled once. */
interface Marks {
  readonly begin: Statement;
  readonly savepoint: Statement;
  readonly release: Statement;
  readonly commit: Statement;
}

function makeMarks(database: Database): Marks {
  return {
    begin: database.prepare("BEGIN IMMEDIATE"),
    savepoint: database.prepare("SAVEPOINT act"),
    release: database.prepare("RELEASE act"),
    commit: database.prepare("COMMIT"),
  };
}

function runGuarded(database: Database, marks: Marks, waiting: Waiting): () => void {
  marks.savepoint.run();
  try {
    const settle = waiting.run();
    marks.release.run();
    return settle;
  } catch (error) {
    // a full disk ends the whole transaction; then there is no savepoint to go back to
    if (!database.inTransaction()) throw meaningOfWrite(error);
    database.exec("ROLLBACK TO act");
    database.exec("RELEASE act");
    const fault = isFault(error) ? error : meaningOfWrite(error);
    return () => waiting.fail(fault);
  }
}

function commit(database: Database, marks: Marks, group: readonly Waiting[]): void {
  let settles: readonly (() => void)[];
  try {
    marks.begin.run();
    settles = group.map((waiting) => runGuarded(database, marks, waiting));
    marks.commit.run();
  } catch (error) {
    if (database.inTransaction()) database.exec("ROLLBACK");
    const fault = meaningOfWrite(error);
    for (const waiting of group) waiting.fail(fault);
    return;
  }
  for (const settle of settles) settle();
}

/** Builds the writer of one store. There is one per store, and nothing else writes. */
export function makeWriter(database: Database): Writer {
  const marks = makeMarks(database);
  let group: Waiting[] = [];
  let isStopped = false;
  const flush = (): void => {
    if (group.length === 0) return;
    const taken = group;
    group = [];
    commit(database, marks, taken);
  };
  return {
    write: (act) =>
      new Promise((resolve, reject) => {
        if (isStopped) throw new Fault("STORE_WRITE_FAILED", "the store is closed");
        if (group.length === 0) setImmediate(flush);
        group.push({
          run: () => {
            const result = act();
            return () => resolve(result);
          },
          fail: reject,
        });
      }),
    stop: () => {
      isStopped = true;
      flush();
    },
  };
}
