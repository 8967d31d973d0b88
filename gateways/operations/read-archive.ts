import type { Bytes } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";
import type { ToldOperation } from "./desk.ts";

/** What was kept of an operation, as its archive has it; written as a list of one, because it is read as we wrote it. */
export function renderArchive(told: ToldOperation): string {
  return JSON.stringify([told]);
}

/** What is left of an operation whose data went; undefined while it is there. */
export function readArchive({ operations }: Pick<Store, "operations">, operation: Bytes): ToldOperation | undefined {
  const kept = operations.archived(operation);
  const content: unknown = kept === undefined ? [] : JSON.parse(kept.content);
  return Array.isArray(content) ? content.map((one: ToldOperation) => one)[0] : undefined;
} // prettier-ignore
