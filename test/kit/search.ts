import { listTree, readIfThere } from "./read-tree.ts";

/** A spelling of a text, as bytes that may stand in a file. */
interface Spelling {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The characters of a base64 text that stay the same whatever stands before and after it. */
function middleOf(text: string, shift: number): string {
  const padded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text, "utf8")]);
  const first = Math.ceil((shift * 8) / 6);
  const last = Math.floor((padded.length * 8) / 6);
  return padded.toString("base64").slice(first, last);
}

/** Every way in which a text may stand in a file without being encrypted. */
export function spellingsOf(text: string): readonly Spelling[] {
  const big = Buffer.from(text, "utf16le").swap16();
  const based = [0, 1, 2].flatMap((shift) => {
    const standard = middleOf(text, shift);
    const url = standard.replaceAll("+", "-").replaceAll("/", "_");
    return [
      { name: `base64 at ${shift}`, bytes: Buffer.from(standard) },
      { name: `base64url at ${shift}`, bytes: Buffer.from(url) },
    ];
  });
  return [
    { name: "UTF-8", bytes: Buffer.from(text, "utf8") },
    { name: "hexadecimal", bytes: Buffer.from(Buffer.from(text, "utf8").toString("hex")) },
    { name: "UTF-16 little-endian", bytes: Buffer.from(text, "utf16le") },
    { name: "UTF-16 big-endian", bytes: big },
    ...based,
  ];
}

/** Every file below some folders; a folder that a server removes meanwhile has none. */
export function filesBelow(folders: readonly string[]): readonly string[] {
  return folders.flatMap(listTree);
}

/** Where a text stands, in any spelling: `file (spelling)`. Files that are gone meanwhile are passed over. */
export function findText(files: readonly string[], text: string): readonly string[] {
  const spellings = spellingsOf(text);
  return files.flatMap((file) => {
    const content = readIfThere(file);
    return spellings
      .filter(({ bytes }) => content?.includes(bytes))
      .map(({ name }) => `${file} (${name})`);
  });
}
