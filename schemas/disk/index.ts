/**
 * Files that last.
 *
 * Promises: a file that is put in the place of another is whole at every moment, the old one or the new, also after a
 * power cut; what the disk refuses comes out as the disk says it, for the caller to name. Trusts the file system to
 * rename at once. Never opens a file that it did not make. Start at `replace-file.ts`.
 */
export { replaceFile, type ReplaceOptions } from "./replace-file.ts";
export { syncFolder } from "./sync-folder.ts";
