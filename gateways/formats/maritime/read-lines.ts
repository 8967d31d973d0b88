import { Fault } from "../../../schemas/ground/index.ts";

/** Characters of one line, and with it of one row: far above any real one, far below the memory. */
export const maxLineCharacters = 64 * 1024;

function checkLength(text: string): void {
  if (text.length > maxLineCharacters) {
    const detail = `a line of the file has more than ${maxLineCharacters} characters`;
    throw new Fault("IMPORT_FILE_UNREADABLE", detail);
  }
}

/**
 * The lines of UTF-8 bytes, without their line feeds, and without the byte order mark. Bytes that are not
 * UTF-8 stand as U+FFFD. Holds one line and one piece in memory.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE when a line has no end
 */
export async function* readLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    checkLength(rest);
    for (const line of lines) {
      checkLength(line);
      yield line;
    }
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}
