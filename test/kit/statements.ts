import Sqlite from "better-sqlite3-multiple-ciphers";
import { vi } from "vitest";

/** What a piece of work asked of stores. */
export interface Statements {
  /** The SQL of each statement, in order. */
  readonly asked: readonly string[];
}

/** Does some work and gives every statement that any store of this process was asked meanwhile. */
export async function traceStatements(work: () => Promise<unknown>): Promise<Statements> {
  const file = new Sqlite(":memory:", { timeout: 0, readonly: false });
  const shape = Object.getPrototypeOf(file.prepare("SELECT 1")) as Record<"get" | "all" | "run", (...values: readonly unknown[]) => unknown>;
  const asked: string[] = [];
  const spies = (["get", "all", "run"] as const).map((name) => {
    const own = shape[name];
    return vi.spyOn(shape, name).mockImplementation(function traced(this: { source: string }, ...values: readonly unknown[]) {
      asked.push(this.source);
      return own.apply(this, [...values]);
    });
  });
  try {
    await work();
  } finally {
    for (const spy of spies) spy.mockRestore();
    file.close();
  }
  return { asked };
} // prettier-ignore
