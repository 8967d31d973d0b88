/**
 * Joint operations: who is of one, what was sent into it, what was reached; and what may not be sent into it.
 *
 * Promises: an operation is read from the messages that this gateway holds, and from nothing else; it ends by itself, and on
 * its day goes what others gave into it, but not its figures. The rules are in `schemas/work`. Start at `desk.ts`.
 */
export { archiveOperations } from "./archive.ts";
export { checkOperation } from "./check-operation.ts";
export { makeOperationDesk, type OperationDesk } from "./desk.ts";
export { noteOperation } from "./note-operation.ts";
