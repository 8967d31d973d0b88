import { z } from "zod";

import { parseJsonText } from "../../../schemas/index.ts";
import { type Bytes, Fault, parseUtf8, utf8 } from "../../../schemas/ground/index.ts";
import { type Change, parseChange } from "./change.ts";
import { type Officer, parseOfficers, renderOfficers } from "./officers.ts";
import { checkAccepted, type OfficerDesk } from "./two-persons.ts";

const maxFileBytes = 4 * 1024 * 1024;
const maxEditions = 500;
const shape = z.strictObject({
  office: z
    .string()
    .max(10)
    .regex(/^[a-z]{2,10}$/),
  first: z.unknown(),
  changes: z.array(z.unknown()).max(maxEditions),
});

/** The officers of an office today, and every change that led to them. */
export interface OfficersFile extends OfficerDesk {
  /** 1 for those of the ceremony; one more with every change. */
  readonly edition: number;
  readonly first: readonly Officer[];
  readonly changes: readonly Change[];
}

/** The officers that a ceremony begins with. @throws {Fault} CHANGE_INVALID */
export function startOfficers(office: string, first: readonly Officer[]): OfficersFile {
  return parseOfficersFile(renderOfficersFile({ office, officers: first, edition: 1, first, changes: [] }));
} // prettier-ignore

function officersIn({ proposal: { content } }: Change): readonly Officer[] {
  const members = Object.entries(typeof content === "object" && content !== null ? content : {});
  const [name, value] = members.length === 1 ? (members[0] ?? []) : [];
  if (name === "officers") return parseOfficers(value);
  throw new Fault("CHANGE_INVALID", "the content holds officers, and nothing else");
}

/**
 * Adds a change of the officers: made on these very officers, proposed by one of them and accepted by another.
 *
 * @throws {Fault} CHANGE_OUTDATED, CHANGE_NOT_PERMITTED, CHANGE_NOT_ACCEPTED, CHANGE_INVALID
 */
export function changeOfficers(file: OfficersFile, change: Change): OfficersFile {
  const { part, base } = change.proposal;
  if (part !== "officers") throw new Fault("CHANGE_INVALID", "the change is not one of the officers");
  if (base !== file.edition) {
    throw new Fault(
      "CHANGE_OUTDATED",
      `it was made on edition ${base} of the officers, and ${file.edition} holds; make it anew on that`,
    );
  }
  checkAccepted(file, change);
  const officers = officersIn(change);
  const changes = [...file.changes, change];
  return { ...file, officers, edition: file.edition + 1, changes };
} // prettier-ignore

/** Reads what is proposed of the officers. @throws {Fault} CHANGE_INVALID */
export function checkOfficersChange(change: Change): readonly Officer[] {
  return officersIn(change);
}

/**
 * Reads the officers of an office: from the first, every change proposed and accepted by officers before it.
 *
 * @throws {Fault} CHANGE_INVALID, CHANGE_OUTDATED, CHANGE_NOT_PERMITTED, CHANGE_NOT_ACCEPTED
 */
export function parseOfficersFile(bytes: Bytes): OfficersFile {
  let read: z.infer<typeof shape>;
  try {
    read = shape.parse(parseJsonText(parseUtf8(bytes), maxFileBytes));
  } catch (cause) {
    throw new Fault("CHANGE_INVALID", "officers.json is not a list of officers", { cause });
  }
  const first = parseOfficers(read.first);
  const start = { office: read.office, officers: first, edition: 1, first, changes: [] };
  return read.changes
    .map((one) => parseChange(utf8(JSON.stringify(one))))
    .reduce<OfficersFile>(changeOfficers, start);
}

/** The file of an office's officers. */
export function renderOfficersFile({ office, first, changes }: OfficersFile): Bytes {
  const file = { office, first: renderOfficers(first), changes };
  return utf8(`${JSON.stringify(file, undefined, 2)}\n`);
}
